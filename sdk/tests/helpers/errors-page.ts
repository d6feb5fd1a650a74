import { contractExitCodes, ERROR_CATALOGUE, STANDARD_EXIT_CODES } from '../../src';

const cell = (text: string) => text.replaceAll('|', '\\|');

/** The part of docs/errors.md that follows from the tables of SDK and contracts. */
export function renderErrorTables(): string {
    const sdk = Object.entries(ERROR_CATALOGUE).flatMap(([code, { meaning, remedy }]) => [
        `### ${code}`,
        '',
        meaning,
        '',
        `*What to do:* ${remedy}`,
        '',
    ]);
    return [
        '## Codes of the SDK',
        '',
        ...sdk,
        '## Exit codes of the contracts',
        '',
        ...table(contractExitCodes),
        '',
        '## Exit codes of the TVM',
        '',
        ...table(STANDARD_EXIT_CODES),
        '',
    ].join('\n');
}

function table(codes: typeof STANDARD_EXIT_CODES): string[] {
    const rows = Object.entries(codes)
        .map(([code, entry]) => [Number(code), entry] as const)
        .sort(([a], [b]) => a - b)
        .map(
            ([code, { name, meaning, remedy }]) =>
                `| ${code} | ${name} | ${cell(meaning)} | ${cell(remedy)} |`,
        );
    return ['| code | name | cause | what to do |', '| --- | --- | --- | --- |', ...rows];
}
