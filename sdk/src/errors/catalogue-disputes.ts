import type { ErrorEntry } from './entry';

/** Errors of disputes, docs/spec/disputes.md. */
export const DISPUTE_ERRORS = {
    disclosure_not_acknowledged: {
        meaning:
            'The call would make a part of the conversation public for ever, and the caller did not say that it may.',
        remedy: 'Show the preview of the error to whoever it concerns, then call again with { acknowledgePublic: true }.',
    },
    dispute_not_found: {
        meaning: 'There is no dispute at this address: it was never opened, was refused, or is destroyed.',
        remedy: 'Check the address and network. A refused accusation returned its bond; the trace of the opening says why.',
    },
    dispute_state: {
        meaning: 'The dispute is in a phase in which this cannot be done.',
        remedy: 'Read it again (disputes.get) and act on its next step (nextStep).',
    },
    dispute_terms_unsupported: {
        meaning: 'The terms of the vault or job have no disputes, or their code is not the one of this SDK.',
        remedy: 'Update cocoon-sdk; vaults and jobs of terms before layout 2 cannot be disputed.',
    },
    dispute_terms_missing: {
        meaning: 'The terms of the vault or job were found neither at the Registry nor at the node.',
        remedy: 'Pass the terms cell that was kept with the vault or job.',
    },
    evidence_insufficient: {
        meaning: 'The evidence does not prove what a dispute needs; the details name the check that failed.',
        remedy: 'Give the evidence as it was kept with the answer, and the vault and keys that it belongs to.',
    },
    evidence_too_long: {
        meaning: 'Request or answer is longer than a dispute can disclose, 31,750 bytes each.',
        remedy: 'Such an exchange cannot go before a jury; conflicting receipts of it can (openForConflict).',
    },
    evidence_expired: {
        meaning: 'The evidence window is over: nothing accepts an accusation any more.',
        remedy: 'Nothing can be done for this answer; accuse within evidenceWindow of the terms the next time.',
    },
    seat_not_due: {
        meaning: 'The sortition does not admit this node yet.',
        remedy: 'Wait until dueAt of the details; others may take the seats first. More juror stake shortens it.',
    },
    vote_stands: {
        meaning: 'A commitment to another vote was made for this dispute, round and node.',
        remedy: 'Reveal the vote that stands. A second commitment is never signed: it would look like a bought vote.',
    },
    vote_missing: {
        meaning:
            'The vote store has no vote for this dispute, round and node, so that nothing can be revealed.',
        remedy: 'Use the VoteStore with which the seat was taken. Without the salt the juror bond is lost.',
    },
    vote_store_failed: {
        meaning: 'A vote could not be made durable, so that no commitment was sent.',
        remedy: 'Repair the store, then take the seat again.',
    },
} as const satisfies Record<string, ErrorEntry>;
