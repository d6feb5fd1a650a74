export { describeModel, differences, type ModelDescription } from './describe';
export { type DownloadOptions, type DownloadProgress, download } from './download';
export { resolveModelPath } from './embedded';
export { ModelError, type ModelErrorCode } from './errors';
export { type ModelManifest, modelIdOf, parseManifest, readManifest } from './manifest';
export { progressReporter } from './progress';
export { type ResolvedModel, type ResolveOptions, resolveModel } from './resolve';
export { HashCache } from './verify';
