import { CocoonError, type CocoonErrorOptions } from '../errors';
import { describeExitCode, type ExitCodeTable } from './exit-codes';
import type { TraceNode } from './node';
import type { Trace } from './trace';

/** How far a trace has been followed. */
export type TraceProgress = {
    /** Transactions found so far. */
    readonly found: number;
    /** Messages whose transaction is not on chain yet; null while the wallet's own transaction is not. */
    readonly pending: number | null;
};

/** The trace is not complete yet. Nothing is wrong on chain: its messages may still execute. */
export class TraceTimeoutError extends CocoonError {
    readonly progress: TraceProgress;
    /** Goes on waiting, for as long again or for `timeoutMs`. */
    readonly resume: (timeoutMs?: number) => Promise<Trace>;

    constructor(
        progress: TraceProgress,
        timeoutMs: number,
        resume: (timeoutMs?: number) => Promise<Trace>,
        options?: CocoonErrorOptions,
    ) {
        const where =
            progress.pending === null
                ? 'the wallet has not executed the message'
                : `${progress.found} transactions are done and ${progress.pending} messages are on their way`;
        super('trace_timeout', `After ${timeoutMs} ms ${where}.`, {
            ...options,
            details: { ...progress, timeoutMs },
        });
        this.name = 'TraceTimeoutError';
        this.progress = progress;
        this.resume = resume;
    }
}

/** A sender without an address cannot be followed. */
export class TraceRootError extends CocoonError {
    constructor(options?: CocoonErrorOptions) {
        super('trace_root_ambiguous', 'The sender does not tell its address.', options);
        this.name = 'TraceRootError';
    }
}

/** A transaction of a trace failed. `exitName` is the name of the code in the table of the contracts. */
export class TransactionFailedError extends CocoonError {
    readonly node: TraceNode;
    readonly trace: Trace;
    readonly phase: 'compute' | 'action';
    /** Exit code of the compute phase or result code of the action phase; null when compute was skipped. */
    readonly exitCode: number | null;
    readonly exitName: string;

    constructor(trace: Trace, node: TraceNode, table: ExitCodeTable = {}) {
        const failure = describeFailure(trace, node, table);
        super('transaction_failed', `${failure.name} at ${node.address.toString()}: ${failure.meaning}`, {
            remedy: failure.remedy,
            details: {
                address: node.address.toString(),
                lt: node.lt,
                opcode: node.opcode,
                phase: failure.phase,
                exitCode: failure.exitCode,
                exitName: failure.name,
            },
        });
        this.name = 'TransactionFailedError';
        this.node = node;
        this.trace = trace;
        this.phase = failure.phase;
        this.exitCode = failure.exitCode;
        this.exitName = failure.name;
    }
}

/** Throws TransactionFailedError for the first failed node of a trace; else returns the trace. */
export function assertTrace(trace: Trace, table?: ExitCodeTable): Trace {
    const first = trace.failed[0];
    if (first !== undefined) {
        throw new TransactionFailedError(trace, first, table);
    }
    return trace;
}

function describeFailure(trace: Trace, node: TraceNode, table: ExitCodeTable) {
    if (node.computeSkipped !== null) {
        return {
            phase: 'compute' as const,
            exitCode: null,
            name: `compute skipped (${node.computeSkipped})`,
            meaning: 'the account has no code, is frozen, or the message brought too little for gas',
            remedy: 'Check the address and that the contract is deployed; attach more value.',
        };
    }
    const computeFailed = node.computeExit !== null && node.computeExit !== 0 && node.computeExit !== 1;
    if (computeFailed) {
        return {
            phase: 'compute' as const,
            exitCode: node.computeExit,
            ...describeExitCode(node.computeExit!, table),
        };
    }
    if (node === trace.root && node.skippedActions > 0) {
        return {
            phase: 'action' as const,
            exitCode: node.actionResult,
            name: 'message not sent',
            meaning: 'the wallet skipped a message that it could not pay for',
            remedy: 'Send TON to the wallet, then try again.',
        };
    }
    return {
        phase: 'action' as const,
        exitCode: node.actionResult,
        ...describeExitCode(node.actionResult ?? 0, table),
    };
}
