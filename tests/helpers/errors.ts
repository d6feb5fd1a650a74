import { exitCodes } from '../../build/artifacts';

type Codes = typeof exitCodes;
export type ErrorName = Codes[keyof Codes]['name'];

/** Exit codes by name, from the table that the contracts are compiled with. */
export const ERR = Object.fromEntries(
    Object.entries(exitCodes).map(([code, { name }]) => [name, Number(code)]),
) as Record<ErrorName, number>;

/** Name of an exit code of ours; undefined for any other. */
export function errorName(code: number | undefined): ErrorName | undefined {
    return (Object.keys(ERR) as ErrorName[]).find((name) => ERR[name] === code);
}

/** What TVM and Tact throw by themselves. */
export const UNKNOWN_MESSAGE = 130;
