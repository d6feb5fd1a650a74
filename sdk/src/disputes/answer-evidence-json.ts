import { type AnswerEvidence, decodeReceipt, encodeReceipt, type SessionTask } from '../session';
import { bytesToHex, hexToBytes } from '../utils';
import { EvidenceInsufficientError } from './errors';

const TASKS: readonly SessionTask[] = ['chat', 'completion', 'embedding'];

/** Evidence as JSON text. In plain text: keep it as safe as the conversation. */
export function encodeAnswerEvidence(evidence: AnswerEvidence): string {
    const { request, modelId, task, salt, json, deltas, receipt } = evidence;
    return JSON.stringify({
        version: 1,
        networkId: request.networkId,
        node: bytesToHex(request.node),
        vault: bytesToHex(request.vault),
        slot: request.slot,
        generation: request.generation.toString(),
        sequence: request.sequence.toString(),
        modelId: bytesToHex(modelId),
        task,
        salt: bytesToHex(salt),
        json: bytesToHex(json),
        deltas: deltas === null ? null : deltas.map(bytesToHex),
        receipt: bytesToHex(encodeReceipt(receipt)),
    });
}

/** Reads encodeAnswerEvidence's text. Throws EvidenceInsufficientError, which quotes nothing of it. */
export function decodeAnswerEvidence(text: string): AnswerEvidence {
    try {
        const raw = JSON.parse(text);
        if (raw.version !== 1 || !TASKS.includes(raw.task)) throw new EvidenceInsufficientError('format');
        return {
            request: {
                networkId: Number(raw.networkId),
                node: hexToBytes(raw.node),
                vault: hexToBytes(raw.vault),
                slot: Number(raw.slot),
                generation: BigInt(raw.generation),
                sequence: BigInt(raw.sequence),
            },
            modelId: hexToBytes(raw.modelId),
            task: raw.task,
            salt: hexToBytes(raw.salt),
            json: hexToBytes(raw.json),
            deltas: raw.deltas === null ? null : (raw.deltas as string[]).map(hexToBytes),
            receipt: decodeReceipt(hexToBytes(raw.receipt)),
        };
    } catch {
        // Without the cause: it quotes the text.
        throw new EvidenceInsufficientError('format');
    }
}
