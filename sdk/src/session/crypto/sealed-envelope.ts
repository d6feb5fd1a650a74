import { bytesToHex, concatBytes } from '../../utils';
import { SessionDecryptionError } from '../errors';
import { type Envelope, type EnvelopeHeader, encodeEnvelopeHead } from '../wire/envelope';
import type { SessionSecret } from './encapsulate';
import { messageKey } from './message-keys';
import type { SessionPrimitives } from './primitives';

/** An envelope ready to send, and the key that its answer is sealed under. */
export type SealedEnvelope = { readonly bytes: Uint8Array; readonly responseKey: Uint8Array };

/** An envelope in the clear. `header` and `content` are views of the received bytes where possible. */
export type OpenedEnvelope = {
    readonly header: EnvelopeHeader;
    readonly content: Uint8Array;
    readonly responseKey: Uint8Array;
    readonly enc: Uint8Array;
    /** Which recipient key and encapsulation sealed it. */
    readonly secretId: string;
};

// Each key seals one message, so that the nonce may be constant.
const NONCE = new Uint8Array(12);

/** Seals a content. Never call it twice with two contents for one secret, kind, sequence and counter. */
export function sealEnvelope(
    primitives: SessionPrimitives,
    secret: SessionSecret,
    header: EnvelopeHeader,
    content: Uint8Array,
): SealedEnvelope {
    const head = encodeEnvelopeHead(header, secret.keyId, secret.enc);
    const key = messageKey(primitives, secret.extracted, 'request', head);
    return {
        bytes: concatBytes(head, primitives.seal(key, NONCE, content, head)),
        responseKey: messageKey(primitives, secret.extracted, 'response', head),
    };
}

/** Opens an envelope with the secret of its encapsulation. Throws SessionDecryptionError. */
export function openEnvelopeWith(
    primitives: SessionPrimitives,
    secret: Pick<SessionSecret, 'extracted'>,
    envelope: Envelope,
): OpenedEnvelope {
    const key = messageKey(primitives, secret.extracted, 'request', envelope.head);
    const content = primitives.open(key, NONCE, envelope.ciphertext, envelope.head);
    if (content === undefined) throw new SessionDecryptionError('The envelope does not open.');
    return {
        header: envelope.header,
        content,
        responseKey: messageKey(primitives, secret.extracted, 'response', envelope.head),
        enc: envelope.enc,
        secretId: secretIdOf(envelope),
    };
}

/** Names the recipient key and encapsulation of an envelope. */
export function secretIdOf(envelope: Pick<Envelope, 'keyId' | 'enc'>): string {
    return bytesToHex(envelope.keyId) + bytesToHex(envelope.enc);
}
