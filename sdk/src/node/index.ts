export { type AnswerFiles, type AnswerFilesOptions, answerFiles, type KeptAnswer } from './answer-files';
export { nativePrimitives } from './native';
export { type ClosableTransport, type UndiciTransportOptions, undiciTransport } from './undici-transport';
export { voteFiles } from './vote-files';
