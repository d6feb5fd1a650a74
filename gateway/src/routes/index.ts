export { batchRoutes } from './batches';
export { chatRoutes } from './chat';
export { completionRoutes } from './completions';
export { embeddingRoutes } from './embeddings';
export { fileRoutes } from './files';
export { healthRoutes } from './health';
export { modelRoutes } from './models';
export { payloadRoutes } from './payloads';
