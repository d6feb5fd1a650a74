import { type DisputeProgress, nextStep, timeline } from './timeline';

const progress = (change: Partial<DisputeProgress>): DisputeProgress => ({
    phase: 'disclosing',
    phaseEnd: 1_000,
    hardEnd: 9_000,
    openBefore: 5_000,
    seats: 0,
    revealed: 0,
    ...change,
});

it.each([
    ['disclosing', 'accuser', 'disclose'],
    ['answering', 'accused', 'answer'],
    ['seating', 'jurors', 'takeSeat'],
    ['revealing', 'jurors', 'reveal'],
    ['busy', 'anyone', 'retry'],
] as const)('%s is for the %s, to the last second, then for anyone', (phase, who, action) => {
    const at = progress({ phase, seats: 5 });
    expect(nextStep(at, 1_000)).toEqual({ who, action, from: 0, until: 1_001 });
    expect(nextStep(at, 1_001)).toEqual({ who: 'anyone', action: 'resolve', from: 1_001, until: undefined });
});

it('is resolved at once when all seats are revealed', () => {
    const at = progress({ phase: 'revealing', seats: 5, revealed: 5 });
    expect(nextStep(at, 10)).toMatchObject({ who: 'anyone', action: 'resolve', from: 0 });
    expect(nextStep(progress({ phase: 'revealing', seats: 5, revealed: 4 }), 10)).toMatchObject({
        action: 'reveal',
    });
});

it('waits for the answer of node or job, and is undone when it never comes', () => {
    expect(timeline(progress({ phase: 'opening', hardEnd: 0 }))).toEqual([
        { who: 'anyone', action: 'resolve', from: 1_001, until: undefined },
    ]);
});

it('can be opened before openBefore, and is destroyed after it', () => {
    const unopened = progress({ phase: 'unopened', hardEnd: 0, phaseEnd: 0 });
    expect(nextStep(unopened, 4_999)).toMatchObject({ who: 'accuser', action: 'open' });
    expect(nextStep(unopened, 5_000)).toMatchObject({ who: 'anyone', action: 'destroy' });
    expect(nextStep(progress({ phase: 'resolved' }), 1)).toEqual({
        who: 'anyone',
        action: 'destroy',
        from: 5_000,
        until: undefined,
    });
});

it('ends with its hard end, whatever window is open', () => {
    const at = progress({ phase: 'revealing', seats: 3, phaseEnd: 9_500 });
    expect(nextStep(at, 9_000)).toMatchObject({ action: 'reveal', until: 9_001 });
    expect(nextStep(at, 9_001)).toMatchObject({ action: 'resolve', from: 9_001 });
    expect(timeline(at).at(-1)).toMatchObject({ action: 'releaseExpired', from: 9_001 });
});
