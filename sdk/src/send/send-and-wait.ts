import { assertTrace, type ExitCodeTable, type Trace, type WaitTraceOptions, waitTrace } from '../trace';
import type { MessageSender, OutgoingMessage } from './message-sender';

export type SendAndWaitOptions = Omit<WaitTraceOptions, 'root'> & {
    sender: MessageSender;
    messages: readonly OutgoingMessage[];
    /** Names the exit codes of the contracts in errors. */
    exitCodes?: ExitCodeTable;
};

/**
 * Sends messages and waits for everything that they lead to. One trace where the wallet signs here, one for each
 * message behind a wallet app. Throws the sender's errors, TraceTimeoutError and TransactionFailedError.
 */
export async function sendAndWait(options: SendAndWaitOptions): Promise<Trace[]> {
    const { roots } = await options.sender.sendMessages(options.messages);
    const traces: Trace[] = [];
    for (const root of roots) {
        traces.push(assertTrace(await waitTrace({ ...options, root }), options.exitCodes));
    }
    return traces;
}
