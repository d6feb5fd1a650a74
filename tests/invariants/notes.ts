import type { Address } from '@ton/core';
import type { JobIdentity, JobSpec } from 'cocoon-wrappers';

/** A job as its client means to post it. */
export interface Order {
    identity: JobIdentity;
    address: Address;
    spec: JobSpec;
    specHash: bigint;
}

/** What the model knows of a message: the content, without reading the contracts' cells. */
export type Note =
    | { kind: 'nothing' }
    | { kind: 'excess' | 'payment' }
    | { kind: 'bounce'; of: Note }
    // to a Job
    | { kind: 'post'; order: Order }
    | { kind: 'claimFor'; node: number; seq: bigint; stake: bigint; bid: BidNote; hot: HotNote }
    | { kind: 'disclose'; claim: number; encryptionKey: bigint }
    | { kind: 'submit'; claim: number; top: bigint }
    | { kind: 'declineClaim'; node: number; claim: number }
    | { kind: 'accept'; claim: number; root: bigint }
    | { kind: 'finalize' | 'expire' | 'cancel' | 'announceAgain' | 'destroy' }
    // to a Node
    | { kind: 'claim'; order: Order; bid: BidNote }
    | { kind: 'decline'; job: Address; claim: number }
    | {
          kind: 'settleLock';
          job: string;
          seq: bigint;
          outcome: Outcome;
          earned: bigint;
          slash: bigint;
          client: Address;
      }
    | { kind: 'releaseLock'; job: Address }
    | { kind: 'addStake' | 'unbond'; amount: bigint }
    | { kind: 'withdraw' }
    | { kind: 'rotate'; operator: Address; encryptionKey: bigint }
    | { kind: 'payout'; payout: Address }
    // to the Registry, and what it sends
    | { kind: 'register'; operator: Address; payout: Address; encryptionKey: bigint }
    | { kind: 'birth'; index: number }
    | { kind: 'pause'; duration: number }
    | { kind: 'unpause' }
    // to a Market or a Node
    | { kind: 'announcement' };

export interface BidNote {
    specHash: bigint;
    collateral: bigint;
    minPrice: bigint;
}

/** Who acts and is paid for a claim. */
export interface HotNote {
    operator: Address;
    payout: Address;
    encryptionKey: bigint;
}

export type Outcome = 'none' | 'paid' | 'expired' | 'declined' | 'noKey';
