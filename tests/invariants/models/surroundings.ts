import type { Address } from '@ton/core';
import type { Terms } from 'cocoon-wrappers';
import type { Executed } from '../chain';
import type { Order } from '../notes';

/** More than any message needs beside the money that it is about. */
export const AMPLE = 1_000_000_000n;

/** What else of the network a contract depends on. */
export interface Surroundings {
    now: number;
    registry: Address;
    termsOf(hash: bigint): Terms;
    nodeAddress(index: number): Address;
    marketAddress(order: Order): Address;
    /** The only Dispute about this claim of a job. */
    disputeAddress(order: Order, claim: number, openBefore: number): Address;
    /** The transaction that is judged, for what no model can know: randomness, and where money lay about. */
    executed: Executed;
}


