export { nativePrimitives } from './native';
