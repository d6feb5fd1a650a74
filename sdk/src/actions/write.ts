import { decodeEvent, opcodes, type ProtocolEvent } from 'cocoon-wrappers';
import type { CocoonClient } from '../client/client';
import type { SenderMissingError } from '../client/errors';
import { type CocoonError, contractExitCodes } from '../errors';
import type { RpcError } from '../rpc';
import type {
    MessageNotExecutedError,
    WalletNotDeployedError,
    WalletOutcomeUnknownError,
    WalletUnfundedError,
} from '../send';
import {
    type Trace,
    type TraceNode,
    type TraceTimeoutError,
    TransactionFailedError,
    waitTrace,
} from '../trace';
import type { TxParams } from './tx-params';

/** What a write led to. */
export type WriteResult = {
    /** One trace where the wallet signs here, one for each message behind a wallet app. */
    readonly traces: readonly Trace[];
    /** Events of all contracts, in order. */
    readonly events: readonly ProtocolEvent[];
    /** What the chain took in all, in nanoTON. */
    readonly fees: bigint;
};

/** What a write can throw. */
export type WriteErrorType =
    | SenderMissingError
    | WalletUnfundedError
    | WalletNotDeployedError
    | MessageNotExecutedError
    | WalletOutcomeUnknownError
    | TraceTimeoutError
    | TransactionFailedError
    | RpcError
    | CocoonError;

/** Payments to wallets. Whatever a receiver makes of its money is no failure of ours. */
const PAYMENTS: ReadonlySet<number> = new Set([
    opcodes.Excesses,
    opcodes.JobPayout,
    opcodes.ProtocolFee,
    opcodes.JobRefund,
    opcodes.SlashCompensation,
    opcodes.StakeWithdrawal,
    opcodes.VaultPayout,
    opcodes.VaultWithdrawal,
    opcodes.DisputePayout,
    opcodes.JurorFee,
    opcodes.Burn,
]);

/**
 * Sends messages and waits until everything that they lead to has happened.
 * `tolerate` names failures that are part of the protocol.
 */
export async function sendTransactions(
    client: CocoonClient,
    messages: readonly TxParams[],
    tolerate: (node: TraceNode) => boolean = () => false,
): Promise<WriteResult> {
    const { roots } = await client.sender.sendMessages(messages);
    const traces: Trace[] = [];
    for (const root of roots) {
        const trace = await waitTrace({
            reader: client.reader,
            clock: client.clock,
            root,
            ...client.waiting,
        });
        const failed = trace.failed.find((node) => !isPayment(node) && !tolerate(node));
        if (failed !== undefined) throw new TransactionFailedError(trace, failed, contractExitCodes);
        traces.push(trace);
    }
    return {
        traces,
        events: traces.flatMap(({ nodes }) => nodes.flatMap(eventsOf)),
        fees: traces.reduce((sum, trace) => sum + trace.totalFees, 0n),
    };
}

/** The first event of a kind. */
export function findEvent<T extends ProtocolEvent['$$type']>(
    result: WriteResult,
    type: T,
): Extract<ProtocolEvent, { $$type: T }> | undefined {
    return result.events.find(
        (event): event is Extract<ProtocolEvent, { $$type: T }> => event.$$type === type,
    );
}

function eventsOf(node: TraceNode): ProtocolEvent[] {
    return node.events.flatMap((body) => decodeEvent(body) ?? []);
}

function isPayment(node: TraceNode): boolean {
    return node.opcode !== null && PAYMENTS.has(node.opcode);
}
