export { Channel, type ChannelOptions } from './channel/channel';
export type { ChannelStore, SessionMarks } from './channel/store';
export {
    type AnswerEvidence,
    type AnswerEvidenceStore,
    disclosedBytes,
    MAX_DISCLOSED_BYTES,
} from './client/answer-evidence';
export type { SessionPatience } from './client/limits';
export { SessionClient, type SessionClientOptions } from './client/session-client';
export type {
    EvidenceStore,
    SessionAnswer,
    SessionEvidence,
    SessionRequest,
    SessionResult,
} from './client/types';
export {
    decapsulate,
    type EncapsulationPlace,
    encapsulate,
    encryptionKeyId,
    type SessionSecret,
} from './crypto/encapsulate';
export { type EncryptionKeys, EnvelopeOpener } from './crypto/envelope-opener';
export { noblePrimitives } from './crypto/noble';
export type { RunningSha256, SessionPrimitives } from './crypto/primitives';
export {
    type OpenedEnvelope,
    openEnvelopeWith,
    type SealedEnvelope,
    sealEnvelope,
} from './crypto/sealed-envelope';
export * from './errors';
export { type FetchTransportOptions, fetchTransport } from './fetch-transport';
export type { Transport, TransportOptions, TransportResponse } from './transport';
export type { AllocationRef, RequestRef } from './wire/allocation-ref';
export { signAuthorization, verifyAuthorization } from './wire/authorization';
export {
    type AllocationStatus,
    type ControlContent,
    type ControlKind,
    decodeAllocationStatus,
    decodeControlContent,
    encodeAllocationStatus,
    encodeControlContent,
    hashControl,
    signControl,
    verifyControl,
} from './wire/control';
export {
    countableBytes,
    decodeDelta,
    decodeFailure,
    decodeFinalInfo,
    encodeDelta,
    encodeFailure,
    encodeFinalInfo,
    type FailureInfo,
    type FinalInfo,
    type SessionDelta,
    type SessionFinish,
} from './wire/delta';
export { decodeEnvelope, type Envelope, type EnvelopeHeader, encodeEnvelopeHead } from './wire/envelope';
export {
    type AnswerFrame,
    FRAME_TYPE,
    type Frame,
    FrameSealer,
    type FrameType,
    parseAnswerFrame,
} from './wire/frame';
export { decodeFrames, FrameDecoder } from './wire/frame-decoder';
export {
    CHUNK_TOKENS,
    ENCAPSULATION_SECONDS,
    ENVELOPE_KIND,
    type EnvelopeKind,
    MAX_CLOCK_SKEW_SECONDS,
    MAX_ENVELOPE_BYTES,
    MAX_FRAME_BYTES,
    PAYMENT_PATIENCE_SECONDS,
    PROTOCOL_VERSION,
    SEQUENCE_WINDOW,
    UNCOUNTED_TOKENS,
} from './wire/limits';
export {
    decodeNodeInfo,
    encodeNodeInfo,
    type SessionKey,
    type SessionNodeInfo,
    signSessionKey,
    verifySessionKey,
} from './wire/node-info';
export { priceOf, type SessionPrices, type TokenUsage } from './wire/price';
export {
    decodeReceipt,
    encodeReceipt,
    hashReceipt,
    RECEIPT_BYTES,
    type Receipt,
    type ReceiptBody,
    type ReceiptPlace,
    signReceipt,
    verifyReceipt,
} from './wire/receipt';
export { decodeRefusal, encodeRefusal, type Refusal } from './wire/refusal';
export {
    completionLimit,
    decodeBody,
    decodePaymentContent,
    decodeRequestContent,
    encodeBody,
    encodePaymentContent,
    encodeRequestContent,
    promptTokenBound,
    type RequestContent,
    type SessionTask,
    taskTag,
} from './wire/request-content';
export { hashRequest, ResponseHash } from './wire/running-hash';
export {
    hashVoucher,
    type SessionVoucher,
    signVoucher,
    type VoucherPlace,
    verifyVoucher,
} from './wire/voucher';
