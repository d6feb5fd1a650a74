import type { ChatRequest, ChatResult } from '../payload';
import type { FinalInfo, SessionDelta, SessionTask } from '../session';
import type { Vote } from './votes';

/** What a dispute is about, as it was disclosed and checked; the rest is for a verifier to judge. */
export type DisclosedItem = {
    readonly kind: 'job';
    readonly index: number;
    readonly modelId: bigint;
    readonly request: ChatRequest;
    readonly result: ChatResult;
};
export type DisclosedAnswer = {
    readonly kind: 'session';
    readonly modelId: bigint;
    readonly task: SessionTask;
    readonly body: Readonly<Record<string, unknown>>;
    /** In their order, the last frame excluded. */
    readonly deltas: readonly SessionDelta[];
    /** What the last frame said; undefined where the receipt is of an earlier chunk. */
    readonly final: FinalInfo | undefined;
};

/** A fault that needs no engine to be seen. */
export type DisclosureFault = {
    readonly kind: 'fault';
    readonly party: 'accuser' | 'accused';
    readonly reason:
        | 'nothing_disclosed'
        | 'input_key_malformed'
        | 'input_batch_malformed'
        | 'input_too_large'
        | 'input_not_opened'
        | 'input_not_committed'
        | 'input_invalid'
        | 'request_invalid'
        | 'result_not_shown'
        | 'result_absent'
        | 'result_key_malformed'
        | 'result_too_large'
        | 'result_not_opened'
        | 'result_not_committed'
        | 'result_invalid'
        | 'answer_invalid';
};

/** Nobody is to blame for what this juror could not get. */
export type DisclosureUnavailable = { readonly kind: 'unavailable'; readonly what: 'input' };

export type Disclosure = DisclosedItem | DisclosedAnswer | DisclosureFault | DisclosureUnavailable;

/** The vote that follows from a disclosure by itself; undefined where the answer has to be judged. */
export function voteOf(disclosure: Disclosure): Vote | undefined {
    if (disclosure.kind === 'fault') return disclosure.party === 'accused' ? 'client' : 'node';
    return disclosure.kind === 'unavailable' ? 'unavailable' : undefined;
}

export function fault(party: DisclosureFault['party'], reason: DisclosureFault['reason']): DisclosureFault {
    return { kind: 'fault', party, reason };
}
