import type { Random } from '../../invariants/random';

/** One message to the vault, drawn at random; numbers are turned into what fits by the world. */
export interface Action {
    kind: (typeof kinds)[number];
    /** Seconds that pass before it. */
    wait: number;
    slot: number;
    /** Sent by somebody who may not, where somebody may not. */
    stranger: boolean;
    /** Of the allocation's amount, or of the free balance, in percent: above 100 is too much. */
    percent: number;
    /** Of the present generation; -1 is the one before. */
    generation: number;
    /** Signed by another key. */
    forged: boolean;
    /** Number of an earlier redemption to repeat, or -1. */
    replay: number;
    /** nanoTON that come with it. */
    value: bigint;
}

export const kinds = [
    'topUp',
    'withdraw',
    'allocate',
    'allocate',
    'increase',
    'increase',
    'redeem',
    'redeem',
    'redeem',
    'requestRelease',
    'finishRelease',
    'releaseNow',
    'releaseNow',
    'destroy',
] as const;

/** Mostly the same, so that one message finds what another did. */
const slots = [0, 0, 0, 1, 2];

/** The first makes an allocation, so that there is something to do. */
export function randomActions(random: Random, length: number): Action[] {
    const [first, ...rest] = drawnActions(random, length);
    if (!first) return [];
    const given = { kind: 'allocate', percent: 60, stranger: false, value: 2_000_000_000n } as const;
    return [{ ...first, ...given }, ...rest];
}

function drawnActions(random: Random, length: number): Action[] {
    return Array.from({ length }, () => ({
        kind: random.pick(kinds),
        wait: random.pick([0, 0, 1, 3_600, 7_200, 21_600, 90_000]),
        slot: random.pick(slots),
        stranger: random.chance(10),
        percent: random.pick([0, 1, 10, 30, 60, 99, 100, 101, 150]),
        generation: random.chance(90) ? 0 : random.pick([-1, 1]),
        forged: random.chance(8),
        replay: random.chance(12) ? random.below(4) : -1,
        value: random.pick([1_000_000n, 100_000_000n, 100_000_000n, 2_000_000_000n, 2_000_000_000n]),
    }));
}
