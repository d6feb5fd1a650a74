import { betOnEvent, betOnSize, betOnSurprise, Evidence } from './evidence';
import type {
    ClaimedAnswer,
    ClaimedRequest,
    ModelTolerance,
    Rescored,
    TokenScore,
    VerifierEngine,
} from './types';
import { verifyCompletion } from './verify';

const tolerance: ModelTolerance = {
    deterministic: false,
    meanDifferencePpm: 15_000,
    meanSquarePpm: 400,
    fullDifferencePpm: 200_000,
    largestDifferencePpm: 1_000_000,
};
const model = { tolerance, contextLength: 1_024 };
const place = (changes: Partial<TokenScore> = {}): TokenScore => ({
    logprob: Math.log(0.5),
    chance: 0.5,
    isTop: true,
    top: [0.5, 0.5],
    doubt: 1,
    ...changes,
});
/** Eight likely tokens and the end of the turn. */
const rescored = (changes: Partial<Rescored> = {}): Rescored => ({
    promptTokens: 10,
    vocabulary: 1_000,
    tokens: Array.from({ length: 8 }, () => place()),
    end: place({ logprob: Math.log(0.9), top: [0.9, 0.9] }),
    text: 'abcdefgh',
    ...changes,
});
const answer = (changes: Partial<ClaimedAnswer> = {}): ClaimedAnswer => ({
    text: 'abcdefgh',
    tokenIds: [1, 2, 3, 4, 5, 6, 7, 8],
    logprobs: Array.from({ length: 8 }, () => Math.log(0.5)),
    finish: 'stop',
    seed: 7,
    ...changes,
});
const ask = (changes: object = {}): ClaimedRequest => ({
    task: 'chat',
    body: { messages: [{ role: 'user', content: 'x' }], ...changes },
});
const engine = (result: Awaited<ReturnType<VerifierEngine['rescore']>>): VerifierEngine => ({
    rescore: async () => result,
    repeat: async () => ({ text: 'abcdefgh', tokenIds: [1, 2, 3, 4, 5, 6, 7, 8], logprobs: null }),
});
async function judged(claim: Partial<ClaimedAnswer> = {}, found: Partial<Rescored> = {}, request = ask()) {
    const verdict = await verifyCompletion(request, answer(claim), model, engine(rescored(found)));
    return [verdict.vote, verdict.reason];
}

/** Mulberry32. */
function seeded(seed: number): () => number {
    let state = seed;
    return () => {
        state = (state + 0x6d2b79f5) >>> 0;
        let t = Math.imul(state ^ (state >>> 15), state | 1);
        t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
        return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
    };
}

/** Share of runs of 60 places in which evidence ever reaches 1/α, for α of 5 %. */
function everConvicted(bets: number, factors: (random: () => number) => readonly number[]): number {
    const random = seeded(9);
    let convicted = 0;
    for (let run = 0; run < 1_000; run++) {
        const evidence = new Evidence(bets);
        let reached = false;
        for (let at = 0; at < 60; at++) {
            evidence.add(factors(random));
            reached ||= evidence.nats >= Math.log(20);
        }
        if (reached) convicted += 1;
    }
    return convicted / 1_000;
}

describe('the bound on false positives', () => {
    // Sampling error of 1,000 runs at 5 %: 0.7 %.
    const MOST = 0.07;

    test.each([
        ['all or nothing', (random: () => number) => (random() < 0.04 ? 1 : 0)],
        ['spread', (random: () => number) => 0.08 * random()],
    ])('differences as large as the tolerance grants, %s', (_name, draw) => {
        const stakes = [0.5, 1, 2, 4, 7, 12];
        const factors = (random: () => number) => stakes.map(betOnSize(draw(random), 0.04, 0.04));
        expect(everConvicted(stakes.length, factors)).toBeLessThan(MOST);
    });

    test('choices as likely as told, and tokens drawn as told', () => {
        const stakes = [-4, -1, -0.25, 0.25, 1, 4];
        const event = (random: () => number) => stakes.map(betOnEvent(random() < 0.7, 0.7, 0.7));
        expect(everConvicted(stakes.length, event)).toBeLessThan(MOST);
        // Two tokens of 1/2 each out of a vocabulary of 1,000, or a thousand rare ones.
        const surprise = (random: () => number) => {
            const chance = random() < 0.01 ? 0.01 / 999 : 0.99;
            return [0.003, 0.3].map(betOnSurprise(1 / (1_000 * chance)));
        };
        expect(everConvicted(2, surprise)).toBeLessThan(MOST);
    });

    test('what is twice as large is found', () => {
        const factors = (random: () => number) =>
            [1, 2, 4].map(betOnSize(random() < 0.16 ? 1 : 0, 0.04, 0.04));
        expect(everConvicted(3, factors)).toBeGreaterThan(0.5);
    });
});

describe('verdicts', () => {
    test('an answer that is what the model says', async () => {
        expect(await judged()).toEqual(['node', 'consistent']);
        expect(await judged({ logprobs: null })).toEqual(['node', 'consistent']);
    });

    test('log-probabilities: of another model, out of all bounds, of a token that cannot be', async () => {
        const off = Array.from({ length: 8 }, () => Math.log(0.5) - 0.9);
        expect(await judged({ logprobs: off })).toEqual(['client', 'logprobs_differ']);
        const one = [Math.log(0.5) - 1.1, ...answer().logprobs!.slice(1)];
        expect(await judged({ logprobs: one })).toEqual(['client', 'logprobs_differ']);
        // Within a nucleus a hair decides who is in; it takes several such places to be sure.
        expect(await judged({ logprobs: one }, {}, ask({ top_p: 0.9 }))).toEqual(['node', 'consistent']);
        const impossible = place({
            logprob: Number.NEGATIVE_INFINITY,
            chance: Number.MIN_VALUE,
            isTop: false,
        });
        const tokens = [impossible, ...rescored().tokens.slice(1)];
        expect(await judged({ logprobs: null }, { tokens })).toEqual(['client', 'choices_unlikely']);
    });

    test('choices: always the likeliest, never the likeliest, not the likeliest at temperature 0', async () => {
        const likely = (isTop: boolean, top: number) =>
            Array.from({ length: 80 }, () =>
                place({ isTop, top: [top, top], chance: isTop ? top : 1 - top }),
            );
        const many = { tokenIds: Array.from({ length: 80 }, () => 1), logprobs: null };
        const of = (tokens: TokenScore[], request = ask()) => judged(many, { tokens }, request);
        expect(await of(likely(true, 0.5))).toEqual(['client', 'choices_unlikely']);
        expect(await of(likely(false, 0.8))).toEqual(['client', 'choices_unlikely']);
        expect(await of([...likely(true, 0.5).slice(0, 40), ...likely(false, 0.5).slice(0, 40)])).toEqual([
            'node',
            'consistent',
        ]);
        const behind = [place({ isTop: false, logprob: Math.log(0.5) - 2.1 }), ...rescored().tokens.slice(1)];
        const greedy = ask({ temperature: 0 });
        expect(await judged({ logprobs: null }, { tokens: behind }, greedy)).toEqual([
            'client',
            'choices_unlikely',
        ]);
        const near = [place({ isTop: false, logprob: Math.log(0.5) - 0.01 }), ...rescored().tokens.slice(1)];
        expect(await judged({ logprobs: null }, { tokens: near }, greedy)).toEqual(['node', 'consistent']);
    });

    test('ends: in the middle, at the limit, before it, at a stop string, for want of room', async () => {
        const end = place({ logprob: Math.log(1e-12), isTop: false });
        expect(await judged({}, { end })).toEqual(['client', 'ended_early']);
        expect(await judged({}, { end }, ask({ temperature: 0 }))).toEqual(['client', 'ended_early']);
        const length = { finish: 'length' as const };
        expect(await judged(length, {}, ask({ max_tokens: 8 }))).toEqual(['node', 'consistent']);
        expect(await judged(length, {}, ask({ max_tokens: 9 }))).toEqual(['client', 'ended_early']);
        expect(await judged(length)).toEqual(['client', 'ended_early']);
        expect(await judged(length, { promptTokens: 1_016 })).toEqual(['node', 'consistent']);
        expect(await judged({ ...length, fillsItsRoom: true })).toEqual(['node', 'consistent']);
        expect(await judged({ text: 'abcde' }, { end }, ask({ stop: ['fg'] }))).toEqual([
            'node',
            'consistent',
        ]);
        expect(await judged({ text: 'abc' }, { end }, ask({ stop: ['fg'] }))).toEqual([
            'client',
            'text_differs',
        ]);
        expect(await judged({ finish: null, text: 'abc' })).toEqual(['node', 'consistent']);
    });

    test('words: another text, too many tokens, an error without cause', async () => {
        expect(await judged({ text: 'abcdefgX' })).toEqual(['client', 'text_differs']);
        expect(await judged({}, {}, ask({ max_tokens: 7 }))).toEqual(['client', 'too_long']);
        const error = { finish: 'error' as const, text: '', tokenIds: [], logprobs: null };
        expect(await judged({ ...error, error: 'request_invalid' })).toEqual(['client', 'refused']);
        const penalised = ask({ presence_penalty: 1 });
        expect(await judged({ ...error, error: 'unsupported_parameter' }, {}, penalised)).toEqual([
            'node',
            'request_invalid',
        ]);
    });

    test('what cannot be judged is for the node; a failure of the engine is no verdict', async () => {
        const verdict = await verifyCompletion(ask(), answer(), model, engine('not_judgeable'));
        expect(verdict).toEqual({ vote: 'node', reason: 'not_judgeable', statistics: null });
        expect(await judged({ tokenIds: [], logprobs: null }, { tokens: [] })).toEqual([
            'node',
            'not_judgeable',
        ]);
        expect(await judged({}, {}, { task: 'embedding', body: {} })).toEqual(['node', 'not_judgeable']);
        const broken = { ...engine('not_judgeable'), rescore: () => Promise.reject(new Error('no memory')) };
        await expect(verifyCompletion(ask(), answer(), model, broken)).rejects.toThrow('no memory');
    });

    test('a deterministic model is asked again', async () => {
        const exact = { ...model, tolerance: { ...tolerance, deterministic: true } };
        const again = (claim: Partial<ClaimedAnswer>) =>
            verifyCompletion(ask(), answer(claim), exact, engine(rescored())).then(({ reason }) => reason);
        expect(await again({})).toBe('consistent');
        expect(await again({ tokenIds: [1, 2, 3, 4, 5, 6, 7, 9] })).toBe('not_repeated');
    });
});
