import { exitCodes } from 'cocoon-wrappers';
import type { ExitCodeTable } from '../trace';

type ExitName = (typeof exitCodes)[keyof typeof exitCodes]['name'];

const REFRESH_JOB = 'Read the job again (getJob) and act on what it says now.';
const REBUILD_SPEC =
    'Correct the job by the bounds in jobParams of the current terms (getTerms), then post again.';
const OTHER_JOB = 'Skip this job; nothing was locked.';
const PROPOSAL_BOUNDS = 'Correct the parameter; docs/spec lists the bounds that the code enforces.';

/** What to do about each exit code of the contracts. */
export const CONTRACT_REMEDIES = {
    ERR_ACCESS:
        'Use the wallet that may send this: the client, the node’s owner or operator, or the governor.',
    ERR_VALUE: 'Attach more value; what is not used returns. The SDK’s getXTxParams compute enough.',
    ERR_ALREADY_OPEN: 'Nothing to do if this was your own message; for another job use a fresh nonce.',
    ERR_NOT_OPEN: 'Check the address; a job exists only after its client posted it.',
    ERR_OPEN_BEFORE:
        'Prepare the job again with an openBefore between now and 30 days ahead, then send it at once.',
    ERR_TERMS_HASH: 'Read the current terms (getTerms) and build the message again.',
    ERR_WORKCHAIN: 'Use basechain addresses (0:…).',
    ERR_TOO_LARGE: 'Shorten the data, or publish it and give its URI.',
    ERR_AMOUNT: 'Give an amount above zero.',
    ERR_KEY: 'Give a public key of 32 bytes that is not zero.',
    ERR_PAUSED: 'Try again when the pause is over: see pausedUntil of getNetwork.',
    ERR_RELEASE_HASH: 'Read the current release (getRelease), review it, and name its hash.',
    ERR_TERMS_UNKNOWN: 'Adopt only terms that the Registry executed: see getTerms.',
    ERR_BOUNDS: PROPOSAL_BOUNDS,
    ERR_PROPOSAL_UNKNOWN: 'Check the proposal’s number and cell; it may be executed or cancelled already.',
    ERR_TIMELOCK: 'Execute after executableAt of getProposal.',
    ERR_PROPOSALS_FULL: 'Cancel or execute a pending proposal first.',
    ERR_PROPOSAL_EMPTY: 'Put at least one change into the proposal.',
    ERR_PAUSE_COOLDOWN: 'Wait until nextPauseAt of getNetwork.',
    ERR_VERSION: 'Number the release one above the current one, and demand no newer node version in terms.',
    ERR_MODELS_FULL: 'Remove models first, or set at most 32 in one proposal.',
    ERR_NETWORK: 'Build the terms with the Registry’s network id.',
    ERR_NOT_PAUSED: 'Nothing to do: registrations are open.',
    ERR_STALE: 'Propose it again.',
    ERR_MIGRATION: 'Correct the migrator and propose again; nothing was changed.',
    ERR_EXITING: 'This node takes no more jobs. Register a new one to go on.',
    ERR_FREE_STAKE: 'Add stake (addStake), or wait until running jobs release theirs.',
    ERR_LOCKS_FULL: 'Finish running jobs first; release locks past their hard end with releaseExpiredLock.',
    ERR_LOCK_EXISTS: 'Nothing to do: the node holds a claim on this job already.',
    ERR_LOCK_UNKNOWN: 'Nothing to do: the claim has ended already.',
    ERR_LOCK_ALIVE: 'Wait for the lock’s hard end.',
    ERR_TERMS_NOT_ADOPTED: 'Adopt the job’s terms (adoptTerms), or skip the job.',
    ERR_TERMS_FULL: 'Drop old terms (dropTerms) and wait for their retention to end.',
    ERR_TERMS_HELD: 'Nothing to do: the node has these terms.',
    ERR_LAST_TERMS: 'Adopt other terms before you drop these.',
    ERR_NOT_REQUESTED: 'The present owner must ask first (transferOwnership, adoptTerms or requestUpgrade).',
    ERR_NODE_VERSION: 'Upgrade the node first (requestUpgrade).',
    ERR_UNBONDING_FULL: 'Withdraw what is due (withdrawUnbonded) or wait for the next entry.',
    ERR_NOTHING_DUE: 'Wait: unbondings of getNode lists when each entry is due.',
    ERR_KEYS_FULL: 'Wait until the oldest rotation is older than the evidence window.',
    ERR_LAYOUT: 'Upgrade the node to a release that knows this layout of terms.',
    ERR_STATE: REFRESH_JOB,
    ERR_SPEC: REBUILD_SPEC,
    ERR_SPEC_HASH: OTHER_JOB,
    ERR_BUSY: 'Wait until busyUntil of getCourt; the accusation that waits must be in first.',
    ERR_ACCUSATIONS_FULL: 'Wait until one of your accusations of this node has ended.',
    ERR_EVIDENCE:
        'Name the receipt as it was signed, its vault and terms, and the Dispute that these lead to; see docs/spec/disputes.md.',
    ERR_SEATS_FULL: 'Wait for a seat to end, or raise the juror stake (setJurorStake).',
    ERR_OFFER: 'Name the slot of an offer that the node has (getDetails).',
    ERR_CLAIM_NUMBER: REFRESH_JOB,
    ERR_CLAIMED_BEFORE: OTHER_JOB,
    ERR_WRONG_NODE: OTHER_JOB,
    ERR_PRICE: 'Wait for the price to rise, lower minPrice, or skip the job; nothing was locked.',
    ERR_STAKE: 'Add stake (addStake) or skip the job.',
    ERR_ATTESTATION: 'Attest the node with the demanded image, or skip the job.',
    ERR_COLLATERAL: 'Claim with the collateral of the job’s spec.',
    ERR_RESULT_ROOT: 'Read the result again (readResult) and accept the root that it verified.',
    ERR_ENCRYPTION_KEY: 'Read the job again and seal the key to the present claimer.',
    ERR_TOO_EARLY:
        'Wait until it has passed: the deadline of getJob, releaseAt of getAllocation, or openBefore.',
    ERR_TOO_LATE: 'The deadline has passed: let the job expire (expireJob).',
    ERR_FREE_BALANCE: 'Top up the vault (topUp), ask for less, or release allocations first.',
    ERR_SLOT: 'Choose a slot from 0 to 127 that getAllocation shows as free.',
    ERR_ALLOCATION_UNKNOWN: 'Read the allocation (getAllocation) and name its present generation.',
    ERR_SIGNATURE: 'Sign with the allocation’s voucher key, for this network, vault, slot and generation.',
    ERR_ABOVE_ALLOCATION:
        'Redeem the highest voucher within the allocation, or increase it (increaseAllocation).',
    ERR_NOTHING_NEW: 'Nothing to do: this voucher, or a higher one, was redeemed already.',
    ERR_RELEASING: 'Make a new allocation in another slot; this one only waits for its release.',
    ERR_NOT_RELEASING: 'Ask for the release first (requestRelease).',
    ERR_ALLOCATIONS_LEFT: 'Release all allocations (requestRelease, finishRelease) first.',
    ERR_SUBJECT: 'Open the dispute with the subject that its address was derived from.',
    ERR_OTHER_EVIDENCE: 'Retry with the evidence cell of the opening.',
    ERR_NO_DISPUTES: 'Nothing to do: contracts under these terms cannot be disputed.',
    ERR_KIND: 'Disclose an item where a job is disputed, request and response where a session is.',
    ERR_PATH: 'Prove the item anew from all leaves; its siblings are those of payload.md.',
    ERR_ITEM: 'Name an item of the job, and the 44 bytes of its key.',
    ERR_CONTENT: 'Disclose the bytes, the salt and the task exactly as they were sent and received.',
    ERR_SHOWN: 'Nothing to do: it is public already.',
    ERR_ROUND: 'Read the dispute (getDispute) and take a seat in its present round.',
    ERR_CHANCE: 'Wait: the chance of a seat rises with every second until all are taken.',
    ERR_JUROR: 'Nothing to do: this node has no part in this dispute.',
    ERR_SEAT_UNKNOWN: 'Name a node that has a seat in this round (getSeats).',
    ERR_COMMITMENT: 'Reveal the vote and the salt that were kept when the seat was taken.',
    ERR_REVEALED: 'Nothing to do: the vote is public already.',
} as const satisfies Record<ExitName, string>;

/** Exit codes of all contracts of the protocol by number, for TransactionFailedError. */
export const contractExitCodes: ExitCodeTable = Object.fromEntries(
    Object.entries(exitCodes).map(([code, { name, meaning }]) => [
        Number(code),
        { name, meaning, remedy: CONTRACT_REMEDIES[name] },
    ]),
);
