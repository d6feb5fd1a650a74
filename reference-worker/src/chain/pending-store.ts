import type { PendingMessage, PendingStore } from 'cocoon-sdk';
import type { Journal, OutboxAction, OutboxMessage } from '../journal';

/**
 * The SDK's store of the one signed message whose outcome is open, in the journal. What the message is for, and the
 * changes of state that go with it, become durable in the same step as the message itself: before it leaves.
 *
 * The SDK forgets a message as soon as its outcome is proven. Here it stays live until `finish`, so that a crash in
 * between only asks the chain once more.
 */
export class OutboxPendingStore implements PendingStore {
    readonly #journal: Journal;
    #next: { actions: OutboxAction[]; record: () => void } | undefined;
    #concluded: number | undefined;

    constructor(journal: Journal) {
        this.#journal = journal;
    }

    /** What the message that is signed next is for; `record` runs in the transaction that stores it. */
    prepare(actions: OutboxAction[], record: () => void): void {
        this.#next = { actions, record };
    }

    async get(wallet: string): Promise<PendingMessage | undefined> {
        const live = this.#journal.outbox.live(wallet);
        if (!live || live.id === this.#concluded) return undefined;
        return {
            seqno: live.seqno,
            validUntil: live.validUntil,
            afterLt: (live.afterLt ?? 0n).toString(),
            boc: live.boc.toString('base64'),
            externalHash: live.hash,
        };
    }

    async set(wallet: string, pending: PendingMessage | undefined): Promise<void> {
        if (!pending) {
            this.#concluded = this.#journal.outbox.live(wallet)?.id;
            return;
        }
        this.#journal.transaction(() => {
            const { id } = this.#journal.outbox.add({
                wallet,
                seqno: pending.seqno,
                validUntil: pending.validUntil,
                afterLt: BigInt(pending.afterLt),
                hash: pending.externalHash,
                boc: Buffer.from(pending.boc, 'base64'),
                actions: this.#next?.actions ?? [],
            });
            // From here on it counts as sent: a crash before the first byte leaves errs to the safe side.
            this.#journal.outbox.markSent(id);
            this.#next?.record();
        });
        this.#next = undefined;
    }

    /** Whether the SDK has proven what became of the live message. */
    isProven(wallet: string): boolean {
        const live = this.#journal.outbox.live(wallet);
        return live === undefined || live.id === this.#concluded;
    }

    /** Records what became of the live message and returns it; undefined when there is none. */
    finish(wallet: string, executed: boolean): OutboxMessage | undefined {
        const live = this.#journal.outbox.live(wallet);
        if (!live) return undefined;
        if (executed) this.#journal.outbox.confirm(live.id);
        else this.#journal.outbox.expire(live.id);
        this.#concluded = undefined;
        return this.#journal.outbox.get(live.id);
    }
}
