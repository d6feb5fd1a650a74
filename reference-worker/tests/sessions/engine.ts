import { type Engine, EngineError, type EngineToken } from '../../src/engines';

export interface Script {
    /** Steps of the answer; a function waits, or throws, in between. */
    steps: (readonly EngineToken[] | (() => Promise<void>))[];
    promptTokens?: number;
    counted?: boolean;
    cachedTokens?: number;
    capacity?: number;
    contextSize?: number;
}

export function tokens(count: number, text = 'y'): EngineToken[] {
    return Array.from({ length: count }, (_, index) => ({
        text,
        id: index,
        logprob: -0.5,
        count: 1,
        token: text,
    }));
}

export const failure =
    (code: 'unreachable' | 'rate_limited' | 'context_too_long' | 'unsupported') => async () => {
        throw new EngineError(code, 'said by the engine', { remedy: 'none' });
    };

/** An engine that says exactly what a test wants, and counts how far it was asked. */
export function scriptedEngine(script: Script): Engine & { asked: number } {
    const { promptTokens = 10, counted = true, cachedTokens = 0, capacity = 4 } = script;
    const engine: Engine & { asked: number } = {
        asked: 0,
        name: 'scripted',
        capacity,
        ...(script.contextSize === undefined ? {} : { contextSize: script.contextSize }),
        supports: {
            tools: false,
            jsonMode: false,
            jsonSchema: false,
            logprobs: true,
            embeddings: false,
            completions: true,
        },
        async *stream(request, { signal } = {}) {
            let completionTokens = 0;
            const end = (finishReason: 'stop' | 'abort') => ({
                finishReason,
                seed: request.seed ?? 0,
                usage: { promptTokens, cachedTokens, completionTokens },
            });
            for (const step of script.steps) {
                engine.asked += 1;
                if (typeof step === 'function') {
                    const aborted = new Promise<void>((resolve) => {
                        if (signal?.aborted) resolve();
                        signal?.addEventListener('abort', () => resolve(), { once: true });
                    });
                    await Promise.race([step(), aborted]);
                } else {
                    completionTokens += step.length;
                    yield step;
                }
                if (signal?.aborted) return end('abort');
            }
            return end('stop');
        },
        complete: () => Promise.reject(new Error('sessions stream')),
        countPromptTokens: async () => (counted ? promptTokens : undefined),
        health: async () => ({ ok: true }),
        close: async () => {},
    };
    return engine;
}
