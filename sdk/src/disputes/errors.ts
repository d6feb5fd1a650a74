import { CocoonError, type CocoonErrorOptions } from '../errors';
import type { DisclosurePreview } from './preview';

/** The caller did not acknowledge what becomes public. `preview` has the texts; the message has only their kinds and sizes. */
export class DisclosureNotAcknowledgedError extends CocoonError {
    constructor(readonly preview: DisclosurePreview) {
        const parts = preview.parts.map(({ label, bytes }) => `${label} (${bytes} bytes)`).join(', ');
        super('disclosure_not_acknowledged', `This becomes public for ever: ${parts}.`, {
            details: { bytes: preview.bytes },
        });
        this.name = 'DisclosureNotAcknowledgedError';
    }
}

/** No open dispute there. */
export class DisputeNotFoundError extends CocoonError {
    constructor(dispute: string) {
        super('dispute_not_found', `There is no dispute at ${dispute}.`, { details: { dispute } });
        this.name = 'DisputeNotFoundError';
    }
}

/** The dispute's phase does not allow this. */
export class DisputeStateError extends CocoonError {
    constructor(dispute: string, phase: string, wanted: string) {
        super('dispute_state', `The dispute is ${phase}, but it must be ${wanted}.`, {
            details: { dispute, phase, wanted },
        });
        this.name = 'DisputeStateError';
    }
}

/** Terms without disputes, or with others than this SDK has. */
export class DisputeTermsUnsupportedError extends CocoonError {
    constructor(what: string) {
        super('dispute_terms_unsupported', `These terms cannot be used for a dispute: ${what}.`, {
            details: { what },
        });
        this.name = 'DisputeTermsUnsupportedError';
    }
}

/** Nobody who was asked has the terms cell. */
export class DisputeTermsMissingError extends CocoonError {
    constructor(termsHash: bigint) {
        const hash = termsHash.toString(16).padStart(64, '0');
        super('dispute_terms_missing', `The terms ${hash} were not found.`, { details: { termsHash: hash } });
        this.name = 'DisputeTermsMissingError';
    }
}

/** Evidence that proves nothing. `details.check` names what failed. */
export class EvidenceInsufficientError extends CocoonError {
    constructor(check: string, options?: CocoonErrorOptions) {
        super('evidence_insufficient', `The evidence fails the check "${check}".`, {
            ...options,
            details: { check },
        });
        this.name = 'EvidenceInsufficientError';
    }
}

/** Too long for a dispute. */
export class EvidenceTooLongError extends CocoonError {
    constructor(what: 'request' | 'answer', limit: number) {
        super('evidence_too_long', `The ${what} is longer than ${limit} bytes.`, {
            details: { what, limit },
        });
        this.name = 'EvidenceTooLongError';
    }
}

/** Too late to accuse. `details.openBefore` in unix seconds. */
export class EvidenceExpiredError extends CocoonError {
    constructor(openBefore: number) {
        super('evidence_expired', `The dispute had to be opened before ${openBefore}.`, {
            details: { openBefore },
        });
        this.name = 'EvidenceExpiredError';
    }
}

/** Sortition says no, so far. `details.dueAt` in unix seconds; undefined: never within this round. */
export class SeatNotDueError extends CocoonError {
    constructor(index: number, dueAt: number | undefined) {
        const when = dueAt === undefined ? 'in this round' : `before ${dueAt}`;
        super('seat_not_due', `Node ${index} is not admitted ${when}.`, { details: { index, dueAt } });
        this.name = 'SeatNotDueError';
    }
}

/** Another vote is committed to already. */
export class VoteStandsError extends CocoonError {
    constructor(standing: string, wanted: string) {
        super('vote_stands', `The vote ${standing} stands; ${wanted} cannot replace it.`, {
            details: { standing, wanted },
        });
        this.name = 'VoteStandsError';
    }
}

/** No salt to reveal with. */
export class VoteMissingError extends CocoonError {
    constructor(dispute: string, round: number, index: number) {
        super('vote_missing', `There is no vote of node ${index} for round ${round} in the store.`, {
            details: { dispute, round, index },
        });
        this.name = 'VoteMissingError';
    }
}

/** The store failed before anything was sent. */
export class VoteStoreError extends CocoonError {
    constructor(options?: CocoonErrorOptions) {
        super('vote_store_failed', 'The vote could not be made durable.', options);
        this.name = 'VoteStoreError';
    }
}
