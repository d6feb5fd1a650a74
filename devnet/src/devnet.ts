import { Address, Cell, loadTransaction, type Transaction } from '@ton/core';
import { Chain } from './chain/chain';
import { Emulator } from './chain/emulator';
import { createGenesis, encodeAccount } from './chain/genesis';
import { BlockProducer } from './chain/producer';
import type { DeliveryHold } from './chain/queue';
import { Snapshots } from './chain/snapshot';
import type { ChainStats, DeliveryPolicy, Supply } from './chain/types';
import { currentNetworkConfig } from './config/network-config';
import { check, checkSeed, type DevnetOptions, type PolicyChange, paceFrom, policyFrom } from './options';
import { Journal } from './persistence/journal';
import { RpcServer, type ServerAddress } from './rpc/server';

export interface ListenOptions {
    /** Default 0: any free port. */
    port?: number;
    /** Default 127.0.0.1: this machine only. */
    host?: string;
}

/** An account's state to be installed as it is. */
export interface AccountInstall {
    code: Cell;
    data: Cell;
    /** nanoTON */
    balance: bigint;
}

/** A local TON network in this process. Amounts are nanoTON, times Unix seconds. */
export class Devnet {
    private readonly snapshots: Snapshots;
    private readonly servers: RpcServer[] = [];
    private closing: Promise<void> | undefined;

    private constructor(
        /** @internal */
        readonly chain: Chain,
        private readonly producer: BlockProducer,
        private readonly journal: Journal | undefined,
    ) {
        this.snapshots = new Snapshots(chain);
    }

    /** @internal use `createDevnet` */
    static async create(options: DevnetOptions): Promise<Devnet> {
        const policy = policyFrom(options);
        const pace = paceFrom(options.blockMs);
        const seed = checkSeed(options.seed ?? 1);
        const emulator = await Emulator.create(options.config ?? currentNetworkConfig());
        const chain = new Chain({ emulator, policy, seed, clock: options.clock ?? Date.now });
        const journal = options.persist === undefined ? undefined : Journal.open(options.persist, chain);
        chain.observer = journal;
        if (chain.blocks.length === 0) await createGenesis(chain);
        const producer = new BlockProducer(chain, pace, options.onError ?? (() => undefined));
        producer.kick();
        return new Devnet(chain, producer, journal);
    }

    /**
     * Serves toncenter's v2 API and the control API over HTTP.
     * @throws DevnetError PORT_IN_USE, LISTEN_FAILED
     */
    async listen(options: ListenOptions = {}): Promise<ServerAddress> {
        const server = new RpcServer(this);
        const address = await server.listen(options.port ?? 0, options.host ?? '127.0.0.1');
        this.servers.push(server);
        return address;
    }

    /**
     * Creates money and sends it to the address. Resolves once it is there; on a manual network, once it is
     * queued for the next `mine`.
     */
    async fund(address: Address | string, amount: bigint): Promise<void> {
        check(amount > 0n, 'amount', 'a number of nanoTON above 0');
        const destination = toAddress(address).toRawString();
        const { seqno } = await this.chain.exclusive(() => ({
            seqno: this.chain.mint(destination, amount).dueSeqno,
        }));
        if (!this.producer.isManual) await this.reach(seqno);
    }

    /** Seconds since the epoch that the next block will carry. */
    now(): number {
        return this.chain.now();
    }

    /** Moves the clock forward and returns the new time. */
    increaseTime(seconds: number): number {
        check(Number.isSafeInteger(seconds) && seconds >= 0, 'seconds', 'a whole number, 0 or more');
        return this.chain.increaseTime(seconds);
    }

    /** Makes that many blocks now, empty or not; returns the number of the last. */
    async mine(blocks = 1): Promise<number> {
        check(Number.isSafeInteger(blocks) && blocks > 0, 'blocks', 'a whole number above 0');
        let seqno = 0;
        for (let i = 0; i < blocks; i++) seqno = (await this.chain.produceBlock()).seqno;
        this.producer.kick();
        return seqno;
    }

    /** Makes blocks until nothing is left to deliver (held messages aside). */
    async settle(maxBlocks = 10_000): Promise<void> {
        for (let i = 0; i < maxBlocks && this.chain.hasWork(); i++) await this.chain.produceBlock();
        await this.chain.settled();
    }

    /** Remembers everything: accounts, history, messages under way, clock, random sequence. */
    snapshot(): Promise<number> {
        return this.chain.exclusive(() => this.snapshots.take(this.journal?.position ?? 0));
    }

    /**
     * Goes back to a snapshot, which stays usable; later ones are forgotten.
     * @throws DevnetError UNKNOWN_SNAPSHOT
     */
    async revert(id: number): Promise<void> {
        await this.chain.exclusive(() => {
            const { journalPosition } = this.snapshots.revert(id);
            this.journal?.revert(journalPosition, this.chain);
        });
        this.producer.kick();
    }

    /** Holds back internal messages (all, or those of a source or destination) until `resume`. */
    async pause(filter: { source?: Address | string; destination?: Address | string } = {}): Promise<void> {
        const hold: DeliveryHold = {
            source: filter.source === undefined ? undefined : toAddress(filter.source).toRawString(),
            destination:
                filter.destination === undefined ? undefined : toAddress(filter.destination).toRawString(),
        };
        await this.chain.exclusive(() => this.chain.queue.hold(hold));
    }

    /** Ends every `pause`. */
    async resume(): Promise<void> {
        await this.chain.exclusive(() => this.chain.queue.releaseAll());
        this.producer.kick();
    }

    /** Changes how messages travel; returns the policy in force. */
    setPolicy(change: PolicyChange): Promise<DeliveryPolicy> {
        return this.chain.exclusive(() => {
            const policy = policyFrom(change, this.chain.policy);
            if (change.seed !== undefined) this.chain.reseed(checkSeed(change.seed));
            return { ...Object.assign(this.chain.policy, policy) };
        });
    }

    /** Installs an account as given, overwriting what is there. */
    async setAccount(address: Address | string, account: AccountInstall): Promise<void> {
        const raw = toAddress(address).toRawString();
        await this.chain.exclusive(() =>
            this.chain.setAccount(raw, encodeAccount({ address: raw, ...account })),
        );
    }

    /** Where all the money is. `conserved` says whether every nanoTON is accounted for. */
    supply(): Promise<Supply> {
        return this.chain.exclusive(() => this.chain.supply());
    }

    /** Balance in nanoTON; 0 for an address never used. */
    balance(address: Address | string): bigint {
        return this.chain.accounts.balance(toAddress(address).toRawString());
    }

    /** All transactions of an account, oldest first. */
    transactions(address: Address | string): Transaction[] {
        const { history } = this.chain.accounts.get(toAddress(address).toRawString());
        return history.map(({ boc }) => loadTransaction(Cell.fromBoc(boc)[0]!.beginParse()));
    }

    stats(): ChainStats {
        return this.chain.stats();
    }

    /** Lets an instant network notice new work. @internal */
    kick(): void {
        this.producer.kick();
    }

    /** Stops servers and block production, finishes the block under way, closes the journal. */
    close(): Promise<void> {
        this.closing ??= this.shutDown();
        return this.closing;
    }

    private async shutDown(): Promise<void> {
        await Promise.all(this.servers.map((server) => server.close()));
        await this.producer.close();
        this.chain.stop();
        this.journal?.close();
    }

    /** Waits until block `seqno` exists. */
    private async reach(seqno: number): Promise<void> {
        this.producer.kick();
        await this.chain.waitForBlock(seqno);
    }
}

/**
 * Starts a local TON network in this process.
 * @throws DevnetError INVALID_OPTION, JOURNAL_*
 */
export function createDevnet(options: DevnetOptions = {}): Promise<Devnet> {
    return Devnet.create(options);
}

/** @throws DevnetError INVALID_OPTION */
function toAddress(address: Address | string): Address {
    if (typeof address !== 'string') return address;
    try {
        return Address.parse(address);
    } catch {
        check(false, 'address', 'a TON address, raw (0:…) or user-friendly');
    }
}
