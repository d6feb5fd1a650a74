import type { Clock } from '../../utils';
import { equalBytes } from '../../utils';
import { encapsulate, type SessionSecret } from '../crypto/encapsulate';
import type { SessionPrimitives } from '../crypto/primitives';
import { SessionFormatError } from '../errors';
import type { AllocationRef } from '../wire/allocation-ref';
import { signAuthorization } from '../wire/authorization';
import { ENCAPSULATION_SECONDS } from '../wire/limits';
import { type SessionNodeInfo, verifySessionKey } from '../wire/node-info';

/** What a channel holds on to for up to ten minutes: a secret shared with the node, and what the node published. */
export type Link = {
    readonly secret: SessionSecret;
    readonly authorization: Uint8Array;
    readonly chunkTokens: number;
    /** Milliseconds since the Unix epoch. */
    readonly expiresAt: number;
};

export type LinkParameters = {
    readonly allocation: AllocationRef;
    readonly operatorKey: Uint8Array;
    /** X25519 key on chain. */
    readonly encryptionKey: Uint8Array;
    readonly voucherSecretKey: Uint8Array;
    readonly readInfo: () => Promise<SessionNodeInfo>;
    readonly primitives: SessionPrimitives;
    readonly clock: Clock;
};

/** Reads the node's key and encapsulates to it. Throws what `readInfo` throws, SessionFormatError for another node's endpoint. */
export async function openLink(args: LinkParameters): Promise<Link> {
    const { allocation, primitives, clock } = args;
    const info = await args.readInfo();
    if (info.network !== allocation.networkId || !equalBytes(info.node, allocation.node)) {
        throw new SessionFormatError('The endpoint serves another node or network.');
    }
    const now = clock.now();
    const key = recipientKey(args, info, Math.floor(now / 1_000));
    const secret = await encapsulate(primitives, allocation, key.publicKey);
    return {
        secret,
        authorization: signAuthorization(primitives, args.voucherSecretKey, allocation, secret.enc),
        chunkTokens: info.chunkTokens,
        expiresAt: Math.min(now + 1_000 * ENCAPSULATION_SECONDS, 1_000 * key.notAfter),
    };
}

/** The session key where the operator key signed it and it is valid: it gives forward secrecy. Else the key on chain. */
function recipientKey(args: LinkParameters, info: SessionNodeInfo, now: number) {
    const { sessionKey } = info;
    if (
        sessionKey !== null &&
        verifySessionKey(args.primitives, args.operatorKey, args.allocation, sessionKey, now)
    ) {
        return sessionKey;
    }
    return { publicKey: args.encryptionKey, notAfter: Number.POSITIVE_INFINITY };
}
