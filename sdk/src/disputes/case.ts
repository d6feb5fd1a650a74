import type { Address, Cell } from '@ton/core';
import type { DisclosurePreview } from './preview';

/** An accusation that is ready to be opened. */
export type DisputeCase = {
    readonly kind: 'session' | 'conflict' | 'job';
    readonly termsHash: bigint;
    readonly accuser: Address;
    readonly subject: Cell;
    readonly evidence: Cell;
    /** Unix time before which it must be opened, and a part of its address. */
    readonly openBefore: number;
    /** What the opening makes public; what a disclosure does is in `disclosure`. */
    readonly opening: DisclosurePreview;
    /** What has to be disclosed after it; empty for conflicting receipts. */
    readonly disclosure: DisclosurePreview;
};
