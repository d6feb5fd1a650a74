import { Address } from '@ton/core';
import { z } from 'zod';

const NANO_PER_TON = 1_000_000_000n;
const NANO = /^\d+$/;
const TON = /^(\d+)(?:\.(\d{1,9}))?\s*TON$/i;

/** `"0.25 TON"` or a whole number of nanoTON (number or digits) → nanoTON; undefined if it is neither. */
export function parseAmount(value: unknown): bigint | undefined {
    if (typeof value === 'number')
        return Number.isSafeInteger(value) && value >= 0 ? BigInt(value) : undefined;
    if (typeof value !== 'string') return undefined;
    const text = value.trim();
    if (NANO.test(text)) return BigInt(text);
    const ton = TON.exec(text);
    if (!ton) return undefined;
    return BigInt(ton[1]!) * NANO_PER_TON + BigInt((ton[2] ?? '').padEnd(9, '0'));
}

const issue = (message: string) => ({ code: 'custom' as const, message });

/** An amount in nanoTON. */
export const amount = z.unknown().transform((value, context): bigint => {
    const parsed = parseAmount(value);
    if (parsed !== undefined) return parsed;
    context.addIssue(issue('expected an amount such as "0.25 TON", or a whole number of nanoTON'));
    return z.NEVER;
});

/** 32 bytes as 64 hexadecimal digits, returned in lower case without prefix. */
export const hex32 = z
    .string({ error: 'expected 64 hexadecimal digits in quotes' })
    .regex(/^(0x)?[0-9a-fA-F]{64}$/, 'expected 64 hexadecimal digits in quotes')
    .transform((text) => text.toLowerCase().replace(/^0x/, ''));

/** A TON address in any of its usual forms. */
export const address = z.string({ error: 'expected a TON address' }).transform((text, context): Address => {
    try {
        return Address.parse(text);
    } catch {
        context.addIssue(issue('expected a TON address (EQ…, UQ…, kQ… or 0:<64 hex>)'));
        return z.NEVER;
    }
});

export const httpUrl = z
    .string({ error: 'expected a URL that starts with http:// or https://' })
    .refine((text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol), {
        error: 'expected a URL that starts with http:// or https://',
    });

/** The name of an environment variable that holds a secret; the secret itself never stands in the settings file. */
export const environmentName = z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'expected the NAME of an environment variable, not the key itself');

export const positiveInteger = z.int('expected a whole number').min(1, 'expected 1 or more');
