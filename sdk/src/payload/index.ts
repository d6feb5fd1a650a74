export { decodeSealedBatch, encodeSealedBatch } from './batch';
export { canonicalJson, type JsonValue } from './canonical-json';
export {
    type ChatMessage,
    type ChatRequest,
    checkRequest,
    decodeRequest,
    encodeRequest,
} from './chat-request';
export {
    type ChatResult,
    checkResult,
    decodeResult,
    encodeResult,
    type FinishReason,
    type ItemUsage,
} from './chat-result';
export { decodePayload, encodePayload, type InlinePayload, type Payload, type UriPayload } from './container';
export { type ExpectedCommitment, openContent, type SealedContent, sealContent } from './content';
export type { Direction, JobContext, KeyContext } from './context';
export {
    PayloadCommitmentError,
    PayloadContentError,
    PayloadDecryptionError,
    PayloadFetchError,
    PayloadFormatError,
    PayloadTooLargeError,
} from './errors';
export { type FetchPayloadOptions, fetchPayload, resolvePayload } from './fetch-payload';
export {
    type EncryptionKeyPair,
    encryptionKeyPair,
    openKey,
    SEALED_KEY_BYTES,
    sealedKeyFromCell,
    sealedKeyToCell,
    sealKey,
} from './hpke';
export {
    deriveItemKey,
    type ItemKey,
    type ItemPlace,
    type OpenedItem,
    openItem,
    sealItem,
} from './item-cipher';
export {
    inlinePayload,
    type OpenArgs,
    openInput,
    openResult,
    releaseInputKey,
    type SealArgs,
    type SealedDelivery,
    sealInput,
    sealResult,
} from './job-content';
export {
    CONTENT_KEY_BYTES,
    HASH_BYTES,
    ITEM_OVERHEAD_BYTES,
    MAX_BATCH_BYTES,
    MAX_INLINE_BYTES,
    MAX_ITEM_BYTES,
    MAX_ITEMS,
    MAX_URL_BYTES,
    SALT_BYTES,
} from './limits';
export {
    type Commitment,
    commitItems,
    commitmentRoot,
    type ItemProof,
    leafHash,
    nodeHash,
    proveItem,
    verifyItem,
} from './merkle';
export { isPrivateIp } from './private-address';
export { bytesToSnake, snakeToBytes } from './snake';
