/** Where a dispute is. `opening`: node or job was asked and did not answer yet; `busy`: the node may be accused again. */
export type DisputePhase =
    | 'unopened'
    | 'opening'
    | 'busy'
    | 'disclosing'
    | 'answering'
    | 'seating'
    | 'revealing'
    | 'resolved';

/** What decides about the next step. Times in unix seconds of the chain. */
export type DisputeProgress = {
    readonly phase: DisputePhase;
    /** Last second of the present window; 0 where the phase has none. */
    readonly phaseEnd: number;
    /** After it verdicts are ignored and everybody gets their money back; 0 before the confirmation. */
    readonly hardEnd: number;
    readonly openBefore: number;
    /** Seats that are taken in this round, and how many of them were revealed. */
    readonly seats: number;
    readonly revealed: number;
};

/** Who may do what, and when. */
export type DueStep = {
    readonly who: 'accuser' | 'accused' | 'jurors' | 'anyone';
    readonly action:
        | 'open'
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

/** All steps of the present phase in their order. */
export function timeline(progress: DisputeProgress): DueStep[] {
    const { phase, phaseEnd, hardEnd, openBefore } = progress;
    switch (phase) {
        case 'unopened':
            return [
                { who: 'accuser', action: 'open', from: 0, until: openBefore },
                { who: 'anyone', action: 'destroy', from: openBefore, until: undefined },
            ];
        case 'resolved':
            return [{ who: 'anyone', action: 'destroy', from: openBefore, until: undefined }];
        default: {
            const allRevealed = phase === 'revealing' && progress.revealed === progress.seats;
            // A message counts in the last second of its window, what follows from the next one on.
            const end = (hardEnd > 0 && hardEnd < phaseEnd ? hardEnd : phaseEnd) + 1;
            if (phase === 'opening')
                return [{ who: 'anyone', action: 'resolve', from: end, until: undefined }];
            const resolve: DueStep = {
                who: 'anyone',
                action: 'resolve',
                from: allRevealed ? 0 : end,
                until: undefined,
            };
            const steps: DueStep[] = allRevealed
                ? [resolve]
                : [{ ...OWN_STEP[phase], from: 0, until: end }, resolve];
            if (hardEnd > 0) {
                steps.push({ who: 'anyone', action: 'releaseExpired', from: hardEnd + 1, until: undefined });
            }
            return steps;
        }
    }
}

/**
 * Who may do what next, and until when: the first step whose time is not over at `now`.
 */
export function nextStep(progress: DisputeProgress, now: number): DueStep | undefined {
    return timeline(progress).find(({ until }) => until === undefined || now < until);
}
