import { EngineError } from '../../errors';
import type { ChatRequest, GenerationRequest, Tool } from '../../types';
import { callGrammar, formatGrammar } from '../grammar';
import { ConstrainedCallReader, type OutputReader } from './calls';
import { TaggedCallReader } from './tagged';

/** How one answer is generated and read. */
export interface AnswerPlan {
    /** GBNF that the answer keeps to. */
    grammar?: string;
    reader?: OutputReader;
    /** The functions that the prompt tells the model of. */
    tools?: Tool[];
}

/**
 * Decides how tools and formats are kept to. A call that must come is held to its form by a grammar, with any model;
 * whether a model calls by itself is its own doing, for which its template must know the form.
 * @param tagged the model's template writes calls in `<tool_call>` tags.
 */
export function planAnswer(request: GenerationRequest, tagged: boolean): AnswerPlan {
    const format = request.responseFormat && { grammar: formatGrammar(request.responseFormat) };
    if ('prompt' in request || !request.tools || request.toolChoice === 'none') return format ?? {};
    const { tools, toolChoice = 'auto' } = request;
    if (toolChoice !== 'auto') return constrained(toolChoice, tools);
    if (!tagged) throw noTools();
    if (format) throw formatAndTools();
    return { tools, reader: new TaggedCallReader(request.parallelToolCalls !== false) };
}

function constrained(
    choice: Exclude<ChatRequest['toolChoice'], undefined | 'none' | 'auto'>,
    tools: Tool[],
): AnswerPlan {
    const allowed = tools
        .map((tool) => tool.function)
        .filter(({ name }) => choice === 'required' || choice.name === name);
    return {
        tools,
        grammar: callGrammar(allowed),
        reader: new ConstrainedCallReader(allowed.map(({ name }) => name)),
    };
}

function noTools(): EngineError {
    return new EngineError('unsupported', 'request tools: this model does not choose tools by itself', {
        remedy: 'set tool_choice to required or to one function, or ask a model that calls tools',
    });
}

function formatAndTools(): EngineError {
    return new EngineError(
        'unsupported',
        'request response_format: not supported beside tools of free choice',
        {
            remedy: 'leave one of them out, or set tool_choice to required or none',
        },
    );
}
