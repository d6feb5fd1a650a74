import type { Address } from '@ton/core';
import { highestAtIssue, type Terms } from 'cocoon-wrappers';
import type { ReceiptNote } from '../notes';

const MAX_ACCUSATIONS = 16;
const MAX_ACCUSATIONS_OF_ONE = 2;
const MAX_SEATS = 8;
const KEY_CLOCK_SKEW = 120;

export interface AccusationModel {
    accuser: Address;
    price: bigint;
    amount: bigint;
    hardEnd: number;
}

/** Keys that sign receipts, with the times in which each counts. */
export class KeyHistory {
    readonly retired: { key: bigint; from: number; until: number }[] = [];

    constructor(
        public key: bigint,
        public from: number,
    ) {}

    rotate(key: bigint, now: number): void {
        this.retired.push({ key: this.key, from: this.from, until: now });
        this.key = key;
        this.from = now;
    }

    signed({ signedBy, issuedAt }: Pick<ReceiptNote, 'signedBy' | 'issuedAt'>): boolean {
        if (signedBy === this.key && issuedAt >= this.from - KEY_CLOCK_SKEW) return true;
        return this.retired.some(
            ({ key, from, until }) =>
                signedBy === key && issuedAt >= from - KEY_CLOCK_SKEW && issuedAt <= until + KEY_CLOCK_SKEW,
        );
    }
}

/** What disputes hold of a node: accusations, by Dispute, and its seats in juries. */
export class CourtModel {
    readonly accusations = new Map<string, AccusationModel>();
    readonly seats = new Map<string, { bond: bigint; hardEnd: number }>();
    busyUntil = 0;
    jurorStake = 0n;
    jurorSince = 0;
    lost = 0;
    won = 0;

    get accused(): bigint {
        return [...this.accusations.values()].reduce((sum, { amount }) => sum + amount, 0n);
    }

    get bonds(): bigint {
        return [...this.seats.values()].reduce((sum, { bond }) => sum + bond, 0n);
    }

    get full(): boolean {
        return this.accusations.size === MAX_ACCUSATIONS;
    }

    mayAccuse(accuser: Address): boolean {
        const his = [...this.accusations.values()].filter((one) => one.accuser.equals(accuser));
        return his.length < MAX_ACCUSATIONS_OF_ONE;
    }

    maySit(dispute: string, bond: bigint): boolean {
        if (this.seats.size >= MAX_SEATS || this.seats.has(dispute)) return false;
        return this.bonds + bond <= this.jurorStake;
    }

    endSeat(dispute: string): { bond: bigint; hardEnd: number } {
        const seat = this.seats.get(dispute) ?? { bond: 0n, hardEnd: 0 };
        this.seats.delete(dispute);
        return seat;
    }
}

/** Whether a receipt and a conflicting one prove what the evidence says; the price at issue, if so. */
export function provenPrice(receipt: ReceiptNote, keys: KeyHistory): bigint | undefined {
    if (!receipt.fits || !keys.signed(receipt)) return undefined;
    const { conflict } = receipt;
    if (!conflict) return receipt.price;
    if (!conflict.fits || conflict.issuedAt < receipt.issuedAt || !keys.signed(conflict)) return undefined;
    return conflict.price > receipt.price ? conflict.price : receipt.price;
}

/** What a session may cost its node, before what the node has left. */
export function atIssue({ kinds: { disputes } }: Terms, price: bigint, reserve: bigint): bigint {
    if (!disputes) return 0n;
    const most = [
        BigInt(disputes.receiptMultiple) * price,
        disputes.maxReceiptSlash,
        reserve / BigInt(MAX_ACCUSATIONS),
        highestAtIssue(disputes),
    ];
    return most.reduce((least, amount) => (amount < least ? amount : least));
}
