export { identityFields, type JobRecord, type JobStore, jobKey } from './record';
export { jsonJobStore, memoryJobStore, type TextStore } from './stores';
