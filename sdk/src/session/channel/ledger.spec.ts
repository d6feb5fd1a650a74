import { Ledger, type RunningRequest } from './ledger';

const CHUNK = 16;
const prices = { prompt: 100_000_000n, cachedPrompt: 50_000_000n, completion: 400_000_000n };
const PROMPT_TOKEN = 100n;
const TOKEN = 400n;

function begin(ledger: Ledger, change: Partial<RunningRequest> = {}): RunningRequest {
    const request: RunningRequest = {
        prices,
        promptEstimate: 10,
        promptBound: 500,
        limit: undefined,
        chunks: 0,
        usage: undefined,
        ...change,
    };
    ledger.begin(request);
    return request;
}

describe('a node that counts the prompt at the end only', () => {
    it('is paid for the estimate before each chunk, though its receipts name no prompt', () => {
        const ledger = new Ledger();
        const request = begin(ledger);
        expect(ledger.need(CHUNK)).toBe(10n * PROMPT_TOKEN + 16n * TOKEN);
        request.chunks = 1;
        request.usage = { prompt: 0, cached: 0, completion: 16 };
        expect(ledger.need(CHUNK)).toBe(10n * PROMPT_TOKEN + 32n * TOKEN);
    });

    it('that takes the prompt for longer is believed within the bound in all chunks', () => {
        const ledger = new Ledger();
        const request = begin(ledger);
        const demand = 37n * PROMPT_TOKEN + 16n * TOKEN;
        ledger.accept(demand, CHUNK, request);
        expect(ledger.need(CHUNK)).toBe(demand);
        request.chunks = 1;
        request.usage = { prompt: 0, cached: 0, completion: 16 };
        expect(ledger.need(CHUNK)).toBe(demand + 16n * TOKEN);
        ledger.accept(1_000_000n * PROMPT_TOKEN, CHUNK, request);
        expect(request.promptEstimate).toBe(500);
    });
});

it('takes the prompt of a receipt for true where there is one', () => {
    const ledger = new Ledger();
    begin(ledger, { chunks: 1, usage: { prompt: 7, cached: 0, completion: 16 } });
    expect(ledger.need(CHUNK)).toBe(7n * PROMPT_TOKEN + 32n * TOKEN);
});

it('lets a demand settle doubts about earlier requests first', () => {
    const ledger = new Ledger();
    const left = begin(ledger);
    ledger.abandon(left, CHUNK);
    const request = begin(ledger);
    const need = ledger.need(CHUNK);
    ledger.accept(need + 5n * TOKEN, CHUNK, request);
    expect(ledger.need(CHUNK)).toBe(need + 5n * TOKEN);
    expect(request.promptEstimate).toBe(10);
});

describe('signing ahead', () => {
    const prices = { prompt: 1_000_000n, cachedPrompt: 1_000_000n, completion: 1_000_000n };
    const request = () => ({
        prices,
        promptEstimate: 6,
        promptBound: 100,
        limit: undefined,
        chunks: 0,
        usage: undefined,
    });

    it('begins with the eighth request at a time, by an eighth of what runs', () => {
        const ledger = new Ledger();
        const requests = Array.from({ length: 8 }, request);
        for (const each of requests.slice(0, 7)) ledger.begin(each);
        expect([ledger.need(10), ledger.margin(10)]).toEqual([7n * 16n, 0n]);
        ledger.begin(requests[7]!);
        expect([ledger.need(10), ledger.margin(10)]).toEqual([8n * 16n, 16n]);
    });

    it('sees every change of a request', () => {
        const ledger = new Ledger();
        const running = {
            ...request(),
            usage: undefined as { prompt: number; cached: number; completion: number } | undefined,
        };
        ledger.begin(running);
        expect(ledger.need(10)).toBe(16n);
        running.promptEstimate = 9;
        expect(ledger.need(10)).toBe(19n);
        running.chunks = 1;
        running.usage = { prompt: 4, cached: 0, completion: 10 };
        expect(ledger.need(10)).toBe(24n);
        expect(ledger.need(20)).toBe(44n);
    });
});
