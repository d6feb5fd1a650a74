import { createHash, createPublicKey, verify } from 'node:crypto';

/** First message on a connection, of the relay; 32 random bytes, hexadecimal. */
export interface Challenge {
    challenge: string;
}

/** The node's answer, hexadecimal. */
export interface Proof {
    key: string;
    signature: string;
}

/** Codes that the relay closes a connection with. */
export const CloseCode = {
    /** The relay stops or restarts. */
    GoingAway: 1001,
    /** Not a frame of this protocol. */
    Protocol: 4400,
    /** The proof is wrong or did not come. */
    Refused: 4401,
    /** A newer connection of the same key is served now. */
    Replaced: 4409,
    /** The relay has as many nodes as it takes. */
    Full: 4429,
} as const;

const SPKI_ED25519 = Buffer.from('302a300506032b6570032100', 'hex');

/** What the node signs: bound to the relay's name, so that another relay cannot pass the challenge on. */
export function proofDigest(host: string, key: Uint8Array, challenge: Uint8Array): Buffer {
    return createHash('sha256')
        .update('cocoon relay v1')
        .update(host.toLowerCase())
        .update(key)
        .update(challenge)
        .digest();
}

/** Key that is proven for one of these names of the relay; undefined when it is not. */
export function provenKey(
    message: string,
    challenge: Uint8Array,
    hosts: readonly string[],
): string | undefined {
    const proof = parse(message);
    if (!/^[0-9a-f]{64}$/.test(proof?.key ?? '') || !/^[0-9a-f]{128}$/.test(proof?.signature ?? '')) return;
    const raw = Buffer.from(proof!.key!, 'hex');
    const signature = Buffer.from(proof!.signature!, 'hex');
    try {
        const key = createPublicKey({ key: Buffer.concat([SPKI_ED25519, raw]), format: 'der', type: 'spki' });
        const proven = hosts.some((host) => verify(null, proofDigest(host, raw, challenge), key, signature));
        return proven ? proof!.key : undefined;
    } catch {
        return undefined;
    }
}

function parse(message: string): Partial<Proof> | undefined {
    try {
        const value = JSON.parse(message) as Partial<Proof> | null;
        return typeof value?.key === 'string' && typeof value.signature === 'string' ? value : undefined;
    } catch {
        return undefined;
    }
}
