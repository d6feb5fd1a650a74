import { createHash } from 'node:crypto';
import { Address, Cell, parseTuple, type TupleItem } from '@ton/core';
import { Executor } from '@ton/sandbox';
import { getterConfig } from '../config/network-config';
import type { RawAddress } from './types';

const GETTER_GAS_LIMIT = 1_000_000n;
const NO_SEED = Buffer.alloc(32);

export interface TransactionRun {
    message: Cell;
    address: RawAddress;
    shardAccount: string;
    /** Unix time in seconds. */
    now: number;
    lt: bigint;
    randomSeed: Buffer;
    ignoreSignature?: boolean;
}

export type TransactionOutcome =
    | { accepted: true; transaction: string; shardAccount: string }
    | { accepted: false; error: string; exitCode: number | undefined };

export interface GetterRun {
    address: RawAddress;
    code: Cell;
    data: Cell;
    balance: bigint;
    methodId: number;
    stack: TupleItem[];
    /** Unix time in seconds. */
    now: number;
}

export type GetterOutcome =
    | { ok: true; exitCode: number; gasUsed: number; stack: TupleItem[] }
    | { ok: false; error: string };

/** An executor with the configuration in the two forms that it wants. */
interface Machine {
    executor: Executor;
    config: string;
    getterConfig: string;
}

/** Compiling the executor takes long and it keeps no state between runs: networks of one configuration share it. */
const machines = new WeakMap<Cell, Promise<Machine>>();

function machineFor(config: Cell): Promise<Machine> {
    let machine = machines.get(config);
    if (!machine) {
        machine = createMachine(config);
        machines.set(config, machine);
    }
    return machine;
}

async function createMachine(config: Cell): Promise<Machine> {
    const base64 = (cell: Cell) => cell.toBoc().toString('base64');
    return {
        executor: await Executor.create(),
        config: base64(config),
        getterConfig: base64(getterConfig(config)),
    };
}

/** The TON virtual machine and transaction executor, with one network configuration. */
export class Emulator {
    readonly configHash: string;

    private constructor(
        private readonly machine: Machine,
        readonly config: Cell,
    ) {
        this.configHash = config.hash().toString('hex');
    }

    static async create(config: Cell): Promise<Emulator> {
        return new Emulator(await machineFor(config), config);
    }

    async runTransaction(run: TransactionRun): Promise<TransactionOutcome> {
        const { result } = await this.machine.executor.runTransaction({
            config: this.machine.config,
            libs: null,
            verbosity: 'short',
            shardAccount: run.shardAccount,
            now: run.now,
            lt: run.lt,
            randomSeed: run.randomSeed,
            ignoreChksig: run.ignoreSignature ?? false,
            debugEnabled: false,
            message: run.message,
        });
        if (!result.success) {
            return { accepted: false, error: result.error, exitCode: result.vmResults?.vmExitCode };
        }
        return { accepted: true, transaction: result.transaction, shardAccount: result.shardAccount };
    }

    async runGetMethod(run: GetterRun): Promise<GetterOutcome> {
        const { output } = await this.machine.executor.runGetMethod({
            code: run.code,
            data: run.data,
            methodId: run.methodId,
            stack: run.stack,
            config: this.machine.getterConfig,
            verbosity: 'short',
            address: Address.parseRaw(run.address),
            unixTime: run.now,
            balance: run.balance,
            randomSeed: NO_SEED,
            gasLimit: GETTER_GAS_LIMIT,
            debugEnabled: false,
        });
        if (!output.success) return { ok: false, error: output.error };
        return {
            ok: true,
            exitCode: output.vm_exit_code,
            gasUsed: Number(output.gas_used),
            stack: parseTuple(Cell.fromBase64(output.stack)),
        };
    }
}

/** Contract randomness that depends only on the devnet's seed and the place in the chain. */
export function transactionSeed(seed: number, seqno: number, address: RawAddress): Buffer {
    return createHash('sha256').update(`${seed}:${seqno}:${address}`).digest();
}
