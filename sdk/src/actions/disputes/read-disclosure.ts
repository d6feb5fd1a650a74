import type { Address, Cell } from '@ton/core';
import {
    decodeAccusedReceipt,
    decodeAnswerItem,
    decodeDiscloseItem,
    decodeDiscloseRequest,
    decodeDiscloseResponse,
    decodeJobFacts,
    decodeJobSubject,
    decodeOpenDispute,
    decodeTerms,
    opcodes,
    type ReceiptFields,
} from 'cocoon-wrappers';
import type { CocoonClient } from '../../client/client';
import { JobMessageNotFoundError } from '../../client/errors';
import {
    type Disclosure,
    type DisputeNotFoundError,
    fault,
    openDisclosedAnswer,
    openDisclosedItem,
} from '../../disputes';
import { AbortedError } from '../../errors';
import {
    type FetchPayloadOptions,
    MAX_ITEM_BYTES,
    PayloadFetchError,
    PayloadFormatError,
    PayloadTooLargeError,
    resolvePayload,
    snakeToBytes,
} from '../../payload';
import type { RpcError } from '../../rpc';
import { MAX_DISCLOSED_BYTES } from '../../session';
import { getPosting, getSubmission, history, opcodeOf, succeeded } from '../jobs/history';
import { type DisputeInfo, requireDispute } from './get-dispute';
import type { DisputeTarget } from './target';

export type ReadDisclosureParameters = DisputeTarget & {
    /** For payloads at URIs. */
    readonly fetchOptions?: FetchPayloadOptions;
};
export type ReadDisclosureReturnType = {
    /** What a juror has to judge, or whose fault it is that there is nothing to judge; see voteOf. */
    readonly disclosure: Disclosure;
    /** Of the accusation; undefined for jobs. */
    readonly receipt: ReceiptFields | undefined;
    /**
     * Payloads of a job that could not be downloaded just now. What is missing counts as absent: ask again before a vote
     * follows from it, because the fault may be this network's.
     */
    readonly unreachable: readonly ('input' | 'result')[];
    readonly dispute: DisputeInfo;
};
export type ReadDisclosureErrorType =
    | DisputeNotFoundError
    | JobMessageNotFoundError
    | AbortedError
    | RpcError;

/**
 * What was disclosed in a dispute, opened and checked: for jurors. Reads the messages that the dispute accepted and, for a job,
 * the payloads of its input and result. Throws DisputeNotFoundError, JobMessageNotFoundError where the endpoint has no
 * history that goes back so far, RpcError.
 */
export async function readDisclosure(
    client: CocoonClient,
    { dispute, fetchOptions }: ReadDisclosureParameters,
): Promise<ReadDisclosureReturnType> {
    const info = await requireDispute(client, { dispute });
    const bodies = await acceptedBodies(client, dispute);
    const opening = bodies.get(opcodes.OpenDispute);
    if (opening === undefined) throw new JobMessageNotFoundError(dispute.toString(), 'OpenDispute');
    const { terms, evidence, subject } = decodeOpenDispute(opening);
    if (decodeJobSubject(subject) !== null) {
        const unreachable: ('input' | 'result')[] = [];
        const payload = async (what: 'input' | 'result', cell: Cell) => {
            const read = await readPayload(cell, fetchOptions);
            if (read === 'unreachable') unreachable.push(what);
            return read instanceof Uint8Array ? read : undefined;
        };
        const disclosure = await openItem(client, info, bodies, terms, payload);
        return { disclosure, receipt: undefined, unreachable, dispute: info };
    }
    const receipt = decodeAccusedReceipt(evidence);
    return { disclosure: openAnswer(info, bodies), receipt, unreachable: [], dispute: info };
}

type Bodies = ReadonlyMap<number, Cell>;

/** What the dispute took, by opcode; nothing of it can be taken twice. */
async function acceptedBodies(client: CocoonClient, dispute: Address): Promise<Bodies> {
    const bodies = new Map<number, Cell>();
    for await (const tx of history(client, dispute)) {
        const body = tx.inMessage?.body;
        const opcode = body && opcodeOf(body);
        if (body !== undefined && opcode !== undefined && succeeded(tx)) bodies.set(opcode, body);
        if (opcode === opcodes.OpenDispute && succeeded(tx)) break;
    }
    return bodies;
}

function openAnswer({ case: confirmed }: DisputeInfo, bodies: Bodies): Disclosure {
    const request = bodies.get(opcodes.DiscloseRequest);
    const response = bodies.get(opcodes.DiscloseResponse);
    if (confirmed === null || request === undefined || response === undefined) {
        return fault('accuser', 'nothing_disclosed');
    }
    const { task, body } = decodeDiscloseRequest(request);
    const { deltas } = decodeDiscloseResponse(response);
    const json = attempt(() => snakeToBytes(body, MAX_DISCLOSED_BYTES));
    const framed = attempt(() => snakeToBytes(deltas, MAX_DISCLOSED_BYTES));
    // The accuser chose the cells; the hashes of what is in them are right.
    if (json === undefined || framed === undefined) return fault('accuser', 'request_invalid');
    return openDisclosedAnswer({ modelId: confirmed.modelId, task, json, deltas: framed });
}

async function openItem(
    client: CocoonClient,
    info: DisputeInfo,
    bodies: Bodies,
    terms: Cell,
    payload: (what: 'input' | 'result', cell: Cell) => Promise<Uint8Array | undefined>,
): Promise<Disclosure> {
    const shown = bodies.get(opcodes.DiscloseItem);
    if (info.case === null || shown === undefined) return fault('accuser', 'nothing_disclosed');
    const { job, claim } = decodeJobSubject(info.subject)!;
    const { networkId, jobParams } = decodeTerms(terms);
    const facts = decodeJobFacts(info.case.facts);
    const { index, ...input } = decodeDiscloseItem(shown);
    const answer = bodies.get(opcodes.AnswerItem);
    const [posting, submission] = await Promise.all([
        getPosting(client, job),
        getSubmission(client, job, claim),
    ]);
    const [inputBatch, resultBatch] = await Promise.all([
        payload('input', posting.message.input),
        payload('result', submission.message.result),
    ]);
    return openDisclosedItem({
        networkId,
        job,
        modelId: facts.modelId,
        count: facts.items,
        index,
        maxItemBytes: jobParams.maxItemBytes,
        input,
        inputBatch,
        result: answer && answerOf(answer),
        resultBatch,
    });
}

function answerOf(body: Cell) {
    const { ciphertext, ...shown } = decodeAnswerItem(body);
    const posted = ciphertext && attempt(() => snakeToBytes(ciphertext, MAX_ITEM_BYTES));
    return posted ? { ...shown, ciphertext: posted } : shown;
}

/** `absent`: not what was promised, or not in the format; that does not change. */
async function readPayload(
    cell: Cell,
    options?: FetchPayloadOptions,
): Promise<Uint8Array | 'absent' | 'unreachable'> {
    try {
        return await resolvePayload(cell, options);
    } catch (error) {
        // Not to be taken for something that is missing.
        if (options?.signal?.aborted) throw new AbortedError(undefined, { cause: error });
        if (error instanceof PayloadFetchError) {
            return error.retryable ? 'unreachable' : 'absent';
        }
        if (error instanceof PayloadFormatError || error instanceof PayloadTooLargeError) return 'absent';
        throw error;
    }
}

function attempt<T>(act: () => T): T | undefined {
    try {
        return act();
    } catch {
        return undefined;
    }
}
