import { loadConfig } from '../config';
import { createEngine } from '../engines';
import { ConfigError } from '../errors';
import { progressReporter, resolveModel } from '../models';

export interface ChatOptions {
    config: string;
    model?: string;
    maxTokens?: string;
    temperature: string;
}

/** `cocoon-worker chat`: needs no keys, journal or network. */
export async function chat(prompt: string, options: ChatOptions): Promise<void> {
    const { config, directory } = loadConfig(options.config);
    const model = options.model ? config.models.find(({ name }) => name === options.model) : config.models[0];
    if (!model) {
        const names = config.models.map(({ name }) => name).join(', ');
        throw new ConfigError(
            `no model ${options.model} in ${options.config}`,
            `configured models are: ${names}`,
        );
    }
    const temperature = positive('--temperature', options.temperature, 0);
    const maxTokens =
        options.maxTokens === undefined ? undefined : positive('--max-tokens', options.maxTokens, 1);
    const { file } = await resolveModel(model, config, { directory, progress: progressReporter });
    const engine = await createEngine(model, file);
    const stop = new AbortController();
    const onSignal = () => stop.abort();
    process.once('SIGINT', onSignal);
    try {
        const { usage, finishReason, seed } = await engine.complete(
            {
                messages: [{ role: 'user', content: prompt }],
                temperature,
                ...(maxTokens === undefined ? {} : { maxTokens }),
            },
            { signal: stop.signal, onToken: (text) => process.stdout.write(text) },
        );
        process.stdout.write('\n');
        process.stderr.write(
            `[${finishReason}; ${usage.promptTokens} prompt + ${usage.completionTokens} completion tokens; seed ${seed}]\n`,
        );
    } finally {
        process.off('SIGINT', onSignal);
        await engine.close();
    }
}

function positive(name: string, text: string, least: number): number {
    const value = Number(text);
    if (Number.isFinite(value) && value >= least) return value;
    throw new ConfigError(`${name} ${text} is not a number of at least ${least}`, `pass ${name} <number>`);
}
