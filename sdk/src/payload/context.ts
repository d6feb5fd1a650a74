import type { Address } from '@ton/core';
import { concatBytes, intBytes, uintBytes, utf8ToBytes } from '../utils';

/** Which way content flows: from client to node, or back. */
export type Direction = 'input' | 'result';

/** What every ciphertext of a job is bound to. */
export type JobContext = {
    /** Global id of the network: -239 mainnet, -3 testnet. */
    readonly networkId: number;
    readonly job: Address;
};

/** Context of an HPKE-sealed content key. */
export type KeyContext = JobContext & {
    readonly direction: Direction;
    /** Number of the claim, counted from 1; 0 for the key in the posting message of a direct job. */
    readonly claim: number;
};

/** The byte that stands for a direction in every context. */
export function directionTag(direction: Direction): number {
    return direction === 'input' ? 1 : 2;
}

/** `cocoon/v1/key` ‖ network id i32 ‖ workchain i8 ‖ job hash ‖ direction u8 ‖ claim u32: the HPKE info. */
export function keyContextBytes(context: KeyContext): Uint8Array {
    return concatBytes(
        utf8ToBytes('cocoon/v1/key'),
        jobBytes(context, context.direction),
        uintBytes(context.claim, 4),
    );
}

/** `cocoon/v1/item` ‖ network id i32 ‖ workchain i8 ‖ job hash ‖ direction u8 ‖ index u32 ‖ count u32: the AEAD's additional data. */
export function itemContextBytes(
    context: JobContext,
    direction: Direction,
    index: number,
    count: number,
): Uint8Array {
    return concatBytes(
        utf8ToBytes('cocoon/v1/item'),
        jobBytes(context, direction),
        uintBytes(index, 4),
        uintBytes(count, 4),
    );
}

function jobBytes(context: JobContext, direction: Direction): Uint8Array {
    return concatBytes(
        intBytes(context.networkId, 4),
        intBytes(context.job.workChain, 1),
        context.job.hash,
        Uint8Array.of(directionTag(direction)),
    );
}
