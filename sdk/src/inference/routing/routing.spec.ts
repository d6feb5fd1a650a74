import { seededRandom } from '../../../tests/helpers/random';
import { BREAKER, Breaker } from './breaker';
import { type Candidate, chooseNode } from './choose';
import { conversationOf } from './conversation';
import { DecayedMean } from './decayed-mean';
import { NodeStats } from './node-stats';
import { StickyNodes } from './sticky';

const now = 1_000_000;
const prices = { prompt: 1_000n, cachedPrompt: 100n, completion: 4_000n };

function node(
    name: string,
    how: { firstTokenMs?: number; failures?: number; price?: bigint; answers?: number } = {},
): Candidate {
    const { firstTokenMs = 300, failures = 0, price = 1n, answers = 10 } = how;
    const stats = new NodeStats();
    for (let i = 0; i < answers; i++) {
        stats.started(now);
        stats.firstDelta(firstTokenMs, now);
        stats.answered(100, 1_000, now);
    }
    for (let i = 0; i < failures; i++) {
        stats.started(now);
        stats.failed(now);
        stats.breaker.succeeded();
    }
    return {
        node: name,
        prices: { prompt: prices.prompt * price, cachedPrompt: 1n, completion: prices.completion * price },
        slots: 4,
        stats,
    };
}

const choice = (seed: number) => ({
    now,
    random: seededRandom(seed),
    priceWeight: 1,
    explorationShare: 0.05,
});

/** How often each is chosen. */
function counts(
    candidates: readonly Candidate[],
    change: Partial<Parameters<typeof chooseNode>[1]> = {},
    rounds = 2_000,
) {
    const base = choice(7);
    const chosen = new Map<string, number>();
    for (let i = 0; i < rounds; i++) {
        const picked = chooseNode(candidates, { ...base, ...change })?.node ?? '';
        chosen.set(picked, (chosen.get(picked) ?? 0) + 1);
    }
    return (name: string) => (chosen.get(name) ?? 0) / rounds;
}

describe('power of two choices', () => {
    it.each([
        ['slow', { firstTokenMs: 20_000 }],
        ['failing', { failures: 10 }],
        ['dear', { price: 10n }],
    ])('prefers every other to a %s node', (_, how) => {
        const share = counts([node('bad', how), node('a'), node('b'), node('c')]);
        expect(share('bad')).toBeLessThan(0.01);
        for (const good of ['a', 'b', 'c']) expect(share(good)).toBeGreaterThan(0.1);
    });

    it('ignores prices where the policy does', () => {
        expect(
            counts([node('dear', { price: 50n }), node('a'), node('b')], { priceWeight: 0 })('dear'),
        ).toBeGreaterThan(0.2);
    });

    it('keeps away from a loaded node, and spreads evenly what runs at a time', () => {
        const candidates = ['a', 'b', 'c', 'd'].map((name) => node(name));
        const base = choice(3);
        for (let i = 0; i < 64; i++) chooseNode(candidates, base)?.stats.started(now);
        for (const { stats } of candidates) {
            expect(stats.running).toBeGreaterThan(11);
            expect(stats.running).toBeLessThan(21);
        }
    });

    it('gives new nodes a small share, and all of it where nobody has proved himself', () => {
        const share = counts([node('new', { answers: 0 }), node('a'), node('b')]);
        expect(share('new')).toBeGreaterThan(0.02);
        expect(share('new')).toBeLessThan(0.09);
        expect(counts([node('x', { answers: 0 }), node('y', { answers: 0 })])('x')).toBeGreaterThan(0.2);
    });

    it('takes what there is', () => {
        expect(chooseNode([], choice(1))).toBeUndefined();
        expect(chooseNode([node('only', { failures: 50 })], choice(1))?.node).toBe('only');
    });
});

describe('conversations', () => {
    const candidates = Array.from({ length: 20 }, (_, i) => node(`node${i}`));

    it('stay at a node while it has a free slot', () => {
        const sticky = candidates[5] as Candidate;
        expect(counts(candidates, { conversation: 9, sticky: 'node5' }, 50)('node5')).toBe(1);
        for (let i = 0; i < sticky.slots; i++) sticky.stats.started(now);
        expect(counts(candidates, { conversation: 9, sticky: 'node5' }, 50)('node5')).toBe(0);
        for (let i = 0; i < sticky.slots; i++) sticky.stats.undecided();
    });

    it('go to the same node from every gateway, and only those of a node that leaves move', () => {
        const first = Array.from(
            { length: 300 },
            (_, conversation) => chooseNode(candidates, { ...choice(1), conversation })?.node,
        );
        const elsewhere = Array.from(
            { length: 300 },
            (_, conversation) => chooseNode([...candidates].reverse(), { ...choice(2), conversation })?.node,
        );
        const same = first.filter((name, i) => name === elsewhere[i]).length;
        expect(same).toBe(300);
        const without = candidates.filter(({ node: name }) => name !== 'node0');
        const moved = first.filter(
            (name, i) =>
                name !== 'node0' && chooseNode(without, { ...choice(1), conversation: i })?.node !== name,
        );
        expect(moved).toEqual([]);
        expect(new Set(first).size).toBe(20);
    });

    it('are told apart by their first turn, or by the id that the caller gives', () => {
        const chat = (...messages: object[]) => ({ task: 'chat' as const, model: 'm', body: { messages } });
        const system = { role: 'system', content: 's' };
        const hi = { role: 'user', content: 'Hi' };
        const first = conversationOf(chat(system, hi));
        expect(
            conversationOf(
                chat(system, hi, { role: 'assistant', content: 'Yes?' }, { role: 'user', content: 'x' }),
            ),
        ).toBe(first);
        expect(conversationOf(chat(system, { role: 'user', content: 'Ho' }))).not.toBe(first);
        expect(conversationOf({ ...chat(system), conversation: 'a' })).toBe(
            conversationOf({ ...chat(hi), conversation: 'a' }),
        );
        expect(conversationOf({ task: 'completion', model: 'm', body: { prompt: 'p' } })).toBeDefined();
        expect(conversationOf({ task: 'embedding', model: 'm', body: { input: 'p' } })).toBeUndefined();
        expect(conversationOf({ ...chat(), body: { messages: [null, 5] } })).toBeDefined();
    });

    it('are forgotten oldest first', () => {
        const nodes = new StickyNodes(2);
        nodes.set(1, 'a');
        nodes.set(2, 'b');
        nodes.set(1, 'c');
        nodes.set(3, 'd');
        expect([nodes.get(1), nodes.get(2), nodes.get(3)]).toEqual(['c', undefined, 'd']);
    });
});

describe('Breaker', () => {
    it('opens after failures in a row, lets one probe through, and waits longer after each that fails', () => {
        const breaker = new Breaker();
        let time = 0;
        for (let i = 0; i < BREAKER.failures; i++) {
            expect(breaker.allows(time)).toBe(true);
            breaker.failed(time);
        }
        let wait: number = BREAKER.openMs;
        for (let opening = 0; opening < 10; opening++) {
            expect(breaker.state(time)).toBe('open');
            expect(breaker.allows(time + wait - 1)).toBe(false);
            time += wait;
            expect(breaker.state(time)).toBe('half_open');
            expect(breaker.allows(time)).toBe(true);
            breaker.started(time);
            expect(breaker.allows(time)).toBe(false);
            breaker.failed(time);
            wait = Math.min(BREAKER.maxOpenMs, wait * 2);
        }
        breaker.started(time + wait);
        breaker.succeeded();
        expect(breaker.state(time + wait)).toBe('closed');
    });

    it('counts failures in a row only, and ignores those of requests from before it opened', () => {
        const breaker = new Breaker();
        for (let i = 0; i < 20; i++) {
            breaker.failed(0);
            breaker.failed(0);
            breaker.succeeded();
        }
        expect(breaker.state(0)).toBe('closed');
        for (let i = 0; i < 50; i++) breaker.failed(0);
        expect(breaker.allows(BREAKER.openMs)).toBe(true);
    });

    it('frees the place of a probe that ends without outcome, or never', () => {
        const breaker = new Breaker();
        for (let i = 0; i < BREAKER.failures; i++) breaker.failed(0);
        breaker.started(BREAKER.openMs);
        breaker.undecided();
        expect(breaker.allows(BREAKER.openMs)).toBe(true);
        breaker.started(BREAKER.openMs);
        expect(breaker.allows(BREAKER.openMs + BREAKER.probeMs)).toBe(true);
    });
});

describe('DecayedMean', () => {
    it('starts from its prior, follows samples, and forgets', () => {
        const mean = new DecayedMean(10, 1, 1_000);
        expect(mean.mean(0)).toBe(10);
        for (let i = 0; i < 99; i++) mean.add(20, 0);
        expect(mean.mean(0)).toBeCloseTo(19.9);
        expect(mean.samples(1_000)).toBeCloseTo(49.5);
        expect(mean.mean(30_000)).toBeCloseTo(10, 4);
        // A clock that goes back changes nothing.
        expect(mean.samples(0)).toBe(mean.samples(30_000));
    });
});
