import type { Address, Cell, Message, Transaction } from '@ton/core';
import { type Accounts, takeStock } from '../accounting';
import type { Network } from '../network';
import type { Operator } from '../operators';
import { heading, printAccounts, ton } from '../report';
import { connect } from '../wallets';
import type { Answered } from './talk';

const OPEN = '0c0c0601';
const PAYOUT = '0c0c0506';
/** What a wallet's message asked a contract to do, by its opcode. */
const NAMES: Readonly<Record<string, string>> = {
    [OPEN]: 'opens a vault: one deposit, allocated to the nodes',
    '0c0c0602': 'tops the vault up',
    '0c0c0603': 'withdraws what is left',
    '0c0c0604': 'allocates to nodes',
    '0c0c0605': 'allocates more to a node',
    '0c0c0606': 'redeems its voucher',
    '0c0c0607': 'asks allocations back',
    '0c0c0608': 'takes allocations back',
    '0c0c0212': 'redeems its voucher and gives back the rest',
};

/** One message that somebody signed with a wallet and paid the fees of. */
export interface WalletMessage {
    readonly sender: string;
    readonly opcode: string;
    readonly to: Address;
}

export interface Ledger {
    readonly messages: readonly WalletMessage[];
    /** nanoTON: prices of all answers by the nodes' receipts, … */
    readonly earned: bigint;
    /** … and what the nodes redeemed for them. */
    readonly redeemed: bigint;
    readonly accounts: Accounts;
    readonly conserved: boolean;
}

/** Everything that wallets signed so far. */
export function walletMessages(network: Network): WalletMessage[] {
    return network.parties.flatMap(({ name, contract }) =>
        network.devnet
            .transactions(contract.address)
            .filter(({ inMessage }) => inMessage?.info.type === 'external-in')
            .flatMap((transaction) => sentBy(name, transaction)),
    );
}

function sentBy(sender: string, { outMessages }: Transaction): WalletMessage[] {
    return outMessages
        .values()
        .flatMap(({ info, body }) =>
            info.type === 'internal' ? [{ sender, opcode: opcodeOf(body), to: info.dest }] : [],
        );
}

function opcodeOf(body: Cell): string {
    const slice = body.beginParse();
    return slice.remainingBits < 32 ? '' : slice.loadUint(32).toString(16).padStart(8, '0');
}

/** What the chain saw since `before`, and whether it agrees with what the nodes' receipts say. */
export async function takeLedger(
    network: Network,
    operators: readonly Operator[],
    before: readonly WalletMessage[],
    answers: readonly Answered[],
): Promise<Ledger> {
    await network.devnet.settle();
    // Of each wallet the messages are in order: those from before come first.
    const messages = network.parties.flatMap(({ name }) => {
        const of = (all: readonly WalletMessage[]) => all.filter(({ sender }) => sender === name);
        return of(walletMessages(network)).slice(of(before).length);
    });
    const vaults = messages.filter(({ opcode }) => opcode === OPEN).map(({ to }) => to);
    const accounts = await takeStock(
        network,
        connect(network, network.parties[0]!),
        [],
        vaults.map((address) => ({ name: 'Vault (fees, storage)', address })),
    );
    const earned = answers.reduce((sum, { price }) => sum + price, 0n);
    const redeemed = operators.reduce((sum, operator) => sum + redeemedBy(network, operator), 0n);
    // A node is paid ahead for what it generates next, so vouchers may be a little above the receipts, never below.
    const conserved = accounts.conserved && redeemed >= earned;
    return { messages, earned, redeemed, accounts, conserved };
}

/** The highest cumulative amount of each payout that an operator's owner got, nanoTON. */
function redeemedBy(network: Network, { owner }: Operator): bigint {
    const generations = new Map<bigint, bigint>();
    for (const { inMessage } of network.devnet.transactions(owner.contract.address)) {
        const payout = inMessage && payoutOf(inMessage);
        if (payout) generations.set(payout.generation, payout.cumulative);
    }
    return [...generations.values()].reduce((sum, cumulative) => sum + cumulative, 0n);
}

function payoutOf({ body }: Message): { generation: bigint; cumulative: bigint } | undefined {
    if (opcodeOf(body) !== PAYOUT) return undefined;
    const slice = body.beginParse().skip(32 + 64 + 8);
    return { generation: slice.loadUintBig(64), cumulative: slice.loadUintBig(64) };
}

export function printLedger({ messages, earned, redeemed, accounts }: Ledger, requests: number): void {
    heading(`What the chain saw of ${requests} requests: ${messages.length} messages`);
    const width = Math.max(...messages.map(({ sender }) => sender.length));
    for (const { sender, opcode } of messages) {
        console.log(`  ${sender.padEnd(width)}  ${NAMES[opcode] ?? `message ${opcode}`}`);
    }
    console.log(`\n  price of all answers by the nodes' receipts  ${ton(earned)} TON`);
    console.log(`  redeemed by the nodes with their last vouchers ${ton(redeemed)} TON`);
    console.log('  (the difference is paid ahead: the first tokens of an answer are paid before they come)');
    printAccounts(accounts);
}
