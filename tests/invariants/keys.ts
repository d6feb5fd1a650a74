import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';

/** An Ed25519 key per name. Signing in JavaScript would take longer than the transactions. */
export interface NativeKey {
    publicKey: Buffer;
    id: bigint;
    sign(hash: Buffer): Buffer;
}

const keys = new Map<string, NativeKey>();

export function nativeKey(name: string): NativeKey {
    const key = keys.get(name) ?? createKey(name);
    keys.set(name, key);
    return key;
}

function createKey(name: string): NativeKey {
    const seed = createHash('sha256').update(name).digest();
    const header = Buffer.from('302e020100300506032b657004220420', 'hex');
    const key = createPrivateKey({ key: Buffer.concat([header, seed]), format: 'der', type: 'pkcs8' });
    const publicKey = publicKeyOf(key);
    return {
        publicKey,
        id: BigInt(`0x${publicKey.toString('hex')}`),
        sign: (hash) => sign(null, hash, key),
    };
}

function publicKeyOf(key: KeyObject): Buffer {
    return createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32);
}
