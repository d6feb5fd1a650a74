import type { Random } from './random';

/** Everything anyone tries. `step` does what the job needs next; the others come as they come. */
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
    'addStake',
    'unbond',
    'withdraw',
    'rotate',
    'payout',
    'register',
    'pause',
    'unpause',
    'drop',
    'predeploy',
] as const;
export type Kind = (typeof kinds)[number];

const often: Kind[] = [
    'step',
    'step',
    'step',
    'step',
    'step',
    'step',
    'step',
    'post',
    'claim',
    'decline',
    'expire',
];

/** Plain numbers, so that a sequence prints, repeats and shrinks. */
export interface Action {
    kind: Kind;
    /** Which job, node and detail; taken modulo what there is. */
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

const waits = [0, 0, 0, 0, 0, 0, 1, 1, 20, 20, 50, 200, 700, 3_700, 11_000, 86_400, 16 * 86_400];

function randomAction(random: Random): Action {
    return {
        kind: random.chance(70) ? random.pick(often) : random.pick(kinds),
        job: random.below(3),
        node: random.below(6),
        detail: random.below(1 << 16),
        who: random.chance(90) ? 'right' : 'anyone',
        flaw: random.chance(88) ? 'none' : random.pick(['value', 'content']),
        wait: random.pick(waits),
        deliver: random.below(6),
    };
}

export function randomActions(random: Random, length: number): Action[] {
    return Array.from({ length }, () => randomAction(random));
}
