import { Address, beginCell, type Cell, comment, internal, SendMode } from '@ton/core';
import { keyPairFromSeed } from '@ton/crypto';
import { TonClient, WalletContractV4 } from '@ton/ton';
import { createDevnet, type Devnet, DevnetControl, type DevnetOptions } from 'cocoon-devnet';

export const TON = 1_000_000_000n;
/** Wall clock of tests: nothing in them may depend on the day they run. */
export const START_MS = 1_800_000_000_000;
/** Until when transfers are valid, Unix seconds: long after any time in the tests. */
const VALID_UNTIL = 4_000_000_000;

export interface TestNet {
    devnet: Devnet;
    url: string;
    client: TonClient;
    control: DevnetControl;
}

const open: Devnet[] = [];

/** Starts a network with its HTTP server and an ordinary client; `closeAll` ends it. */
export async function startNet(options: DevnetOptions = {}): Promise<TestNet> {
    const devnet = await createDevnet({ clock: () => START_MS, ...options });
    open.push(devnet);
    const { url } = await devnet.listen();
    return { devnet, url, client: new TonClient({ endpoint: url }), control: new DevnetControl(url) };
}

export async function closeAll(): Promise<void> {
    await Promise.all(open.splice(0).map((devnet) => devnet.close()));
}

export interface TestWallet {
    address: Address;
    contract: WalletContractV4;
    secretKey: Buffer;
}

export function testWallet(n: number): TestWallet {
    const { publicKey, secretKey } = keyPairFromSeed(Buffer.alloc(32, n));
    const contract = WalletContractV4.create({ workchain: 0, publicKey });
    return { address: contract.address, contract, secretKey };
}

/** An address nobody has a key for, told apart by one byte. */
export function plainAddress(byte: number): Address {
    return new Address(0, Buffer.alloc(32, byte));
}

export interface Transfer {
    to: Address;
    value: bigint;
    body?: string | Cell;
    bounce?: boolean;
    mode?: number;
}

/** Signs and sends transfers from a wallet v4 through the HTTP API. */
export async function transfer(
    client: TonClient,
    wallet: TestWallet,
    seqno: number,
    transfers: Transfer[],
): Promise<void> {
    await client.open(wallet.contract).sendTransfer({
        seqno,
        secretKey: wallet.secretKey,
        timeout: VALID_UNTIL,
        sendMode: transfers[0]?.mode ?? SendMode.PAY_GAS_SEPARATELY,
        messages: transfers.map(({ to, value, body, bounce }) =>
            internal({
                to,
                value,
                bounce: bounce ?? false,
                body: typeof body === 'string' ? comment(body) : body,
            }),
        ),
    });
}

/** A JSON-RPC call as any client would make it. */
export async function rpc(url: string, method: string, params: Record<string, unknown> = {}) {
    const response = await fetch(url, {
        method: 'POST',
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    });
    const body = (await response.json()) as {
        ok: boolean;
        // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of many shapes
        result?: any;
        error?: string;
        code?: number;
    };
    return { status: response.status, ...body };
}

/** The text of the API's error, as axios hides it. */
export function errorOf(error: unknown): string {
    const data = (error as { response?: { data?: { error?: string } } }).response?.data;
    return data?.error ?? String(error);
}

/** Code that leaves every kind of stack entry: −5, a cell, a slice, null and [1, [2, 3]]. */
export function allStackKinds(): Cell {
    const seven = beginCell().storeUint(7, 8).endCell();
    const nine = beginCell().storeUint(9, 8).endCell();
    // DROP; -5 INT; PUSHREF; PUSHREFSLICE; NULL; 1 INT 2 INT 3 INT 2 TUPLE 2 TUPLE
    return beginCell()
        .storeBuffer(Buffer.from('307b88896d7172736f026f02', 'hex'))
        .storeRef(seven)
        .storeRef(nine)
        .endCell();
}

/** Code that returns its argument: DROP of the method's number. */
export function echo(): Cell {
    return beginCell().storeBuffer(Buffer.from('30', 'hex')).endCell();
}

/** Code that throws 333 whatever it is sent. */
export function alwaysThrows(): Cell {
    return beginCell().storeBuffer(Buffer.from('f2c14d', 'hex')).endCell();
}
