import type { Cell } from '@ton/core';
import * as binding from '../build/Dispute/Dispute_Dispute';
import { cellOf, type QueryOptions } from './lib';

/** Bodies of the messages that users send to a Dispute. */
export const disputeBodies = {
    /** With the Dispute's StateInit. `subject` and `evidence` are cells of dispute-cells.ts. */
    open(message: QueryOptions & { terms: Cell; subject: Cell; evidence: Cell }): Cell {
        const { queryId = 0n, ...opening } = message;
        return cellOf(binding.storeOpenDispute({ $$type: 'OpenDispute', queryId, ...opening }));
    },

    /** While the node is busy; the evidence is that of the opening. */
    retry({ queryId = 0n, evidence }: QueryOptions & { evidence: Cell }): Cell {
        return cellOf(binding.storeRetry({ $$type: 'Retry', queryId, evidence }));
    },

    /** One item of a job's input. */
    discloseItem(
        message: QueryOptions & { index: number; leaf: bigint; itemKey: Cell; path: Cell | null },
    ): Cell {
        const { queryId = 0n, index, ...shown } = message;
        return cellOf(
            binding.storeDiscloseItem({ $$type: 'DiscloseItem', queryId, index: BigInt(index), ...shown }),
        );
    },

    /** The canonical JSON of a session's request as a snake of at most 250 cells, with its salt and its task's number. */
    discloseRequest(message: QueryOptions & { salt: bigint; task: number; body: Cell }): Cell {
        const { queryId = 0n, task, ...shown } = message;
        return cellOf(
            binding.storeDiscloseRequest({
                $$type: 'DiscloseRequest',
                queryId,
                task: BigInt(task),
                ...shown,
            }),
        );
    },

    /** The deltas of a session's answer, each with its length (u32) before it, as a snake of at most 250 cells. */
    discloseResponse({ queryId = 0n, ...shown }: QueryOptions & { salt: bigint; deltas: Cell }): Cell {
        return cellOf(binding.storeDiscloseResponse({ $$type: 'DiscloseResponse', queryId, ...shown }));
    },

    /** The same item of the job's result; with its ciphertext when the result was a URI. */
    answerItem(
        message: QueryOptions & { leaf: bigint; itemKey: Cell; path: Cell | null; ciphertext?: Cell },
    ): Cell {
        const { queryId = 0n, ciphertext = null, ...shown } = message;
        return cellOf(binding.storeAnswerItem({ $$type: 'AnswerItem', queryId, ciphertext, ...shown }));
    },

    /** `index` is that of the juror's node, `vote` one of VOTE. */
    reveal(message: QueryOptions & { index: number; vote: number; salt: bigint }): Cell {
        const { queryId = 0n, index, vote, salt } = message;
        return cellOf(
            binding.storeReveal({
                $$type: 'Reveal',
                queryId,
                index: BigInt(index),
                vote: BigInt(vote),
                salt,
            }),
        );
    },

    resolve({ queryId = 0n }: QueryOptions = {}): Cell {
        return cellOf(binding.storeResolve({ $$type: 'Resolve', queryId }));
    },

    destroy({ queryId = 0n }: QueryOptions = {}): Cell {
        return cellOf(binding.storeDestroyDispute({ $$type: 'DestroyDispute', queryId }));
    },
};
