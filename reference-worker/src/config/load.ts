import { type LoadedSettings, loadSettings, parseSettings, type SettingsProfile } from 'cocoon-daemon';
import { ConfigError } from '../errors';
import { configSchema, type WorkerConfig } from './schema';

/** `directory` is where relative paths of the config start from: where worker.yaml lies. */
export type LoadedConfig = LoadedSettings<WorkerConfig>;

const PROFILE: SettingsProfile<typeof configSchema> = {
    schema: configSchema,
    source: 'worker config',
    file: 'worker.yaml',
    example: 'worker.example.yaml',
    prefix: 'COCOON_WORKER_',
    reserved: /^(CONFIG$|SECRETS_(WALLET_|OPERATOR_|ENCRYPTION_))/,
    sample: 'models.0.engine.contextSize',
    ConfigError,
};

/** Reads and checks worker.yaml with environment overrides. Throws {@link ConfigError} naming the first bad field. */
export function loadConfig(path: string, environment: NodeJS.ProcessEnv = process.env): LoadedConfig {
    return loadSettings(PROFILE, path, environment);
}

/** Checks an already parsed config object; `source` is what messages call it. */
export function parseConfig(
    raw: unknown,
    environment: NodeJS.ProcessEnv = {},
    source?: string,
): WorkerConfig {
    return parseSettings(PROFILE, raw, environment, source);
}
