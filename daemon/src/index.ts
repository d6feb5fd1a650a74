export * from './cli';
export * from './config';
export * from './errors';
export * from './lifecycle';
export * from './observability';
export * from './secrets';
