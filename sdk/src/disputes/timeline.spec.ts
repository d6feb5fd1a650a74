import { type DisputeProgress, nextStep, timeline } from './timeline';

const votes = (...tail: (number | null)[]) => [0, 1, 1, 2, ...tail].map((vote) => ({ vote }));
const progress = (change: Partial<DisputeProgress>): DisputeProgress => ({
    phase: 'disclosing',
    deadline: 1_000,
    openBefore: 5_000,
    case: { hardEnd: 9_000 },
    seats: [],
    ...change,
});

it.each([
    ['disclosing', 'accuser', 'disclose'],
    ['answering', 'accused', 'answer'],
    ['seating', 'jurors', 'takeSeat'],
    ['revealing', 'jurors', 'reveal'],
    ['busy', 'anyone', 'retry'],
] as const)('%s is for the %s, to the last second, then for anyone', (phase, who, action) => {
    const at = progress({ phase, seats: votes(null) });
    expect(nextStep(at, 1_000)).toEqual({ who, action, from: 0, until: 1_001 });
    expect(nextStep(at, 1_001)).toEqual({ who: 'anyone', action: 'resolve', from: 1_001, until: undefined });
});

it('is resolved at once when all seats are revealed', () => {
    const at = progress({ phase: 'revealing', seats: votes(1) });
    expect(nextStep(at, 10)).toMatchObject({ who: 'anyone', action: 'resolve', from: 0 });
    expect(nextStep(progress({ phase: 'revealing', seats: votes(null) }), 10)?.action).toBe('reveal');
});

it('waits for the answer of node or job, and is undone when it never comes', () => {
    expect(timeline(progress({ phase: 'opening', case: null }))).toEqual([
        { who: 'anyone', action: 'resolve', from: 1_001, until: undefined },
    ]);
});

it('is destroyed after openBefore', () => {
    expect(nextStep(progress({ phase: 'resolved' }), 1)).toEqual({
        who: 'anyone',
        action: 'destroy',
        from: 5_000,
        until: undefined,
    });
});

it('ends with its hard end, whatever window is open', () => {
    const at = progress({ phase: 'revealing', seats: votes(null), deadline: 9_500 });
    expect(nextStep(at, 9_000)).toMatchObject({ action: 'reveal', until: 9_001 });
    expect(nextStep(at, 9_001)).toMatchObject({ action: 'resolve', from: 9_001 });
    expect(timeline(at).at(-1)).toMatchObject({ action: 'releaseExpired', from: 9_001 });
});
