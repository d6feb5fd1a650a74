export { decodeAnswerEvidence, encodeAnswerEvidence } from './answer-evidence-json';
export type { DisputeCase } from './case';
export { itemKeyCell } from './cells';
export { type Conflict, findConflict, type PlacedReceipt } from './conflict';
export * from './errors';
export {
    type BuildJobEvidenceParameters,
    type BuildResultAnswerParameters,
    buildItemAnswer,
    buildJobEvidence,
    type ItemAnswer,
    type ItemDisclosure,
    type JobCase,
    previewItem,
} from './job-case';
export {
    type DisclosedAnswer,
    type DisclosedItem,
    type Disclosure,
    type DisclosureFault,
    type DisclosureUnavailable,
    fault,
    voteOf,
} from './judged';
export { type OpenDisclosedAnswerParameters, openDisclosedAnswer } from './open-answer';
export { type OpenDisclosedItemParameters, openDisclosedItem, type ShownItem } from './open-item';
export {
    type Acknowledgement,
    assertAcknowledged,
    type DisclosedPart,
    type DisclosurePreview,
    joinPreviews,
} from './preview';
export { isSeatDue, type SeatDraw, seatDueAt, seatNumber } from './seats';
export {
    type BuildConflictEvidenceParameters,
    type BuildSessionEvidenceParameters,
    buildConflictEvidence,
    buildSessionEvidence,
    type CaseVault,
    type ConflictCase,
    disclosureCells,
    previewDisclosure,
    type SessionCase,
} from './session-case';
export { type DisputePhase, type DisputeProgress, type DueStep, nextStep, timeline } from './timeline';
export {
    keepVote,
    memoryVoteStore,
    type Vote,
    type VotePlace,
    type VoteRecord,
    type VoteStore,
    voteKey,
    voteOfTag,
    voteTag,
} from './votes';
