import { bytesToHex, equalBytes } from '../../utils';
import { SessionKeyUnknownError } from '../errors';
import type { AllocationRef } from '../wire/allocation-ref';
import { verifyAuthorization } from '../wire/authorization';
import { decodeEnvelope, type Envelope } from '../wire/envelope';
import { decapsulate, type EncapsulationPlace, type SessionSecret } from './encapsulate';
import type { SessionPrimitives } from './primitives';
import { type OpenedEnvelope, openEnvelopeWith, secretIdOf } from './sealed-envelope';

/** Gives the X25519 secret key with this key id, undefined where the node has none (any more). */
export type EncryptionKeys = (keyId: Uint8Array) => Uint8Array | undefined;

type Entry = { readonly secret: SessionSecret; readonly authorized: Set<string> };

const DEFAULT_SECRETS = 4_096;
const MAX_AUTHORIZED = 256;

/**
 * Node side: opens envelopes and keeps the secrets of the most recent encapsulations, because a client uses one for
 * many envelopes and decapsulation is the slow part.
 */
export class EnvelopeOpener {
    /** By key id and enc; the order of a Map is that of use. */
    private readonly entries = new Map<string, Entry>();

    constructor(
        private readonly primitives: SessionPrimitives,
        private readonly place: EncapsulationPlace,
        private readonly keys: EncryptionKeys,
        private readonly maxSecrets = DEFAULT_SECRETS,
    ) {}

    /**
     * Opens an envelope: at once when its encapsulation is known, else with a promise.
     * Throws (or rejects with) SessionFormatError, SessionKeyUnknownError or SessionDecryptionError, each with the
     * `refusal` that a node answers.
     */
    open(bytes: Uint8Array): OpenedEnvelope | Promise<OpenedEnvelope> {
        const envelope = decodeEnvelope(bytes);
        const id = secretIdOf(envelope);
        const entry = this.entries.get(id);
        if (entry === undefined) return this.openFirst(envelope, id);
        this.entries.delete(id);
        this.entries.set(id, entry);
        return openEnvelopeWith(this.primitives, entry.secret, envelope);
    }

    /**
     * Whether the holder of the voucher key made this envelope: whoever reads the chain knows redeemed vouchers, and could
     * spend what a client has prepaid. Checked once per encapsulation and allocation.
     */
    isAuthorized(args: {
        envelope: OpenedEnvelope;
        allocation: AllocationRef;
        voucherKey: Uint8Array;
        authorization: Uint8Array;
    }): boolean {
        const { envelope, allocation, voucherKey, authorization } = args;
        const { vault, slot, generation } = allocation;
        const known = this.entries.get(envelope.secretId)?.authorized;
        const subject = `${bytesToHex(vault)}:${slot}:${generation}:${bytesToHex(voucherKey)}`;
        if (known?.has(subject)) return true;
        if (!verifyAuthorization(this.primitives, voucherKey, allocation, envelope.enc, authorization)) {
            return false;
        }
        if (known !== undefined && known.size < MAX_AUTHORIZED) known.add(subject);
        return true;
    }

    /** Forgets the secrets of a recipient key that was deleted, without which there is no forward secrecy. */
    forget(keyId: Uint8Array): void {
        for (const [id, { secret }] of this.entries) {
            if (!equalBytes(secret.keyId, keyId)) continue;
            secret.extracted.fill(0);
            this.entries.delete(id);
        }
    }

    private async openFirst(envelope: Envelope, id: string): Promise<OpenedEnvelope> {
        const secretKey = this.keys(envelope.keyId);
        if (secretKey === undefined) throw new SessionKeyUnknownError();
        const { keyId, enc } = envelope;
        const secret = await decapsulate(this.primitives, this.place, secretKey, keyId, enc);
        const opened = openEnvelopeWith(this.primitives, secret, envelope);
        // Kept only after an envelope opened, so that noise does not push out what is in use, and only with its key.
        const isKept = this.keys(keyId) !== undefined;
        if (isKept && !this.entries.has(id)) this.entries.set(id, { secret, authorized: new Set() });
        const [oldest] = this.entries.keys();
        if (this.entries.size > this.maxSecrets) this.entries.delete(oldest!);
        return opened;
    }
}
