import type { Address, Cell } from '@ton/core';
import type { DisputeIdentity, JobIdentity, JobSpec, Terms } from 'cocoon-wrappers';
import type { Sending } from '../vault/invariants/judge';
import type { VaultWorld } from '../vault/invariants/world';

/** A job as its client means to post it. */
export interface Order {
    identity: JobIdentity;
    terms: Terms;
    address: Address;
    spec: JobSpec;
    specHash: bigint;
}

/** A dispute as its accuser means to open it. */
export interface Suit {
    kind: 'job' | 'session';
    identity: DisputeIdentity;
    terms: Terms;
    address: Address;
    accuser: Address;
    /** Job or Node: who is asked to freeze. */
    accused: Address;
    subject: Cell;
    evidence: Cell;
    modelId: bigint;
    /** Of a job: claim and root that are accused. */
    claim: number;
    root: bigint;
    /** Of a session. */
    receipt?: ReceiptNote;
}

/** What a Node must find in the evidence against it. */
export interface ReceiptNote {
    /** Public key that signed. */
    signedBy: bigint;
    issuedAt: number;
    price: bigint;
    /** Everything else in it is what it must be: node, vault of the accuser's, and the request that the subject names. */
    fits: boolean;
    conflict?: { signedBy: bigint; issuedAt: number; price: bigint; fits: boolean };
}

/** A vote as a juror sealed it. */
export interface Sealed {
    dispute: string;
    round: number;
    index: number;
    vote: number;
    salt: bigint;
}

export interface SeatNote {
    index: number;
    round: number;
    bond: bigint;
    stake: bigint;
    stakeSince: number;
    modelId: bigint;
    offeredSince: number;
    owner: Address;
    operator: Address;
    sealed: Sealed;
    /** Account of the juror's node. */
    node: Address;
}

export interface AccusedNote {
    index: number;
    amount: bigint;
    hardEnd: number;
    modelId: bigint;
    items: number;
    owner: Address;
    operator: Address;
    payout: Address;
}

export type Ruling = 'none' | 'node' | 'client';

/** What the model knows of a message: the content, without reading the contracts' cells. */
export type Note =
    | { kind: 'nothing' }
    | { kind: 'excess' | 'payment' }
    | { kind: 'bounce'; of: Note }
    | JobNote
    | NodeNote
    | DisputeNote
    | RegistryNote
    | { kind: 'vault'; vault: VaultWorld; sending: Sending }
    // to a Market or a Node
    | { kind: 'announcement' };

export type JobNote =
    | { kind: 'post'; order: Order }
    | {
          kind: 'claimFor';
          node: number;
          seq: bigint;
          version: number;
          stake: bigint;
          bid: BidNote;
          hot: HotNote;
      }
    | { kind: 'disclose'; claim: number; encryptionKey: bigint }
    | { kind: 'submit'; claim: number; top: bigint }
    | { kind: 'declineClaim'; node: number; claim: number }
    | { kind: 'accept'; claim: number; root: bigint }
    | { kind: 'finalize' | 'expire' | 'cancel' | 'announceAgain' | 'destroy' }
    | { kind: 'freeze'; claim: number; root: bigint; openBefore: number }
    | { kind: 'verdict'; outcome: Ruling; claim: number; costs: bigint };

export type NodeNote =
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
    | { kind: 'withdraw' | 'acceptOwnership' }
    | { kind: 'transferOwnership'; to: Address }
    | { kind: 'rotate'; operator: Address; operatorKey: bigint; encryptionKey: bigint }
    | { kind: 'payout'; payout: Address }
    | { kind: 'adopt' | 'drop'; termsHash: bigint }
    | { kind: 'upgrade'; releaseHash: bigint }
    | { kind: 'termsConfirmed'; termsHash: bigint }
    | { kind: 'releaseConfirmed'; release: ReleaseNote }
    | { kind: 'accuse'; suit: Suit }
    | { kind: 'freezeLock'; seq: bigint; dispute: Address; hardEnd: number; modelId: bigint; items: number }
    | { kind: 'settleAccusation'; convicted: boolean; costs: bigint }
    | {
          kind: 'settleDisputedLock';
          job: string;
          seq: bigint;
          slash: bigint;
          compensation: bigint;
          client: Address;
      }
    | { kind: 'jurorStake'; amount: bigint }
    | { kind: 'takeSeat'; suit: Suit; round: number; offer: number; sealed: Sealed }
    | { kind: 'settleSeat'; fee: bigint; slash: bigint; beneficiary: Address }
    | { kind: 'releaseCourt'; dispute: Address }
    | { kind: 'releaseAllocation'; vault: VaultWorld; sending: Sending };

export type DisputeNote =
    | { kind: 'open' | 'retry'; suit: Suit }
    | ({ kind: 'accused' } & AccusedNote)
    | { kind: 'busy'; busyUntil: number }
    | { kind: 'convicted' | 'freezeRefused' }
    | { kind: 'showItem'; index: number; right: boolean }
    | { kind: 'showHalf'; half: 1 | 2; right: boolean }
    | { kind: 'answer'; right: boolean }
    | ({ kind: 'seat' } & SeatNote)
    | { kind: 'reveal'; index: number; vote: number; salt: bigint }
    | { kind: 'resolve' | 'destroyDispute' };

export type RegistryNote =
    | {
          kind: 'register';
          operator: Address;
          payout: Address;
          encryptionKey: bigint;
          operatorKey: bigint;
          termsHash: bigint;
          releaseHash: bigint;
      }
    | { kind: 'birth'; index: number }
    | { kind: 'pause'; duration: number }
    | { kind: 'unpause' }
    | { kind: 'checkTerms'; index: number; termsHash: bigint }
    | { kind: 'checkRelease'; index: number; releaseHash: bigint }
    | { kind: 'propose'; proposal: ProposalNote }
    | { kind: 'execute'; id: number; proposal: ProposalNote }
    | { kind: 'cancelProposal'; id: number };

export interface ProposalNote {
    cell: Cell;
    terms?: bigint;
    release?: ReleaseNote;
}

export interface ReleaseNote {
    hash: bigint;
    version: number;
    migration: 'none' | 'works' | 'fails';
}

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
