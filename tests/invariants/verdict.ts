import { Address } from '@ton/core';
import type { opcodes } from '../../build/artifacts';
import type { Note } from './notes';

/** A message that must leave a transaction. */
export interface Expected {
    to: Address;
    opcode: keyof typeof opcodes;
    note: Note;
    /** Its value to the nanoTON, where it is money and not gas. */
    exactly?: bigint;
    atLeast?: bigint;
}

/** What the model says of a message that arrives. */
export interface Verdict {
    ok: boolean;
    sends: Expected[];
    /** Who alone may get what is left of the value, and how much at least. */
    excess?: { to: Address; atLeast: bigint };
    /** The account is destroyed. */
    gone?: boolean;
}

export const REFUSED: Verdict = { ok: false, sends: [] };

/** Account 0, whose key nobody has. */
const NOBODY = new Address(0, Buffer.alloc(32));

export function accepted(verdict: Omit<Verdict, 'ok' | 'sends'> & { sends?: Expected[] } = {}): Verdict {
    return { ...verdict, ok: true, sends: verdict.sends ?? [] };
}

export function excessTo(to: Address, atLeast = 0n): Pick<Verdict, 'excess'> {
    return { excess: { to, atLeast } };
}

export function payment(opcode: Expected['opcode'], to: Address, exactly: bigint): Expected {
    return { to, opcode, note: { kind: 'payment' }, exactly };
}

export function burnt(exactly: bigint): Expected {
    return payment('Burn', NOBODY, exactly);
}
