export { type Draft, Files, type StoredFile } from './files';
export { fileObject } from './object';
