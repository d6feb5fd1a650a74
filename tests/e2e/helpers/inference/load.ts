import { setTimeout as sleep } from 'node:timers/promises';
import OpenAI from 'openai';
import { SCRIPTED } from './world';

/** What came of one request. */
export interface Outcome {
    readonly ok: boolean;
    /** `performance.now()`. */
    readonly startedAt: number;
    readonly endedAt: number;
    readonly gateway: number;
    /** Of the error: its status (0: no answer came) and code. */
    readonly failure?: string;
}

/** Applications that each ask one question after the other, of one gateway as long as it answers, then of the next. */
export class Applications {
    readonly outcomes: Outcome[] = [];
    private readonly clients: OpenAI[];
    private stopping = false;
    private running: Promise<unknown> = Promise.resolve();

    constructor(baseUrls: readonly string[], apiKey: string) {
        this.clients = baseUrls.map(
            (baseURL) => new OpenAI({ baseURL, apiKey, maxRetries: 0, timeout: 60_000 }),
        );
    }

    /** `count` of them, spread over the gateways. */
    start(count: number): void {
        this.stopping = false;
        this.running = Promise.all(Array.from({ length: count }, (_, i) => this.ask(i)));
    }

    async stop(): Promise<void> {
        this.stopping = true;
        await this.running;
    }

    private async ask(number: number): Promise<void> {
        let gateway = number % this.clients.length;
        for (let i = 0; !this.stopping; i++) {
            const expected = `${number} and ${i}, all of it`;
            const startedAt = performance.now();
            // Streams of more than one chunk of 16 tokens and single answers by turns.
            const failure = await this.one(gateway, expected, i % 2 === 0);
            const endedAt = performance.now();
            this.outcomes.push({ ok: failure === undefined, startedAt, endedAt, gateway, failure });
            if (failure === undefined) continue;
            gateway = (gateway + 1) % this.clients.length;
            await sleep(100);
        }
    }

    private async one(gateway: number, expected: string, stream: boolean): Promise<string | undefined> {
        const openai = this.clients[gateway]!;
        const content = stream ? 'count 40' : `say ${expected}`;
        const wanted = stream ? Array.from({ length: 40 }, (_, i) => i + 1).join(' ') : expected;
        const request = { model: SCRIPTED.name, messages: [{ role: 'user' as const, content }] };
        try {
            const answer = stream
                ? await openai.chat.completions.stream(request).finalContent()
                : (await openai.chat.completions.create(request)).choices[0]!.message.content;
            return answer === wanted ? undefined : `another answer: ${answer}`;
        } catch (error) {
            const {
                status = 0,
                code,
                message,
            } = error as { status?: number; code?: string; message: string };
            return `${status} ${code ?? message}`;
        }
    }
}
