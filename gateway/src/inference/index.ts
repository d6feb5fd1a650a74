export { inferenceHandler } from './handle';
