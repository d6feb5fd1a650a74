import { type Address, beginCell, Cell, storeMessageRelaxed } from '@ton/core';
import { keyPairFromSeed } from '@ton/crypto';
import { WalletContractV4, WalletContractV5R1 } from '@ton/ton';
import { createDevnet, type Devnet, type DevnetOptions } from 'cocoon-devnet';
import { AbortedError, type Clock, createRpc, type Rpc, type Wallet } from '../../src';

/** A local network behind HTTP that stands still except while somebody sleeps: each sleep makes one block. */
export class DevnetChain {
    /** Called after each sleep, with the number of sleeps so far. */
    onSleep: (count: number) => void | Promise<void> = () => undefined;
    private sleeps = 0;

    private constructor(
        readonly devnet: Devnet,
        readonly rpc: Rpc,
    ) {}

    static async start(options: DevnetOptions = {}): Promise<DevnetChain> {
        const devnet = await createDevnet({ blockMs: 'manual', clock: () => 1_700_000_000_000, ...options });
        const { url } = await devnet.listen();
        return new DevnetChain(devnet, createRpc({ endpoints: [url] }));
    }

    readonly clock: Clock = {
        now: () => this.devnet.now() * 1_000,
        sleep: async (ms, signal) => {
            if (signal?.aborted) throw new AbortedError();
            this.devnet.increaseTime(Math.ceil(ms / 1_000));
            await this.devnet.mine();
            await this.onSleep(++this.sleeps);
            if (signal?.aborted) throw new AbortedError();
        },
    };

    /** Sends new money to an address, 100 TON by default. */
    async fund(address: Address, amount = 100_000_000_000n): Promise<void> {
        await this.devnet.fund(address, amount);
        await this.devnet.mine();
    }

    /** Installs a contract that ends every message with this exit code. */
    async installThrower(address: Address, exitCode: number): Promise<void> {
        // THROW with an 11-bit argument.
        const code = beginCell()
            .storeUint(0xf2c4 >> 3, 13)
            .storeUint(exitCode, 11)
            .endCell();
        await this.devnet.setAccount(address, { code, data: Cell.EMPTY, balance: 1_000_000_000n });
    }

    /** Installs a contract that answers every message with this event. */
    async installEmitter(address: Address, event: Cell): Promise<void> {
        const info = { type: 'external-out', createdAt: 0, createdLt: 0n } as const;
        const message = beginCell()
            .store(storeMessageRelaxed({ info, body: event }))
            .endCell();
        // PUSHREF message, PUSHINT 0, SENDRAWMSG.
        const code = beginCell().storeUint(0x8870fb00, 32).storeRef(message).endCell();
        await this.devnet.setAccount(address, { code, data: Cell.EMPTY, balance: 1_000_000_000n });
    }
}

/** A wallet with a key of its own for each number. */
export function testWallet(number: number, version: 'v4' | 'v5' = 'v5'): Wallet {
    const { publicKey, secretKey } = keyPairFromSeed(Buffer.alloc(32, number));
    const contract =
        version === 'v4'
            ? WalletContractV4.create({ workchain: 0, publicKey })
            : WalletContractV5R1.create({ publicKey, workchain: 0 });
    return { contract, secretKey };
}
