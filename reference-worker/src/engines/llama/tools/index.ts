export type { OutputReader } from './calls';
export { type AnswerPlan, planAnswer } from './plan';
export { OPEN_TAG } from './tagged';
