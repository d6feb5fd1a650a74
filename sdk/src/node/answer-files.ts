import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
    type AnswerEvidence,
    type AnswerEvidenceStore,
    bytesToHex,
    decodeAnswerEvidence,
    encodeAnswerEvidence,
} from 'cocoon-sdk';
import { privateFolder, readIfPresent, writeDurably } from './durable-file';

export type AnswerFilesOptions = {
    readonly folder: string;
    /** How long an answer can be disputed: the terms' evidenceWindow, seconds. Older files are deleted. */
    readonly keepSeconds: number;
    /** Milliseconds since the epoch; the machine's clock by default. */
    readonly now?: () => number;
};

/** What can be disputed, by the time of its receipt. */
export type KeptAnswer = {
    /** For `get`. */
    readonly key: string;
    /** Unix seconds. */
    readonly issuedAt: number;
};

/** Evidence of answers in a folder. */
export interface AnswerFiles extends AnswerEvidenceStore {
    /** Oldest first. */
    list(): Promise<KeptAnswer[]>;
    /** Undefined where it is not kept. Throws EvidenceInsufficientError where the file is damaged. */
    get(key: string): Promise<AnswerEvidence | undefined>;
    delete(key: string): Promise<void>;
}

const KEY = /^(\d{10})-[0-9a-f]{16}-\d+-\d+-\d+-\d+-[0-9a-f]{16}$/;
const PRUNE_MS = 60_000;

/**
 * Keeps the evidence of answers in files that only this user can read, for as long as they can be disputed. Requests and
 * answers are in them in plain text.
 */
export function answerFiles({ folder, keepSeconds, now = Date.now }: AnswerFilesOptions): AnswerFiles {
    const pathOf = (key: string) => join(folder, `${key}.json`);
    let prunedAt = Number.NEGATIVE_INFINITY;
    const list = async () => {
        await privateFolder(folder);
        const keys = (await readdir(folder)).map((name) => name.replace(/\.json$/, ''));
        return keys
            .filter((key) => KEY.test(key))
            .sort()
            .map((key) => ({ key, issuedAt: Number(KEY.exec(key)![1]) }));
    };
    const remove = (key: string) => rm(pathOf(key), { force: true });
    const prune = async () => {
        if (now() - prunedAt < PRUNE_MS) return;
        prunedAt = now();
        const oldest = Math.floor(now() / 1_000) - keepSeconds;
        for (const { key, issuedAt } of await list()) if (issuedAt < oldest) await remove(key);
    };
    return {
        async put(evidence) {
            await privateFolder(folder);
            await writeDurably(pathOf(keyOf(evidence)), encodeAnswerEvidence(evidence));
            await prune();
        },
        list,
        async get(key) {
            const text = KEY.test(key) ? await readIfPresent(pathOf(key)) : undefined;
            return text === undefined ? undefined : decodeAnswerEvidence(text);
        },
        delete: async (key) => {
            if (KEY.test(key)) await remove(key);
        },
    };
}

/** Receipts that conflict get files of their own: the signature tells them apart. */
function keyOf({ request, receipt }: AnswerEvidence): string {
    const { vault, slot, generation, sequence } = request;
    const issuedAt = receipt.issuedAt.toString().padStart(10, '0');
    const account = bytesToHex(vault.subarray(0, 8));
    const signature = bytesToHex(receipt.signature.subarray(0, 8));
    return [issuedAt, account, slot, generation, sequence, receipt.chunk, signature].join('-');
}
