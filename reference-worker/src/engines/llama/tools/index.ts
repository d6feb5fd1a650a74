export type { OutputReader } from './calls';
export { planAnswer } from './plan';
export { OPEN_TAG } from './tagged';
