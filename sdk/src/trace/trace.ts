import type { TraceNode } from './node';

/** Everything that one message led to. Amounts in nanoTON. */
export type Trace = {
    /** The wallet's transaction. */
    readonly root: TraceNode;
    /** All nodes, parents before children. */
    readonly nodes: readonly TraceNode[];
    /** Nodes that failed, parents before children. */
    readonly failed: readonly TraceNode[];
    readonly totalFees: bigint;
    /** Gas of all nodes, the wallet's included. */
    readonly totalGas: bigint;
};

/** Sums up a tree of nodes. */
export function createTrace(root: TraceNode): Trace {
    const nodes = flattenTrace(root);
    return {
        root,
        nodes,
        failed: nodes.filter((node) => isFailed(node, node === root)),
        totalFees: nodes.reduce((sum, node) => sum + node.fees, 0n),
        totalGas: nodes.reduce((sum, node) => sum + node.gasUsed, 0n),
    };
}

/** A node and all below it, parents before children. */
export function flattenTrace(root: TraceNode): TraceNode[] {
    const nodes: TraceNode[] = [];
    const open = [root];
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
        nodes.push(node);
        open.push(...[...node.children].reverse());
    }
    return nodes;
}

/**
 * Whether a transaction failed. Value that reaches an account without code by a non-bounceable message is a deposit,
 * not a failure, although its compute phase is skipped. Wallets send with "ignore errors", so that in the wallet's
 * transaction a skipped action means a message that was never sent; in contracts it is a choice.
 */
function isFailed(node: TraceNode, isRoot: boolean): boolean {
    if (isRoot && node.skippedActions > 0) {
        return true;
    }
    if (node.computeSkipped !== null) {
        const info = node.tx.inMessage?.info;
        return info?.type !== 'internal' || info.bounce;
    }
    return node.aborted || (node.actionResult !== null && node.actionResult !== 0);
}
