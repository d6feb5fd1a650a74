import { Address, Cell, type Message, SendMode } from '@ton/core';
import type {
    BlockchainTransaction,
    SandboxContract,
    SendMessageResult,
    TreasuryContract,
} from '@ton/sandbox';
import { internal } from '@ton/sandbox';
import type { Scene } from './scene';

export type Wallet = SandboxContract<TreasuryContract>;

/** Enough for any message without stake or escrow; the excess returns. */
export const AMPLE = 2_000_000_000n;

/** From a wallet, which pays its own fees. */
export function send(from: Wallet, to: Address, body: Cell, value = AMPLE): Promise<SendMessageResult> {
    return from.send({ to, value, body, sendMode: SendMode.PAY_GAS_SEPARATELY });
}

/** A message as if from any account: no transaction there, the value comes from nowhere. */
export function forge(
    scene: Scene,
    from: Address,
    to: Address,
    body: Cell,
    options: { value?: bigint; bounced?: boolean } = {},
): Promise<SendMessageResult> {
    const { value = AMPLE, bounced = false } = options;
    return scene.blockchain.sendMessage(internal({ from, to, body, value, bounced }));
}

/** The transactions of an account in a trace, in order. */
export function transactionsOn(result: SendMessageResult, account: Address): BlockchainTransaction[] {
    return result.transactions.filter(
        ({ address }) => address === BigInt(`0x${account.hash.toString('hex')}`),
    );
}

export function exitCodeOn(result: SendMessageResult, account: Address): number | undefined {
    const description = transactionsOn(result, account)[0]?.description;
    if (description?.type !== 'generic' || description.computePhase.type !== 'vm') return undefined;
    return description.computePhase.exitCode;
}

/** Internal messages from one account to another in a trace, with this opcode if given. */
export function messagesBetween(
    result: SendMessageResult,
    from: Address,
    to: Address,
    opcode?: number,
): Message[] {
    return transactionsOn(result, from)
        .flatMap(({ outMessages }) => outMessages.values())
        .filter(({ info, body }) => {
            if (info.type !== 'internal' || !info.dest.equals(to)) return false;
            return opcode === undefined || opcodeOf(body) === opcode;
        });
}

/** Sum of what one account sent another in a trace. */
export function paidBetween(result: SendMessageResult, from: Address, to: Address, opcode?: number): bigint {
    return messagesBetween(result, from, to, opcode).reduce(
        (sum, { info }) => sum + (info.type === 'internal' ? info.value.coins : 0n),
        0n,
    );
}

/** Bodies of the external-out messages of an account in a trace. */
export function eventsOf(result: SendMessageResult, account: Address): Cell[] {
    return transactionsOn(result, account)
        .flatMap(({ outMessages }) => outMessages.values())
        .filter(({ info }) => info.type === 'external-out')
        .map(({ body }) => body);
}

export function opcodeOf(body: Cell): number | undefined {
    const slice = body.beginParse();
    return slice.remainingBits >= 32 ? slice.loadUint(32) : undefined;
}

/** Refused with this code, the value came back by a bounce. */
export function expectRefused(result: SendMessageResult, to: Address, exitCode: number): void {
    expect(result.transactions).toHaveTransaction({ to, exitCode, success: false });
    expect(result.transactions).toHaveTransaction({ from: to, inMessageBounced: true });
}

/** Every transaction of the trace succeeded. */
export function expectAllDone(result: SendMessageResult): void {
    expect(result.transactions).not.toHaveTransaction({ success: false });
}

/** The same with addresses as text: Jest finds two equal addresses different. */
export function plain(value: unknown): unknown {
    if (Address.isAddress(value)) return value.toString();
    if (value instanceof Cell) return value.hash().toString('hex');
    if (Array.isArray(value)) return value.map(plain);
    if (typeof value !== 'object' || value === null || value instanceof Map) return value;
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, plain(part)]));
}
