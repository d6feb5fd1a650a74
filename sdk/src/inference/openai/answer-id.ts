import { bytesToHex, type RandomBytes, secureRandomBytes } from '../../utils';
import type { InferenceTask } from '../types';

const PREFIXES = { chat: 'chatcmpl', completion: 'cmpl', embedding: 'emb' } as const;

/** A new id of an answer. */
export function answerId(task: InferenceTask, randomBytes: RandomBytes = secureRandomBytes): string {
    return `${PREFIXES[task]}-${bytesToHex(randomBytes(12))}`;
}
