import type { ModelConfig } from '../config';
import { ConfigError } from '../errors';
import { LlamaEngine } from './llama';
import { createNullEngine } from './null';
import { OpenAiEngine } from './openai';
import type { Engine } from './types';

/**
 * Starts the engine of one configured model.
 * @param modelFile verified GGUF file; required by `llama`, unused by others.
 */
export async function createEngine(
    model: ModelConfig,
    modelFile: string | undefined,
    environment: NodeJS.ProcessEnv = process.env,
): Promise<Engine> {
    const { engine } = model;
    if (engine.type === 'llama') return LlamaEngine.open(modelFile!, engine);
    if (engine.type === 'null') return createNullEngine(engine);
    return new OpenAiEngine(engine, apiKey(model.name, engine.apiKeyEnv, environment));
}

function apiKey(model: string, name: string | undefined, environment: NodeJS.ProcessEnv): string | undefined {
    if (name === undefined) return undefined;
    const value = environment[name];
    if (value) return value;
    throw new ConfigError(
        `model ${model}: environment variable ${name} (engine.apiKeyEnv) is not set`,
        'export it before starting the worker, or remove engine.apiKeyEnv if the server needs no key',
    );
}
