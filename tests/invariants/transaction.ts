import type { Address } from '@ton/core';
import { Bag, type Reader } from './boc';
import { leavesOf } from './dictionary';

/** What the harness needs of a transaction (block.tlb). */
export interface Transaction {
    totalFees: bigint;
    storageFees: bigint;
    computed: boolean;
    /** Result code of the action phase; undefined when there was none. */
    actionCode: number | undefined;
    out: OutMessage[];
}

export interface OutMessage {
    from: Address;
    to: Address;
    value: bigint;
    forwardFee: bigint;
    bounce: boolean;
    bounced: boolean;
    opcode: number;
    /** The message as a bag of cells. */
    boc: Buffer;
}

export function readTransaction(base64: string): Transaction {
    const bag = new Bag(base64);
    const root = bag.read();
    root.skip(4 + 256 + 64 + 256 + 64 + 32 + 15 + 2 + 2);
    const messages = bag.read(root.loadRef());
    const totalFees = loadMoney(root);
    root.loadRef(); // state update
    messages.loadMaybeRef(); // in
    const out: OutMessage[] = [];
    const dictionary = messages.loadMaybeRef();
    if (dictionary !== undefined) {
        for (const [, leaf] of leavesOf(bag, dictionary, 15)) {
            const message = readMessage(bag, leaf.loadRef());
            if (message) out.push(message);
        }
    }
    return { totalFees, ...readPhases(bag, bag.read(root.loadRef())), out };
}

function readPhases(bag: Bag, description: Reader) {
    description.skip(4 + 1);
    let storageFees = 0n;
    if (description.loadBit()) {
        storageFees = description.loadCoins();
        description.loadMaybeCoins(); // due
        if (description.loadBit()) description.skip(1); // status change
    }
    if (description.loadBit()) {
        description.loadMaybeCoins(); // due fees collected
        loadMoney(description);
    }
    let computed = false;
    if (description.loadBit()) {
        computed = description.loadBit();
        description.skip(2);
        description.loadCoins(); // gas
        description.loadRef();
    } else if (description.loadUint(2) === 3) {
        description.skip(1); // suspended
    }
    const action = description.loadMaybeRef();
    return {
        storageFees,
        computed,
        actionCode: action === undefined ? undefined : actionCodeOf(bag.read(action)),
    };
}

function actionCodeOf(action: Reader): number {
    action.skip(3);
    if (action.loadBit()) action.skip(1); // status change
    action.loadMaybeCoins();
    action.loadMaybeCoins();
    return action.loadInt(32);
}

/** Nothing for an external message. */
function readMessage(bag: Bag, cell: number): OutMessage | undefined {
    const message = bag.read(cell);
    if (message.loadBit()) return undefined;
    message.skip(1);
    const bounce = message.loadBit();
    const bounced = message.loadBit();
    const from = message.loadAddress();
    const to = message.loadAddress();
    const value = loadMoney(message);
    message.loadCoins();
    const forwardFee = message.loadCoins();
    message.skip(64 + 32);
    if (message.loadBit()) {
        if (message.loadBit()) message.loadRef();
        else {
            message.skip(2); // neither depth nor special
            message.loadMaybeRef();
            message.loadMaybeRef();
            message.skip(1);
        }
    }
    const body = message.loadBit() ? bag.read(message.loadRef()) : message;
    const opcode = body.remaining >= 32 ? body.loadUint(32) : 0;
    return { from, to, value, forwardFee, bounce, bounced, opcode, boc: bag.subtree(cell) };
}

/** Nanotons; other currencies are never there. */
export function loadMoney(reader: Reader): bigint {
    const coins = reader.loadCoins();
    if (reader.loadMaybeRef() !== undefined) throw new Error('Other currencies are not expected here.');
    return coins;
}
