import type { Address, Cell, Message, Transaction } from '@ton/core';

/** One transaction of a trace and what it led to. Amounts in nanoTON. */
export type TraceNode = {
    readonly address: Address;
    readonly tx: Transaction;
    /** 32 bytes. */
    readonly hash: Uint8Array;
    readonly lt: bigint;
    /** Unix time in seconds. */
    readonly now: number;
    /** Exit code of the compute phase; null when it was skipped. */
    readonly computeExit: number | null;
    /** Why the compute phase was skipped, or null. */
    readonly computeSkipped: 'no-state' | 'bad-state' | 'no-gas' | 'suspended' | null;
    /** Result code of the action phase; null when there was none. */
    readonly actionResult: number | null;
    /** Actions that the action phase skipped because they could not be carried out. */
    readonly skippedActions: number;
    readonly aborted: boolean;
    /** Whether the incoming message is a bounced one. */
    readonly bounced: boolean;
    /** First 32 bits of the incoming body (after the bounce prefix), or null. */
    readonly opcode: number | null;
    readonly inValue: bigint;
    readonly gasUsed: bigint;
    /** What this transaction cost, forwarding of its messages included. */
    readonly fees: bigint;
    /** Events: bodies of external out-messages. */
    readonly events: readonly Cell[];
    /** Results of the internal out-messages that are followed, in their order. */
    readonly children: readonly TraceNode[];
};

/** Describes a transaction. */
export function traceNode(tx: Transaction, address: Address, children: readonly TraceNode[]): TraceNode {
    const { description } = tx;
    const compute = 'computePhase' in description ? description.computePhase : undefined;
    const action = 'actionPhase' in description ? description.actionPhase : undefined;
    const vm = compute?.type === 'vm' ? compute : undefined;
    return {
        address,
        tx,
        hash: new Uint8Array(tx.hash()),
        lt: tx.lt,
        now: tx.now,
        computeExit: vm?.exitCode ?? null,
        computeSkipped: compute?.type === 'skipped' ? compute.reason : null,
        actionResult: action?.resultCode ?? null,
        skippedActions: action?.skippedActions ?? 0,
        aborted: 'aborted' in description && description.aborted,
        bounced: tx.inMessage?.info.type === 'internal' && tx.inMessage.info.bounced,
        opcode: tx.inMessage ? readOpcode(tx.inMessage) : null,
        inValue: tx.inMessage?.info.type === 'internal' ? tx.inMessage.info.value.coins : 0n,
        gasUsed: vm?.gasUsed ?? 0n,
        fees: totalCost(tx),
        events: tx.outMessages
            .values()
            .flatMap((message) => (message.info.type === 'external-out' ? [message.body] : [])),
        children,
    };
}

/** A transaction's own fees, and the part of forwarding fees that travels with its messages to be collected later. */
function totalCost(tx: Transaction): bigint {
    const forwarding = tx.outMessages
        .values()
        .reduce((sum, { info }) => sum + (info.type === 'internal' ? info.forwardFee : 0n), 0n);
    return tx.totalFees.coins + forwarding;
}

function readOpcode(message: Message): number | null {
    const body = message.body.beginParse();
    // A bounced body starts with 32 one bits, then what was sent.
    if (message.info.type === 'internal' && message.info.bounced && body.remainingBits >= 32) {
        body.skip(32);
    }
    return body.remainingBits >= 32 ? body.loadUint(32) : null;
}
