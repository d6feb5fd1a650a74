import type { Cell } from '@ton/core';
import { loadDiscloseKey, loadPostJob, loadSubmitResult } from '../build/Job/Job_Job';

/** The message that opened a job. */
export interface PostJobMessage {
    terms: Cell;
    spec: Cell;
    /** Payload cell of the input. */
    input: Cell;
    /** Content key sealed to the node; direct jobs only. */
    sealedKey: Cell | null;
}

export interface DiscloseKeyMessage {
    claim: number;
    encryptionKey: bigint;
    sealedKey: Cell;
}

export interface SubmitResultMessage {
    claim: number;
    resultTop: bigint;
    promptTokens: number;
    completionTokens: number;
    /** Payload cell of the result. */
    result: Cell;
    /** Content key sealed to the client. */
    sealedKey: Cell;
}

/** Reads a PostJob body; throws when it is none. */
export function decodePostJob(body: Cell): PostJobMessage {
    const { terms, spec, input, sealedKey } = loadPostJob(body.beginParse());
    return { terms, spec, input, sealedKey };
}

/** Reads a DiscloseKey body; throws when it is none. */
export function decodeDiscloseKey(body: Cell): DiscloseKeyMessage {
    const { claim, encryptionKey, sealedKey } = loadDiscloseKey(body.beginParse());
    return { claim: Number(claim), encryptionKey, sealedKey };
}

/** Reads a SubmitResult body; throws when it is none. */
export function decodeSubmitResult(body: Cell): SubmitResultMessage {
    const message = loadSubmitResult(body.beginParse());
    return {
        claim: Number(message.claim),
        resultTop: message.resultTop,
        promptTokens: Number(message.promptTokens),
        completionTokens: Number(message.completionTokens),
        result: message.result,
        sealedKey: message.sealedKey,
    };
}
