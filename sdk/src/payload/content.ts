import { InvalidArgumentError } from '../errors';
import { equalBytes, type RandomBytes, secureRandomBytes } from '../utils';
import { decodeSealedBatch, encodeSealedBatch } from './batch';
import type { Direction, JobContext } from './context';
import { PayloadCommitmentError } from './errors';
import { deriveItemKey, type OpenedItem, openItem, sealItem } from './item-cipher';
import { CONTENT_KEY_BYTES, SALT_BYTES } from './limits';
import { type Commitment, commitItems } from './merkle';

/** What sealing the items of one direction gives. Keep `contentKey` and `salts` secret until disclosure. */
export type SealedContent = {
    readonly contentKey: Uint8Array;
    readonly salts: readonly Uint8Array[];
    readonly commitment: Commitment;
    /** The sealed batch, for encodePayload or for publishing at a URI. */
    readonly batch: Uint8Array;
};

/** What the chain says about the content: its top, its root, or both; at least one. */
export type ExpectedCommitment = { readonly top?: Uint8Array; readonly root?: Uint8Array };

/** Encrypts items under a fresh content key and commits to them. */
export function sealContent(args: {
    context: JobContext;
    direction: Direction;
    items: readonly Uint8Array[];
    maxItemBytes?: number;
    randomBytes?: RandomBytes;
}): SealedContent {
    const random = args.randomBytes ?? secureRandomBytes;
    const contentKey = random(CONTENT_KEY_BYTES);
    const salts = args.items.map(() => random(SALT_BYTES));
    const commitment = commitItems(args.items, salts);
    const count = args.items.length;
    const sealed = args.items.map((data, index) =>
        sealItem(
            deriveItemKey(contentKey, args.direction, index),
            { ...args.context, direction: args.direction, index, count },
            { salt: salts[index]!, data },
        ),
    );
    return { contentKey, salts, commitment, batch: encodeSealedBatch(sealed, args.maxItemBytes) };
}

/**
 * Decrypts a sealed batch and checks it against the chain's number of items and commitment.
 * Throws PayloadFormatError, PayloadTooLargeError, PayloadDecryptionError or PayloadCommitmentError.
 */
export function openContent(args: {
    context: JobContext;
    direction: Direction;
    contentKey: Uint8Array;
    batch: Uint8Array;
    count: number;
    expected: ExpectedCommitment;
    maxItemBytes?: number;
}): OpenedItem[] {
    if (args.expected.top === undefined && args.expected.root === undefined) {
        throw new InvalidArgumentError('Opening content needs the top or the root of its commitment.');
    }
    const sealed = decodeSealedBatch(args.batch, args.maxItemBytes);
    if (sealed.length !== args.count) {
        throw new PayloadCommitmentError(`The batch has ${sealed.length} items, the job ${args.count}.`);
    }
    const items = sealed.map((ciphertext, index) =>
        openItem(
            deriveItemKey(args.contentKey, args.direction, index),
            { ...args.context, direction: args.direction, index, count: args.count },
            ciphertext,
        ),
    );
    checkCommitment(items, args.expected);
    return items;
}

function checkCommitment(items: readonly OpenedItem[], expected: ExpectedCommitment): void {
    const commitment = commitItems(
        items.map((item) => item.data),
        items.map((item) => item.salt),
    );
    for (const part of ['top', 'root'] as const) {
        const wanted = expected[part];
        if (wanted !== undefined && !equalBytes(commitment[part], wanted)) {
            throw new PayloadCommitmentError(`The decrypted items do not match the ${part} on chain.`);
        }
    }
}
