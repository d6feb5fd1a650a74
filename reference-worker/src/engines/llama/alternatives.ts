import type { LlamaModel, Token } from 'node-llama-cpp';
import type { TokenAlternative } from '../types';

/** The most likely tokens of a step, best first. */
export function alternatives(
    model: LlamaModel,
    probabilities: ReadonlyMap<Token, number>,
    wanted: number,
): TokenAlternative[] {
    const top: TokenAlternative[] = [];
    for (const [id, probability] of probabilities) {
        if (top.length >= wanted) break;
        // What a grammar or a penalty rules out has no logarithm that JSON could say.
        if (probability > 0) top.push({ id, text: tokenText(model, id), logprob: Math.log(probability) });
    }
    return top;
}

const texts = new WeakMap<LlamaModel, Map<Token, string>>();

/** A token by itself; remembered, because asking the library for each one costs several per cent of a small model's speed. */
export function tokenText(model: LlamaModel, id: Token): string {
    let known = texts.get(model);
    if (!known) {
        known = new Map();
        texts.set(model, known);
    }
    let text = known.get(id);
    if (text === undefined) {
        text = model.detokenize([id], true);
        known.set(id, text);
    }
    return text;
}
