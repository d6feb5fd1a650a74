import { type Address, Cell } from '@ton/core';
import { cellHash, decodeJobSpec, decodeTerms, encodeJobEvidence } from 'cocoon-wrappers';
import type { JobRecord } from '../jobs';
import {
    commitItems,
    decodeSealedBatch,
    deriveItemKey,
    HASH_BYTES,
    type ItemKey,
    openContent,
    proveItem,
} from '../payload';
import { hexToBytes, integerToHash } from '../utils';
import type { DisputeCase } from './case';
import { jobSubject } from './cells';
import { EvidenceInsufficientError } from './errors';
import { type DisclosurePreview, previewOf, textPart } from './preview';

/** What discloses one item of a job, and no other. */
export type ItemDisclosure = {
    readonly index: number;
    readonly leaf: Uint8Array;
    /** Opens this item's ciphertext and no other. */
    readonly itemKey: ItemKey;
    /** Sibling hashes from the leaf upwards. */
    readonly siblings: readonly Uint8Array[];
};

export type BuildJobEvidenceParameters = {
    readonly job: Address;
    /** The wallet that posted the job. */
    readonly accuser: Address;
    readonly record: JobRecord;
    /** The sealed batch of the input, as it was posted or published. */
    readonly batch: Uint8Array;
    /** Number of the claim that submitted, and what it submitted; of getJob or readResult. */
    readonly claim: number;
    readonly resultRoot: bigint;
    /** When the result was submitted, unix seconds of the chain. */
    readonly submittedAt: number;
    /** The item in dispute. */
    readonly index: number;
};
export type JobCase = DisputeCase & { readonly kind: 'job'; readonly item: ItemDisclosure };

/**
 * The accusation of one item of a job's result. Pure. Throws EvidenceInsufficientError for an index out of range, and the
 * errors of payloads where record and batch do not belong together.
 */
export function buildJobEvidence(parameters: BuildJobEvidenceParameters): JobCase {
    const { job, accuser, record, claim, resultRoot } = parameters;
    const terms = decodeTerms(Cell.fromBase64(record.terms));
    const { item, data } = itemDisclosure(parameters);
    return {
        kind: 'job',
        termsHash: cellHash(Cell.fromBase64(record.terms)),
        accuser,
        subject: jobSubject(accuser, job, claim),
        evidence: encodeJobEvidence(resultRoot),
        openBefore: parameters.submittedAt + terms.stakeParams.evidenceWindow,
        opening: previewOf([claimPart(job, claim)]),
        disclosure: previewItem(item.index, data),
        item,
    };
}

/** What disclosing an item makes public: this request, and by the node’s answer its result; no other item. */
export function previewItem(index: number, data: Uint8Array): DisclosurePreview {
    return previewOf([
        textPart(`request ${index} of the job with all its messages`, data),
        {
            label: `the node’s answer to request ${index}, when the node shows it`,
            bytes: 0,
            text: '(the node discloses it)',
        },
    ]);
}

function itemDisclosure({ job, record, batch, index }: BuildJobEvidenceParameters) {
    const spec = decodeJobSpec(Cell.fromBase64(record.spec));
    const contentKey = hexToBytes(record.contentKey);
    const items = openContent({
        context: { networkId: record.networkId, job },
        direction: 'input',
        contentKey,
        batch,
        count: spec.items,
        expected: { top: integerToHash(spec.inputTop) },
        maxItemBytes: decodeTerms(Cell.fromBase64(record.terms)).jobParams.maxItemBytes,
    });
    const opened = items[index];
    if (opened === undefined) throw new EvidenceInsufficientError('item_index');
    const { leaves } = commitItems(
        items.map(({ data }) => data),
        items.map(({ salt }) => salt),
    );
    const { siblings } = proveItem(leaves, index);
    const itemKey = deriveItemKey(contentKey, 'input', index);
    return { item: { index, leaf: leaves[index]!, itemKey, siblings }, data: opened.data };
}

export type BuildResultAnswerParameters = {
    readonly networkId: number;
    readonly job: Address;
    /** Content key of the result, 32 bytes. */
    readonly contentKey: Uint8Array;
    /** The sealed batch of the result. */
    readonly batch: Uint8Array;
    readonly count: number;
    readonly resultRoot: bigint;
    /** The item in dispute. */
    readonly index: number;
    readonly maxItemBytes?: number;
};
/** What answers a disclosed item. `ciphertext` is for results that were published at a URI. */
export type ItemAnswer = ItemDisclosure & {
    readonly ciphertext: Uint8Array;
    /** What everybody will be able to read. */
    readonly disclosure: DisclosurePreview;
};

/** The node's side of a disclosed item: leaf, path and key of the same item of its result. Pure. Throws errors of payloads. */
export function buildItemAnswer(parameters: BuildResultAnswerParameters): ItemAnswer {
    const { job, networkId, contentKey, batch, count, index } = parameters;
    const items = openContent({
        context: { networkId, job },
        direction: 'result',
        contentKey,
        batch,
        count,
        expected: { root: integerToHash(parameters.resultRoot) },
        maxItemBytes: parameters.maxItemBytes,
    });
    const opened = items[index];
    if (opened === undefined) throw new EvidenceInsufficientError('item_index');
    const { leaves } = commitItems(
        items.map(({ data }) => data),
        items.map(({ salt }) => salt),
    );
    return {
        index,
        leaf: leaves[index]!,
        itemKey: deriveItemKey(contentKey, 'result', index),
        siblings: proveItem(leaves, index).siblings,
        ciphertext: decodeSealedBatch(batch, parameters.maxItemBytes)[index]!,
        disclosure: previewOf([textPart(`the answer to request ${index} of the job`, opened.data)]),
    };
}

function claimPart(job: Address, claim: number) {
    return {
        label: 'that this claim of the job is disputed',
        bytes: HASH_BYTES + 1,
        text: JSON.stringify({ job: job.toRawString(), claim }),
    };
}
