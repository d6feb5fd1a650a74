import { type Address, type Contract, type OpenedContract, openContract } from '@ton/core';
import { type ChainPrices, readPrices } from '../fees';
import type { JobStore } from '../jobs';
import { type ChainReader, contractProvider } from '../rpc';
import type { MessageSender } from '../send';
import type { Clock, RandomBytes } from '../utils';
import { RegistryUnknownError, SenderMissingError } from './errors';

/** What every action gets as its first argument. */
export interface CocoonClient {
    /** Reads the chain. */
    readonly reader: ChainReader;
    /** Throws RegistryUnknownError when the client was made without one. */
    readonly registry: Address;
    /** Undefined where any network is fine. */
    readonly networkId: number | undefined;
    /** Sends messages. Throws SenderMissingError when the client can only read. */
    readonly sender: MessageSender;
    /** Whether there is a sender. */
    readonly canSend: boolean;
    /** Secrets of the jobs that this client posts. */
    readonly jobStore: JobStore;
    readonly clock: Clock;
    readonly randomBytes: RandomBytes;
    readonly waiting: WaitingOptions;
    /** Binds a contract wrapper to the chain. */
    open<T extends Contract>(contract: T): OpenedContract<T>;
    /** Basechain prices in force, cached for ten minutes. */
    getPrices(): Promise<ChainPrices>;
    /** Time of the chain, in unix seconds. */
    getTime(): Promise<number>;
}

/** How long and how often actions look at the chain. */
export type WaitingOptions = {
    /** For a whole trace; 180 s by default. */
    readonly timeoutMs: number;
    /** Between two looks; 1.5 s by default. */
    readonly intervalMs: number;
    readonly signal?: AbortSignal;
};

export type ClientParts = {
    reader: ChainReader;
    networkName: string;
    networkId: number | undefined;
    registry: Address | undefined;
    sender: MessageSender | undefined;
    jobStore: JobStore;
    clock: Clock;
    randomBytes: RandomBytes;
    waiting: WaitingOptions;
};

const PRICES_MS = 600_000;

/** A client without bound actions, for standalone action functions. */
export class BasicClient implements CocoonClient {
    readonly reader: ChainReader;
    readonly networkId: number | undefined;
    readonly canSend: boolean;
    readonly jobStore: JobStore;
    readonly clock: Clock;
    readonly randomBytes: RandomBytes;
    readonly waiting: WaitingOptions;
    private prices: { readonly value: Promise<ChainPrices>; readonly at: number } | undefined;

    constructor(private readonly parts: ClientParts) {
        this.reader = parts.reader;
        this.networkId = parts.networkId;
        this.canSend = parts.sender !== undefined;
        this.jobStore = parts.jobStore;
        this.clock = parts.clock;
        this.randomBytes = parts.randomBytes;
        this.waiting = parts.waiting;
    }

    get registry(): Address {
        if (this.parts.registry === undefined) throw new RegistryUnknownError(this.parts.networkName);
        return this.parts.registry;
    }

    get sender(): MessageSender {
        if (this.parts.sender === undefined) throw new SenderMissingError();
        return this.parts.sender;
    }

    open<T extends Contract>(contract: T): OpenedContract<T> {
        return openContract(contract, ({ address, init }) => contractProvider(this.reader, address, init));
    }

    getPrices(): Promise<ChainPrices> {
        const now = this.clock.now();
        if (this.prices === undefined || now - this.prices.at > PRICES_MS) {
            const value = readPrices(this.reader);
            this.prices = { value, at: now };
            // A failure is not kept.
            value.catch(() => {
                this.prices = undefined;
            });
        }
        return this.prices.value;
    }

    async getTime(): Promise<number> {
        return (await this.reader.getAccount(this.registry)).syncTime;
    }
}
