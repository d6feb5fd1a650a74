import type { Address, Cell } from '@ton/core';
import {
    type ChatRequest,
    type ChatResult,
    type Direction,
    decodeRequest,
    decodeResult,
    decodeSealedBatch,
    leafHash,
    openItem,
} from '../payload';
import { equalBytes, integerToHash } from '../utils';
import { readItemKey } from './cells';
import { type DisclosedItem, type DisclosureFault, type DisclosureUnavailable, fault } from './judged';

/** A disclosed leaf with what opens it, as the contract accepted it: its path is right. */
export type ShownItem = {
    readonly leaf: bigint;
    readonly itemKey: Cell;
};

export type OpenDisclosedItemParameters = {
    readonly networkId: number;
    readonly job: Address;
    readonly modelId: bigint;
    /** Number of items of the job. */
    readonly count: number;
    readonly index: number;
    /** Of the job's terms; of the ciphertext, bytes. */
    readonly maxItemBytes: number;
    readonly input: ShownItem;
    /** The sealed batch of the input; undefined where it cannot be had. */
    readonly inputBatch: Uint8Array | undefined;
    /** What the node answered; undefined where it did not. */
    readonly result: (ShownItem & { readonly ciphertext?: Uint8Array }) | undefined;
    /** The sealed batch of the result; undefined where it cannot be had. */
    readonly resultBatch: Uint8Array | undefined;
};

/**
 * Opens the one item of a job that is in dispute: decrypts request and result with their item keys and compares them with the
 * leaves that are proven on chain. Pure; whatever is wrong is somebody's fault, and never an exception.
 */
export function openDisclosedItem(
    parameters: OpenDisclosedItemParameters,
): DisclosedItem | DisclosureFault | DisclosureUnavailable {
    const request = openRequest(parameters);
    if ('kind' in request) return request;
    const result = openShownResult(parameters);
    if ('kind' in result) return result;
    const { index, modelId } = parameters;
    return { kind: 'job', index, modelId, request: request.value, result: result.value };
}

type Opened<T> = { readonly value: T } | DisclosureFault | DisclosureUnavailable;

function openRequest(parameters: OpenDisclosedItemParameters): Opened<ChatRequest> {
    const { inputBatch, index } = parameters;
    if (inputBatch === undefined) return { kind: 'unavailable', what: 'input' };
    const ciphertext = attempt(() => decodeSealedBatch(inputBatch)[index]);
    if (ciphertext === undefined) return fault('accuser', 'input_batch_malformed');
    return open(parameters, 'input', parameters.input, ciphertext, decodeRequest);
}

function openShownResult(parameters: OpenDisclosedItemParameters): Opened<ChatResult> {
    const { result, resultBatch, index } = parameters;
    if (result === undefined) return fault('accused', 'result_not_shown');
    // The node had its window to post the ciphertext: what nobody can fetch is absent.
    const published = resultBatch && attempt(() => decodeSealedBatch(resultBatch)[index]);
    const ciphertext = result.ciphertext ?? published;
    if (ciphertext === undefined) return fault('accused', 'result_absent');
    return open(parameters, 'result', result, ciphertext, decodeResult);
}

function open<T>(
    place: OpenDisclosedItemParameters,
    direction: Direction,
    shown: ShownItem,
    ciphertext: Uint8Array,
    decode: (data: Uint8Array) => T,
): Opened<T> {
    const party = direction === 'input' ? 'accuser' : 'accused';
    if (ciphertext.length > place.maxItemBytes) return fault(party, `${direction}_too_large`);
    const itemKey = readItemKey(shown.itemKey);
    if (itemKey === undefined) return fault(party, `${direction}_key_malformed`);
    const item = attempt(() => openItem(itemKey, { ...place, direction }, ciphertext));
    if (item === undefined) return fault(party, `${direction}_not_opened`);
    const leaf = leafHash(place.index, item.salt, item.data);
    if (!equalBytes(leaf, integerToHash(shown.leaf))) return fault(party, `${direction}_not_committed`);
    const value = attempt(() => decode(item.data));
    return value === undefined ? fault(party, `${direction}_invalid`) : { value };
}

function attempt<T>(act: () => T): T | undefined {
    try {
        return act();
    } catch {
        return undefined;
    }
}
