import { fromNano, toNano } from '@ton/core';

const SECONDS = { s: 1, m: 60, h: 3_600, d: 86_400 } as const;
type Unit = keyof typeof SECONDS;

/** "1.5" → nanoTON; undefined when it is no amount of TON. */
export function parseTon(text: string): bigint | undefined {
    return /^\d{1,12}(\.\d{1,9})?$/.test(text) ? toNano(text) : undefined;
}

/** "90s", "30m", "24h", "14d" → seconds; undefined when it is no duration. */
export function parseDuration(text: string): number | undefined {
    const [, count, unit] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
    return count === undefined ? undefined : Number(count) * SECONDS[unit as Unit];
}

/** A 256-bit number as 64 hexadecimal digits with or without 0x; undefined when it is none. */
export function parseHash(text: string): bigint | undefined {
    const [, digits] = /^(?:0x)?([0-9a-f]{64})$/i.exec(text) ?? [];
    return digits === undefined ? undefined : BigInt(`0x${digits}`);
}

export function formatTon(nano: bigint): string {
    return `${fromNano(nano)} TON`;
}

/** In the largest unit that leaves no rest. */
export function formatDuration(seconds: number): string {
    if (seconds === 0) return '0s';
    const unit = (['d', 'h', 'm', 's'] as const).find((name) => seconds % SECONDS[name] === 0)!;
    return `${seconds / SECONDS[unit]}${unit}`;
}

export function formatHash(hash: bigint): string {
    return `0x${hash.toString(16).padStart(64, '0')}`;
}

export function formatTime(unixSeconds: number): string {
    return `${new Date(unixSeconds * 1_000).toISOString().slice(0, 19)}Z`;
}

/** Columns lined up, one row a line. */
export function formatTable(rows: readonly (readonly string[])[], indent = '  '): string {
    const widths: number[] = [];
    for (const row of rows) {
        for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, cell.length);
    }
    return rows
        .map((row) => indent + row.map((cell, i) => cell.padEnd(widths[i]!)).join('  '))
        .map((line) => line.trimEnd())
        .join('\n');
}
