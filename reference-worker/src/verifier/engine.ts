import type { ClaimedRequest, Rescored, VerifierEngine } from 'cocoon-sdk';
import { type Engine, EngineError, type GenerationRequest, parseSessionRequest } from '../engines';

/** Makes a verifier's engine of an engine; undefined for one that cannot score. It must run exactly the model in dispute. */
export function verifierEngine(engine: Engine): VerifierEngine | undefined {
    const score = engine.score?.bind(engine);
    if (!score) return undefined;
    return {
        rescore: (request, { tokenIds, logprobs }, signal) =>
            refusable(() => score(generation(request), { tokenIds, logprobs }, signal ? { signal } : {})),
        async repeat(request, seed, signal) {
            const answer = await engine.complete(
                { ...generation(request), logprobs: true, ...(seed === null ? {} : { seed }) },
                signal ? { signal } : {},
            );
            const { text, tokenIds, logprobs } = answer;
            const known = logprobs.length === tokenIds.length;
            return { text, tokenIds, logprobs: known ? logprobs.map((token) => token.logprob) : null };
        },
    };
}

function generation({ task, body }: ClaimedRequest): GenerationRequest {
    const parsed = parseSessionRequest(task, body);
    if (parsed.task !== 'embedding') return parsed.request;
    throw new EngineError('unsupported', 'request input: embeddings have no tokens to score', {
        remedy: 'dispute answers that are generated',
    });
}

/** What the request itself is guilty of is an answer, and no failure. */
async function refusable(
    task: () => Promise<Rescored>,
): Promise<Rescored | 'request_invalid' | 'not_judgeable'> {
    try {
        return await task();
    } catch (error) {
        if (!(error instanceof EngineError)) throw error;
        if (error.code === 'bad_request' || error.code === 'context_too_long') return 'request_invalid';
        if (error.code === 'unsupported') return 'not_judgeable';
        throw error;
    }
}
