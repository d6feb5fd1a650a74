import type { Address, Cell } from '@ton/core';
import { opcodes } from '../../../build/artifacts';
import { type Executed, fromWallet } from '../../invariants/chain';

import type { OutMessage } from '../../invariants/transaction';
import { Violation } from '../../invariants/violation';
import type { VaultModel } from './model';
import type { Parties, VaultNetwork } from './network';
import { bytesOf, readBooks } from './read';

/** A message to the vault, and what the model says of it. */
export interface Sending {
    kind: string;
    from: Address;
    body: Cell;
    value: bigint;
    /** What it must bring. */
    least: bigint;
    /** Changes the model if it passes. */
    passes(): boolean;
}

/** Whom an accepted message sends what is left of its value, and as what; nothing where it stays. */
const answersTo = ({ client, payee, stranger }: Parties) =>
    new Map<string, [to: Address, opcode: keyof typeof opcodes]>(
        Object.entries({
            withdraw: [client, 'VaultWithdrawal'],
            redeem: [payee, 'VaultPayout'],
            releaseNow: [payee, 'VaultPayout'],
            finishRelease: [stranger, 'Excesses'],
            destroy: [client, 'VaultWithdrawal'],
        }),
    );

/** Delivers one message and checks everything that must hold. Returns whether it was accepted. */
export async function deliver(network: VaultNetwork, model: VaultModel, sending: Sending): Promise<boolean> {
    const executed = await network.chain.execute(
        fromWallet({ ...sending, to: network.vault, note: { kind: 'nothing' } }),
    );
    return judgeVault(network, model, sending, executed);
}

/** Checks what came of a message. Returns whether it was accepted. */
export function judgeVault(
    network: VaultNetwork,
    model: VaultModel,
    sending: Sending,
    executed: Executed,
): boolean {
    const { kind, from, value } = sending;
    const fail: Fail = (what) => {
        throw new Violation(`${kind}: ${what}`);
    };
    const paid = { ...model.paid };
    const { transaction, before, after } = executed;
    const { computed, actionCode, out } = transaction;
    model.balance = (before?.balance ?? 0n) - transaction.storageFees + value;
    if (computed && actionCode !== 0) fail(`the action phase failed with ${actionCode}`);
    const expected = !model.gone && value >= sending.least && sending.passes();
    if (computed !== expected) fail(computed ? 'passed' : 'was refused');
    if (!computed && !bytesOf(before).equals(bytesOf(after))) fail('a refused message changed the state');
    checkConserved(value, executed, fail);
    if (computed) checkPayments(network, kind, value, out, model, paid, fail);
    else if (!out.every((one) => one.bounced && one.to.equals(from)))
        fail('a refused message sends something');
    checkCosts(value, executed, model, paid, fail);
    checkBooks(network, model, fail);
    return computed;
}

type Fail = (what: string) => never;

/** Money in = money out + fees. */
function checkConserved(value: bigint, { transaction, before, after }: Executed, fail: Fail): void {
    const left = transaction.out.reduce(
        (sum, one) => sum + one.value + one.forwardFee,
        transaction.totalFees,
    );
    if ((before?.balance ?? 0n) + value !== (after?.balance ?? 0n) + left) fail('money appeared or vanished');
}

/** Who gets what is left of the value gets exactly the money with it; the treasury the fees; nobody anything else. */
function checkPayments(
    { parties }: VaultNetwork,
    kind: string,
    value: bigint,
    out: OutMessage[],
    { paid, gone }: VaultModel,
    before: VaultModel['paid'],
    fail: Fail,
): void {
    const rest = [...out];
    const take = (to: Address, opcode: keyof typeof opcodes): bigint | undefined => {
        const index = rest.findIndex((one) => one.opcode === opcodes[opcode] && one.to.equals(to));
        return index < 0 ? undefined : rest.splice(index, 1)[0]?.value;
    };
    const fees = paid.treasury - before.treasury;
    if (fees > 0n && take(parties.treasury, 'ProtocolFee') !== fees) fail(`the treasury did not get ${fees}`);
    const answer = answersTo(parties).get(kind);
    if (answer) {
        const got = take(...answer);
        const money = paid.payee - before.payee + paid.client - before.client;
        if (got === undefined) throw new Violation(`${kind}: no ${answer[1]} was sent`);
        if (got < money) fail(`${answer[1]} of ${got} for ${money}`);
        if (!gone && got >= money + value) fail(`${answer[1]} of ${got} for ${money} and at most ${value}`);
    }
    if (rest.length > 0) fail('a message that is uncalled for');
}

/** No fee is ever paid out of what the vault holds: it loses what is paid, and storage. */
function checkCosts(
    value: bigint,
    { transaction, before, after }: Executed,
    { paid, gone, messagePrice }: VaultModel,
    earlier: VaultModel['paid'],
    fail: Fail,
): void {
    if (gone) return;
    const fees = paid.treasury - earlier.treasury;
    const leaving =
        paid.payee - earlier.payee + paid.client - earlier.client + (fees > 0n ? fees + messagePrice : 0n);
    const least = (before?.balance ?? 0n) - transaction.storageFees - leaving;
    const kept = after?.balance ?? 0n;
    if (kept < least) fail(`${least - kept} of ${value} nanoTON of gas are not the sender's`);
}

/** What the contract says that it owes is what the model says, and it has it. */
function checkBooks({ chain, vault }: VaultNetwork, model: VaultModel, fail: Fail): void {
    const account = chain.get(vault);
    if (model.gone || !account?.data) {
        if (model.gone !== (account === undefined))
            fail(model.gone ? 'the vault is still there' : 'it is gone');
        return;
    }
    const books = readBooks(account.data);
    for (const name of ['feesOwed', 'reserved', 'nextGeneration'] as const) {
        if (books[name] !== model[name]) fail(`${name} is ${books[name]}, the model says ${model[name]}`);
    }
    if (books.count !== model.slots.size || books.slots.size !== model.slots.size) {
        fail(`${books.slots.size} allocations, counted as ${books.count}, the model has ${model.slots.size}`);
    }
    for (const [slot, wanted] of model.slots) {
        const found = books.slots.get(slot);
        for (const name of ['generation', 'claimed', 'allocated', 'releaseAt'] as const) {
            if (found?.[name] === wanted[name]) continue;
            fail(`${name} of slot ${slot} is ${found?.[name]}, the model says ${wanted[name]}`);
        }
    }
    const owed = books.feesOwed + books.reserved;
    if (account.balance < owed) fail(`owes ${owed - account.balance} nanoTON more than it has`);
}
