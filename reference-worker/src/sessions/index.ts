export { MAX_BODY_BYTES, type SessionAnswer, type SessionCall, type SessionHandler } from './types';
