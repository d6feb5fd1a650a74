import type { Random } from './random';

/** Everything anyone tries. `step` does what the job needs next, `court` what the dispute does; the others come as they come. */
export const kinds = [
    'step',
    'post',
    'claim',
    'disclose',
    'submit',
    'accept',
    'finalize',
    'expire',
    'cancel',
    'decline',
    'announceAgain',
    'destroy',
    'releaseLock',
    'drop',
    'predeploy',
    'addStake',
    'unbond',
    'withdraw',
    'rotate',
    'payout',
    'jurorStake',
    'transferOwnership',
    'acceptOwnership',
    'adopt',
    'dropTerms',
    'upgrade',
    'register',
    'pause',
    'unpause',
    'propose',
    'execute',
    'cancelProposal',
    'vault',
    'releaseAllocation',
    'sue',
    'court',
    'open',
    'retry',
    'show',
    'answer',
    'sit',
    'reveal',
    'resolve',
    'destroyDispute',
    'releaseCourt',
    'forge',
] as const;
export type Kind = (typeof kinds)[number];

/** What a sequence is mostly about. */
const themes: readonly (readonly Kind[])[] = [
    ['step', 'step', 'step', 'step', 'step', 'post', 'claim', 'decline', 'expire'],
    ['step', 'step', 'step', 'step', 'sue', 'court', 'court', 'court', 'court', 'court'],
    ['sue', 'court', 'court', 'court', 'court', 'court', 'court', 'forge'],
    ['sue', 'sue', 'sue', 'court', 'court', 'unbond', 'withdraw', 'rotate', 'transferOwnership'],
    ['vault', 'vault', 'vault', 'vault', 'releaseAllocation', 'sue', 'court'],
    ['propose', 'execute', 'execute', 'adopt', 'upgrade', 'dropTerms', 'step', 'court', 'register'],
];

/** Whole trials: draws one by one hardly ever come to a verdict. */
const trials: readonly (readonly Kind[])[] = [
    ['step', 'step', 'step', 'step', 'sue', 'court', 'court', 'court', 'court', 'court', 'court'],
    ['sue', 'court', 'court', 'court', 'court', 'court', 'court'],
];
const TRIALS_PERCENT = 25;
const DEPARTURES_PERCENT = 10;

/** Plain numbers, so that a sequence prints, repeats and shrinks. */
export interface Action {
    kind: Kind;
    /** Which job or dispute, node and detail; taken modulo what there is. */
    job: number;
    node: number;
    detail: number;
    /** The right sender, or anyone. */
    who: 'right' | 'anyone';
    /** What the message gets wrong, if anything. */
    flaw: 'none' | 'value' | 'content';
    /** Seconds that pass before. */
    wait: number;
    /** Messages delivered after. */
    deliver: number;
}

const waits = [0, 0, 0, 0, 0, 1, 1, 20, 50, 200, 700, 3_700, 9_000, 9_000, 11_000, 86_400, 8 * 86_400];
/** Within the windows of a dispute, and long enough to draw a seat. */
const courtWaits = [0, 1, 200, 3_700, 7_000, 9_000, 9_000, 9_000, 9_000, 40_000];
const deliveries = [0, 1, 2, 3, 4, 5, 40, 40, 40, 40];

function randomAction(random: Random, often: readonly Kind[]): Action {
    const kind = random.chance(75) ? random.pick(often) : random.pick(kinds);
    return {
        kind,
        job: random.below(3),
        node: random.below(10),
        detail: random.below(1 << 16),
        who: random.chance(92) ? 'right' : 'anyone',
        flaw: random.chance(90) ? 'none' : random.pick(['value', 'content']),
        wait: random.pick(kind === 'court' ? courtWaits : waits),
        deliver: random.pick(deliveries),
    };
}

export function randomActions(random: Random, length: number): Action[] {
    if (random.chance(TRIALS_PERCENT)) return randomTrial(random, random.pick(trials), length);
    const often = random.pick(themes);
    return Array.from({ length }, () => randomAction(random, often));
}

/** One job or session and one node all the way, but for what chance changes. */
function randomTrial(random: Random, trial: readonly Kind[], length: number): Action[] {
    const node = random.below(10);
    return Array.from({ length }, (_, i): Action => {
        const drawn = randomAction(random, trial);
        if (random.chance(DEPARTURES_PERCENT)) return drawn;
        const kind = trial[i] ?? 'court';
        const wait = random.pick(kind === 'court' ? courtWaits : [0, 1, 20]);
        return { ...drawn, kind, job: 0, node, who: 'right', flaw: 'none', wait, deliver: 40 };
    });
}
