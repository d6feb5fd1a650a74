import type { DISPUTE_PHASES } from 'cocoon-wrappers';

/** Where a dispute is. `opening`: node or job was asked and did not answer yet; `busy`: the node may be accused again. */
export type DisputePhase = (typeof DISPUTE_PHASES)[number];

/** What decides about the next step; DisputeData has it. Times in unix seconds of the chain. */
export type DisputeProgress = {
    readonly phase: DisputePhase;
    /** Last second of the phase. */
    readonly deadline: number;
    readonly openBefore: number;
    /** Null before the confirmation. After `hardEnd` verdicts are ignored and everybody gets their money back. */
    readonly case: { readonly hardEnd: number } | null;
    /** Of this round. */
    readonly seats: readonly { readonly vote: number | null }[];
};

/** Who may do what, and when. */
export type DueStep = {
    readonly who: 'accuser' | 'accused' | 'jurors' | 'anyone';
    readonly action:
        | 'retry'
        | 'disclose'
        | 'answer'
        | 'takeSeat'
        | 'reveal'
        | 'resolve'
        | 'releaseExpired'
        | 'destroy';
    /** Unix seconds; 0: at once. */
    readonly from: number;
    /** Unix seconds, the first at which the right is over; undefined: it does not end. */
    readonly until: number | undefined;
};

const OWN_STEP = {
    disclosing: { who: 'accuser', action: 'disclose' },
    answering: { who: 'accused', action: 'answer' },
    seating: { who: 'jurors', action: 'takeSeat' },
    revealing: { who: 'jurors', action: 'reveal' },
    busy: { who: 'anyone', action: 'retry' },
} as const;

/** All steps that the present phase leaves, in their order. */
export function timeline(progress: DisputeProgress): DueStep[] {
    const { phase, deadline, openBefore, seats } = progress;
    if (phase === 'resolved') return [anyone('destroy', openBefore)];
    const hardEnd = progress.case?.hardEnd;
    // A message counts in the last second of its window, what follows from the next one on.
    const end = Math.min(deadline, hardEnd ?? deadline) + 1;
    const expiry = hardEnd === undefined ? [] : [anyone('releaseExpired', hardEnd + 1)];
    if (phase === 'opening') return [anyone('resolve', end)];
    if (phase === 'revealing' && seats.every(({ vote }) => vote !== null)) {
        return [anyone('resolve', 0), ...expiry];
    }
    return [{ ...OWN_STEP[phase], from: 0, until: end }, anyone('resolve', end), ...expiry];
}

function anyone(action: DueStep['action'], from: number): DueStep {
    return { who: 'anyone', action, from, until: undefined };
}

/**
 * Who may do what next, and until when: the first step whose time is not over at `now`.
 */
export function nextStep(progress: DisputeProgress, now: number): DueStep | undefined {
    return timeline(progress).find(({ until }) => until === undefined || now < until);
}
