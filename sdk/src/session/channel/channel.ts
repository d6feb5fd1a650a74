import { InvalidArgumentError } from '../../errors';
import { noblePrimitives } from '../crypto/noble';
import type { SessionPrimitives } from '../crypto/primitives';
import { AllocationSpentError, SessionStoreError, SessionViolationError } from '../errors';
import type { AllocationRef } from '../wire/allocation-ref';
import type { AllocationStatus } from '../wire/control';
import { type SessionVoucher, signVoucher, verifyVoucher } from '../wire/voucher';
import { DurableMarks } from './durable-marks';
import { Ledger } from './ledger';
import type { ChannelStore, SessionMarks } from './store';

export type ChannelOptions = {
    /** Names the channel in the store. */
    readonly id: string;
    readonly allocation: AllocationRef;
    /** Base URL of the node, or of the node behind its relay. */
    readonly endpoint: string;
    /** The node's keys on chain: Ed25519 and X25519, 32 bytes each. */
    readonly operatorKey: Uint8Array;
    readonly encryptionKey: Uint8Array;
    /** Seed of the allocation's voucher key. */
    readonly voucherSecretKey: Uint8Array;
    /** nanoTON. */
    readonly allocated: bigint;
    /** What the store holds; omitted for a channel that was never used. */
    readonly marks?: SessionMarks;
    readonly store: ChannelStore;
    readonly primitives?: SessionPrimitives;
};

const UNUSED: SessionMarks = { cumulative: 0n, sequence: 0n };
/** A mark goes ahead by this part of the allocation: so much a lying node can claim to hold after a crash. */
const STEPS = 32n;
const FIRST_TOKENS_PER_BYTE = 0.3;

/**
 * One allocation as its only signer sees it: what is signed, what is owed, which sequence is next.
 *
 * A client killed at any instruction never makes two promises that it cannot keep:
 * - Vouchers are cumulative, so that of any number of them only the highest costs money; `promise` alone signs them and
 *   never above `allocated`, which the Vault holds for this node alone. So every set of vouchers can be kept.
 * - Before a voucher is signed, a mark at least as high is durable. After a crash the marks say the most that can have
 *   been promised (`promised`), whatever the node shows or hides; the first voucher signed then builds on what the
 *   node proves to hold, by a signature of our own key.
 * - Before a request is sealed, a mark of its sequence is durable, and a new incarnation starts above the mark. So a
 *   sequence never names two requests, and a node's receipts for it can never be played against each other.
 * - Envelope keys come from a fresh encapsulation of each incarnation, so that no key seals two contents.
 * The store must make marks durable before `raise` resolves, and two processes must not use one channel at a time.
 */
export class Channel {
    readonly id: string;
    readonly allocation: AllocationRef;
    readonly endpoint: string;
    readonly operatorKey: Uint8Array;
    readonly encryptionKey: Uint8Array;
    readonly voucherSecretKey: Uint8Array;
    readonly primitives: SessionPrimitives;
    readonly ledger = new Ledger();
    private deliveredAmount = 0n;
    private promptRatio = FIRST_TOKENS_PER_BYTE;
    private readonly store: ChannelStore;
    private readonly marks: DurableMarks;
    private voucher: SessionVoucher | undefined;
    private sequence: bigint;
    private limit: bigint;
    /** What earlier incarnations can have promised. */
    private readonly inherited: bigint;
    private uncertain: boolean;

    /** Throws InvalidArgumentError. */
    constructor(options: ChannelOptions) {
        if (options.voucherSecretKey.length !== 32)
            throw new InvalidArgumentError('A voucher key has 32 bytes.');
        const marks = options.marks ?? UNUSED;
        this.id = options.id;
        this.allocation = options.allocation;
        this.endpoint = options.endpoint.replace(/\/+$/, '');
        this.operatorKey = options.operatorKey;
        this.encryptionKey = options.encryptionKey;
        this.voucherSecretKey = options.voucherSecretKey;
        this.primitives = options.primitives ?? noblePrimitives;
        this.limit = options.allocated;
        this.sequence = marks.sequence;
        this.inherited = marks.cumulative;
        this.uncertain = marks.cumulative > 0n || marks.sequence > 0n;
        this.store = options.store;
        const step = options.allocated / STEPS;
        this.marks = new DurableMarks(options.id, options.store, marks, step, () => this.limit);
    }

    /** nanoTON that the Vault holds for this node. */
    get allocated(): bigint {
        return this.limit;
    }

    /** Highest cumulative signed by this incarnation, or proven by the node; nanoTON. */
    get signed(): bigint {
        return this.voucher?.cumulative ?? 0n;
    }

    /** The most that can have been promised, by earlier incarnations too; nanoTON. */
    get promised(): bigint {
        const before = this.inherited < this.limit ? this.inherited : this.limit;
        return before > this.signed ? before : this.signed;
    }

    /** nanoTON that are not promised yet. */
    get available(): bigint {
        return this.limit - this.promised;
    }

    /** Whether an earlier incarnation may have signed more than this one knows: call SessionClient.recover. */
    get needsRecovery(): boolean {
        return this.uncertain;
    }

    /** Highest cumulative that the node is known to have; nanoTON. */
    get delivered(): bigint {
        return this.deliveredAmount;
    }

    /** Prompt tokens per byte of a body, the most seen: what the next estimate is made with. */
    get tokensPerByte(): number {
        return this.promptRatio;
    }

    /** The node has a voucher of `cumulative` nanoTON. */
    markDelivered(cumulative: bigint): void {
        if (cumulative > this.deliveredAmount) this.deliveredAmount = cumulative;
    }

    /** A receipt counted `tokens` for a prompt of `bytes`. */
    learnPrompt(tokens: number, bytes: number): void {
        this.promptRatio = Math.max(this.promptRatio, tokens / bytes);
    }

    /** The chain increased the allocation to `allocated` nanoTON. Lower values are ignored. */
    increase(allocated: bigint): void {
        if (allocated > this.limit) this.limit = allocated;
    }

    /** A sequence that no request ever had. Throws SessionStoreError. */
    async takeSequence(): Promise<bigint> {
        const taken = ++this.sequence;
        const used = { cumulative: this.signed, sequence: taken };
        await this.marks.ensure(used);
        this.assertHeld();
        return taken;
    }

    /**
     * A voucher of at least `least` nanoTON: the highest that was signed, or a new one with `margin` nanoTON more, as far as
     * the allocation goes. Throws AllocationSpentError or SessionStoreError; then nothing was signed.
     */
    async promise(least: bigint, margin = 0n): Promise<SessionVoucher> {
        if (least > this.limit) throw new AllocationSpentError(least, this.limit);
        if (this.voucher !== undefined && least <= this.voucher.cumulative) return this.voucher;
        const cumulative = least + margin < this.limit ? least + margin : this.limit;
        await this.marks.ensure({ cumulative, sequence: this.sequence });
        // Another request may have signed more while the store was written.
        if (this.voucher !== undefined && least <= this.voucher.cumulative) return this.voucher;
        this.assertHeld();
        this.voucher = signVoucher(this.primitives, this.voucherSecretKey, this.allocation, cumulative);
        return this.voucher;
    }

    /** Throws SessionStoreError where the right to sign is gone: it can go between any two signatures. */
    private assertHeld(): void {
        try {
            this.store.assertHeld?.(this.id);
        } catch (cause) {
            throw new SessionStoreError({ cause });
        }
    }

    /**
     * Goes on from what the node shows after a crash. Its voucher is believed because our key signed it; what it says
     * is owed, only up to that. Throws SessionViolationError.
     */
    restore(status: AllocationStatus): void {
        const { cumulative, signature, owed } = status;
        if (cumulative > 0n) {
            const publicKey = this.primitives.publicKeyEd25519(this.voucherSecretKey);
            const shown = { cumulative, signature: signature ?? new Uint8Array(64) };
            if (!verifyVoucher(this.primitives, publicKey, this.allocation, shown)) {
                throw new SessionViolationError('voucher', 'The node shows a voucher that we did not sign.');
            }
            if (cumulative > this.signed) this.voucher = shown;
        }
        this.markDelivered(cumulative);
        if (this.uncertain) this.ledger.restore(cumulative, owed);
        this.uncertain = false;
    }
}
