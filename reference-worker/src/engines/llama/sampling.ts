import type { SequenceEvaluateOptions, Token } from 'node-llama-cpp';
import type { GenerationRequest } from '../types';

type SamplerOptions = Pick<
    SequenceEvaluateOptions,
    'temperature' | 'topP' | 'topK' | 'minP' | 'seed' | 'repeatPenalty'
>;

/**
 * What the library needs to know to choose one token as the request asks.
 * @param limit most tokens of the answer.
 * @param before the tokens of the answer up to there.
 */
export function samplerOptions(
    request: GenerationRequest,
    limit: number,
    before: () => Token[],
    seed?: number,
): SamplerOptions {
    const { frequencyPenalty = 0, presencePenalty = 0 } = request;
    const penalised = frequencyPenalty !== 0 || presencePenalty !== 0;
    return {
        temperature: request.temperature ?? 0,
        topP: request.topP ?? 1,
        // The library's defaults cut the distribution, which an OpenAI request did not ask for.
        topK: 0,
        minP: 0,
        ...(seed === undefined ? {} : { seed }),
        ...(penalised
            ? {
                  repeatPenalty: {
                      punishTokens: before,
                      maxPunishTokens: limit,
                      penalty: 1,
                      frequencyPenalty,
                      presencePenalty,
                  },
              }
            : {}),
    };
}
