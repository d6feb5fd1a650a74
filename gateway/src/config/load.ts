import { type LoadedSettings, loadSettings, parseSettings, type SettingsProfile } from 'cocoon-daemon';
import { ConfigError } from '../errors';
import { configSchema, type GatewayConfig } from './schema';

/** `directory` is where relative paths of the config start from: where gateway.yaml lies. */
export type LoadedConfig = LoadedSettings<GatewayConfig>;

const PROFILE: SettingsProfile<typeof configSchema> = {
    schema: configSchema,
    source: 'gateway config',
    file: 'gateway.yaml',
    example: 'gateway.example.yaml',
    prefix: 'COCOON_GATEWAY_',
    reserved: /^(CONFIG$|SECRETS_(WALLET_|MASTER_|DATABASE_))/,
    sample: 'limits.bodyBytes',
    ConfigError,
};

/** Reads and checks gateway.yaml with environment overrides. Throws {@link ConfigError} naming the first bad field. */
export function loadConfig(path: string, environment: NodeJS.ProcessEnv = process.env): LoadedConfig {
    return loadSettings(PROFILE, path, environment);
}

/** Checks an already parsed config object; `source` is what messages call it. */
export function parseConfig(
    raw: unknown,
    environment: NodeJS.ProcessEnv = {},
    source?: string,
): GatewayConfig {
    return parseSettings(PROFILE, raw, environment, source);
}
