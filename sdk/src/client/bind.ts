import type { CocoonClient } from './client';

/** A function that takes the client first. */
// biome-ignore lint/suspicious/noExplicitAny: parameters differ by action; Bound keeps their types.
export type Action = (client: CocoonClient, ...args: any[]) => unknown;

/** Actions without their first argument. */
export type Bound<T extends Record<string, Action>> = {
    readonly [K in keyof T]: T[K] extends (client: CocoonClient, ...args: infer A) => infer R
        ? (...args: A) => R
        : never;
};

/** Binds actions to a client. */
export function bindActions<T extends Record<string, Action>>(client: CocoonClient, actions: T): Bound<T> {
    const bound = Object.entries(actions).map(([name, action]) => [
        name,
        (...args: unknown[]) => action(client, ...args),
    ]);
    return Object.fromEntries(bound) as Bound<T>;
}
