export { parseAmount } from 'cocoon-daemon';
export * from './keys';
export * from './load';
export type {
    EngineConfig,
    JurorConfig,
    LlamaEngineConfig,
    ModelConfig,
    NullEngineConfig,
    OpenAiEngineConfig,
    Policy,
    Pricing,
    SessionsConfig,
    WorkerConfig,
} from './schema';
export * from './secrets';
