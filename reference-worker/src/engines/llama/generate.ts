import { randomInt } from 'node:crypto';
import type { LlamaContext, LlamaModel, SequenceEvaluateOptions, Token } from 'node-llama-cpp';
import type { EngineToken, FinishReason, GenerationRequest, StreamEnd } from '../types';
import { alternatives, tokenText } from './alternatives';
import { samplerOptions } from './sampling';
import { TextFlow } from './text-flow';
import type { OutputReader } from './tools';

/** Stands for a probability too small for a float: JSON has no infinity. The value that OpenAI uses. */
const LEAST_LOGPROB = -9999;

export interface Generation {
    model: LlamaModel;
    context: LlamaContext;
    prompt: Token[];
    request: GenerationRequest;
    /** Most tokens to generate. */
    limit: number;
    /** State of the grammar that the answer keeps to. */
    grammar?: SequenceEvaluateOptions['grammarEvaluationState'];
    reader?: OutputReader;
    isAborted: () => boolean;
}

/** Generates one answer on a context that nothing else uses meanwhile, a token for each step that is asked for. */
export async function* generate(
    generation: Generation,
): AsyncGenerator<readonly EngineToken[], StreamEnd, void> {
    const { model, context, prompt, request, isAborted } = generation;
    const seed = request.seed ?? randomInt(2 ** 31 - 1);
    const flow = new TextFlow(model, request.stop ?? [], generation.reader);
    const wanted = request.topLogprobs ?? 0;
    const ids: Token[] = [];
    let finishReason: FinishReason = 'length';

    const sequence = context.getSequence();
    try {
        // Typed as if always asked for: what is not, is not looked at.
        const steps = sequence.evaluateWithMetadata(
            prompt,
            { confidence: true, probabilities: (wanted > 0) as true },
            {
                ...samplerOptions(request, generation.limit, () => ids, seed),
                yieldEogToken: true,
                ...(generation.grammar ? { grammarEvaluationState: generation.grammar } : {}),
            },
        );
        for await (const step of steps) {
            if (isAborted()) {
                finishReason = 'abort';
                break;
            }
            if (model.isEogToken(step.token)) {
                finishReason = 'stop';
                break;
            }
            ids.push(step.token);
            const token: EngineToken = {
                text: '',
                id: step.token,
                logprob: Math.max(LEAST_LOGPROB, Math.log(step.confidence)),
                count: 1,
                token: tokenText(model, step.token),
            };
            if (wanted > 0) token.top = alternatives(model, step.probabilities, wanted);
            const { stopped, ...output } = flow.push(step.token);
            yield [Object.assign(token, output)];
            if (stopped) finishReason = 'stop';
            // A consumer that left for good asks for nothing more: no token is evaluated to find that out.
            else if (isAborted()) finishReason = 'abort';
            if (stopped || isAborted() || ids.length >= generation.limit) break;
        }
    } finally {
        await sequence.dispose();
    }
    const { stopped, ...rest } = flow.finish(finishReason === 'stop');
    if (stopped) finishReason = 'stop';
    if (rest.text !== '' || rest.toolCalls) yield [{ ...rest, id: null, logprob: null, count: 0 }];
    if (finishReason === 'stop' && flow.calls > 0) finishReason = 'tool_calls';
    return {
        finishReason,
        seed,
        // Each answer computes its prompt anew: what one client wrote is not kept for the next.
        usage: { promptTokens: prompt.length, cachedTokens: 0, completionTokens: ids.length },
    };
}
