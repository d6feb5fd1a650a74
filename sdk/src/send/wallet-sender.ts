import { type Address, beginCell, external, type Sender, SendMode, storeMessage } from '@ton/core';
import { InvalidArgumentError } from '../errors';
import type { Account, ChainReader } from '../rpc';
import { externalMessageHash } from '../trace';
import { bytesToHex, type Clock, hexToBytes, systemClock } from '../utils';
import { deliver, type Outcome } from './deliver';
import { MessageNotExecutedError, WalletNotDeployedError, WalletUnfundedError } from './errors';
import { type WalletLane, walletLane } from './lane';
import type { MessageSender, OutgoingMessage, SentMessages } from './message-sender';
import type { PendingMessage, PendingStore } from './pending';
import { checkWallet, maxMessages, signTransfer, type Wallet } from './wallet-contract';

export type WalletSenderOptions = {
    reader: ChainReader;
    wallet: Wallet;
    /** Durable where a crash must not lose the signed message; in memory by default. */
    pending?: PendingStore;
    /** How long a signed message can be executed, in seconds of chain time; 120 by default. */
    validForSeconds?: number;
    /** Between two looks at the wallet; 1.5 s by default. */
    intervalMs?: number;
    /** Between two sends of the same message; 6 s by default. */
    resendMs?: number;
    clock?: Clock;
    signal?: AbortSignal;
};

/** A wallet that signs here. */
export interface WalletSender extends MessageSender {
    /**
     * Sends up to 4 (V5: 255) messages in one external message and waits until the wallet has executed it.
     * Concurrent calls go one after another. A second message is signed only when the outcome of the first is proven.
     * Throws WalletUnfundedError, WalletNotDeployedError, MessageRejectedError, MessageNotExecutedError (all: nothing
     * was sent, calling again is safe) and WalletOutcomeUnknownError (call `recover`).
     */
    sendMessages(messages: readonly OutgoingMessage[]): Promise<SentMessages>;
    /** Brings a message that an earlier run left pending to its end. Null when there is none. */
    recover(): Promise<SentMessages | null>;
    /** As @ton/core's Sender, for generated bindings. */
    asSender(): Sender & { readonly address: Address };
}

/** Fees of one message, in nanoTON: more than a wallet needs for a small one. */
const MESSAGE_FEE_RESERVE = 5_000_000n;
/** The greatest 32-bit time. */
const NO_EXPIRY = 0xffff_ffff;
/** How much longer than a message's validity its outcome is looked for. */
const EXTRA_PATIENCE_MS = 120_000;

/** Makes a sender of a wallet whose secret key is here. Throws WalletKeyMismatchError. */
export function createWalletSender(options: WalletSenderOptions): WalletSender {
    checkWallet(options.wallet);
    return new LocalWalletSender(options);
}

class LocalWalletSender implements WalletSender {
    readonly address: Address;
    private readonly key: string;
    private readonly lane: WalletLane;
    private readonly store: PendingStore;

    constructor(private readonly options: WalletSenderOptions) {
        this.address = options.wallet.contract.address;
        this.key = this.address.toRawString();
        this.lane = walletLane(options.reader, this.address);
        this.store = options.pending ?? this.lane.pending;
    }

    sendMessages(messages: readonly OutgoingMessage[]): Promise<SentMessages> {
        const limit = maxMessages(this.options.wallet.contract);
        if (messages.length === 0 || messages.length > limit) {
            return Promise.reject(
                new InvalidArgumentError(
                    `This wallet sends 1 to ${limit} messages at once, not ${messages.length}.`,
                ),
            );
        }
        return this.lane.mutex.run(async () => {
            await this.settle();
            const pending = await this.sign(messages);
            // Saved before it leaves: what was sent is never forgotten.
            await this.store.set(this.key, pending);
            return this.conclude(pending, await this.deliver(pending, true));
        });
    }

    recover(): Promise<SentMessages | null> {
        return this.lane.mutex.run(() => this.settle());
    }

    asSender(): Sender & { readonly address: Address } {
        return {
            address: this.address,
            send: async (args) => {
                await this.sendMessages([args]);
            },
        };
    }

    /** Finishes what is pending. An earlier message that never executes is no reason to refuse the next one. */
    private async settle(): Promise<SentMessages | null> {
        const pending = await this.store.get(this.key);
        if (pending === undefined) {
            return null;
        }
        const outcome = await this.deliver(pending, false);
        return outcome.kind === 'included' ? this.conclude(pending, outcome) : this.forget();
    }

    private async forget(): Promise<null> {
        await this.store.set(this.key, undefined);
        this.lane.nextSeqno = 0;
        return null;
    }

    private async sign(messages: readonly OutgoingMessage[]): Promise<PendingMessage> {
        const { reader, wallet } = this.options;
        const account = await reader.getAccount(this.address);
        this.checkAccount(account, messages);
        const seqno = Math.max(await this.readSeqno(account), this.lane.nextSeqno);
        // Wallets put no end to the validity of their first message.
        const validUntil = seqno === 0 ? NO_EXPIRY : account.syncTime + (this.options.validForSeconds ?? 120);
        const body = await signTransfer(wallet, messages, seqno, validUntil);
        const init = account.state === 'active' ? undefined : wallet.contract.init;
        const message = external({ to: this.address, init, body });
        return {
            seqno,
            validUntil,
            afterLt: (account.lastTransaction?.lt ?? 0n).toString(),
            boc: beginCell().store(storeMessage(message)).endCell().toBoc().toString('base64'),
            externalHash: bytesToHex(externalMessageHash(this.address, body)),
        };
    }

    private checkAccount(account: Account, messages: readonly OutgoingMessage[]): void {
        const cannotDeploy = account.state === 'uninit' && this.options.wallet.contract.init === undefined;
        if (account.state === 'frozen' || cannotDeploy) {
            throw new WalletNotDeployedError(this.address, account.state);
        }
        const needed = messages.reduce((sum, message) => {
            const carriesAll = ((message.sendMode ?? 0) & SendMode.CARRY_ALL_REMAINING_BALANCE) !== 0;
            return sum + MESSAGE_FEE_RESERVE + (carriesAll ? 0n : message.value);
        }, 0n);
        if (account.balance < needed) {
            throw new WalletUnfundedError(this.address, account.balance, needed);
        }
    }

    private async readSeqno(account: Account): Promise<number> {
        if (account.state !== 'active') {
            return 0;
        }
        const { stack } = await this.options.reader.runGetMethod(this.address, 'seqno');
        return stack.readNumber();
    }

    private deliver(pending: PendingMessage, fresh: boolean): Promise<Outcome> {
        const { options } = this;
        return deliver({
            reader: options.reader,
            wallet: this.address,
            pending,
            fresh,
            clock: options.clock ?? systemClock,
            intervalMs: options.intervalMs ?? 1_500,
            resendMs: options.resendMs ?? 6_000,
            patienceMs: (options.validForSeconds ?? 120) * 1_000 + EXTRA_PATIENCE_MS,
            signal: options.signal,
        });
    }

    private async conclude(pending: PendingMessage, outcome: Outcome): Promise<SentMessages> {
        if (outcome.kind === 'impossible') {
            await this.forget();
            throw outcome.rejection ?? (await this.whyNotExecuted(pending));
        }
        this.lane.nextSeqno = pending.seqno + 1;
        await this.store.set(this.key, undefined);
        const messageHash = hexToBytes(pending.externalHash);
        return {
            walletAddress: this.address,
            externalHash: messageHash,
            seqno: pending.seqno,
            roots: [
                { kind: 'external', wallet: this.address, messageHash, afterLt: BigInt(pending.afterLt) },
            ],
        };
    }

    private async whyNotExecuted(pending: PendingMessage): Promise<MessageNotExecutedError> {
        const account = await this.options.reader.getAccount(this.address);
        const moved = (await this.readSeqno(account)) > pending.seqno;
        const code = moved ? 'wallet_seqno_taken' : 'wallet_message_expired';
        return new MessageNotExecutedError(code, this.address, pending.seqno);
    }
}
