export { nativePrimitives } from './native';
export { type ClosableTransport, type UndiciTransportOptions, undiciTransport } from './undici-transport';
