import { availableParallelism } from 'node:os';
import type { Llama, LlamaContext, LlamaGrammarEvaluationState, LlamaModel } from 'node-llama-cpp';
import type { LlamaEngineConfig } from '../../config';
import { messageOf } from '../../errors';
import { EngineError } from '../errors';

/** The loaded library, model and one context per slot. */
export interface LlamaRuntime {
    llama: Llama;
    model: LlamaModel;
    contexts: LlamaContext[];
    /** Tokens that prompt and answer may fill together. */
    contextSize: number;
    threads: number;
    /** The library's class: it is loaded late, so whoever needs it gets it from here. */
    GrammarState: typeof LlamaGrammarEvaluationState;
}

const GPU_REMEDY =
    'install the GPU package of node-llama-cpp that fits (see "GPU" in the README), or set engine.gpu: false';

/** What decides how a model is run. */
export interface LlamaOptions extends LlamaEngineConfig {
    /** Tokens that are evaluated at once; default: what the library thinks best. */
    batchSize?: number;
}

/**
 * Loads a GGUF file. The library is imported here and not at the top, because it is an ES module that initialises
 * native code: whoever uses other engines never loads it.
 */
export async function loadLlama(path: string, config: LlamaOptions): Promise<LlamaRuntime> {
    const library = await import('node-llama-cpp');
    const threads = Math.min(config.threads, availableParallelism());
    let llama: Llama;
    try {
        llama = await library.getLlama({
            gpu: config.gpu,
            // Neither compile nor download anything: an operator's machine runs what was installed and nothing else.
            build: 'never',
            skipDownload: true,
            progressLogs: false,
            logLevel: library.LlamaLogLevel.error,
            maxThreads: threads * config.contexts,
        });
    } catch (error) {
        throw new EngineError(
            'startup',
            `llama.cpp does not start with gpu ${config.gpu}: ${messageOf(error)}`,
            {
                remedy: GPU_REMEDY,
                cause: error,
            },
        );
    }
    if (typeof config.gpu === 'string' && config.gpu !== 'auto' && llama.gpu !== config.gpu) {
        const found = llama.gpu || 'only the CPU';
        await llama.dispose();
        // The library falls back without a word; an operator who paid for a GPU wants to know.
        throw new EngineError('startup', `llama.cpp finds ${found} and not ${config.gpu}`, {
            remedy: GPU_REMEDY,
        });
    }
    try {
        const model = await llama.loadModel({ modelPath: path });
        const contextSize = Math.min(config.contextSize, model.trainContextSize);
        const contexts: LlamaContext[] = [];
        for (let index = 0; index < config.contexts; index++) {
            // One sequence a context: node-llama-cpp 3.21.1 mixes tokens between concurrent sequences of one context.
            const { batchSize } = config;
            contexts.push(
                await model.createContext({
                    contextSize,
                    threads,
                    sequences: 1,
                    ...(batchSize ? { batchSize } : {}),
                }),
            );
        }
        return {
            llama,
            model,
            contexts,
            contextSize,
            threads,
            GrammarState: library.LlamaGrammarEvaluationState,
        };
    } catch (error) {
        await llama.dispose();
        throw new EngineError('startup', `cannot load the model ${path}: ${messageOf(error)}`, {
            remedy: 'check that the file is a GGUF language model and that memory suffices; lower contextSize or contexts',
            cause: error,
        });
    }
}
