import {
    type ControlKind,
    decodeControlContent,
    decodePaymentContent,
    type EnvelopeOpener,
    encodeAllocationStatus,
    FrameSealer,
    verifyControl,
} from 'cocoon-sdk';
import { type Access, released } from './access';
import type { Allocation } from './allocation';
import { noContent, sealed } from './answers';
import type { SessionEnvironment } from './environment';
import { Refused } from './refused';
import { decodeKind } from './requests';
import type { SessionAnswer } from './types';

export interface ControlsOptions {
    env: SessionEnvironment;
    access: Access;
    opener: EnvelopeOpener;
    /** The client has asked for the release of an allocation. */
    onRelease: (allocation: Allocation) => void;
}

/** Answers payments, and the calls that the voucher key signs: state and release. */
export class Controls {
    readonly #options: ControlsOptions;

    constructor(options: ControlsOptions) {
        this.#options = options;
    }

    /** `POST /cocoon/v1/payments`. The voucher is durable before the answer leaves. */
    async pay(body: Uint8Array): Promise<SessionAnswer> {
        const { access, opener } = this.#options;
        const { header } = decodeKind(body, 'payment');
        const { content } = await opener.open(body);
        const granted = await access.grant(header);
        if (granted.allocation.record.state === 'closed') throw released();
        await access.accept(granted, decodePaymentContent(content));
        await granted.allocation.saved();
        return noContent();
    }

    /** `POST /cocoon/v1/state`. */
    state(body: Uint8Array): Promise<SessionAnswer> {
        return this.#control(body, 'state');
    }

    /** `POST /cocoon/v1/release`. */
    release(body: Uint8Array): Promise<SessionAnswer> {
        return this.#control(body, 'release');
    }

    async #control(body: Uint8Array, kind: ControlKind): Promise<SessionAnswer> {
        const { env, access, opener, onRelease } = this.#options;
        const { header } = decodeKind(body, kind);
        const envelope = await opener.open(body);
        const content = decodeControlContent(envelope.content);
        access.checkTime(content.time);
        const { allocation, onChain } = await access.grant(header);
        const ref = { ...allocation.ref, sequence: header.sequence };
        if (!verifyControl(env.primitives, onChain.voucherKey, kind, ref, content)) {
            throw new Refused('signature_invalid', 'The voucher key has not signed this call.');
        }
        if (kind === 'release') {
            allocation.setState('releasing');
            await allocation.saved();
            onRelease(allocation);
        }
        const sealer = new FrameSealer(env.primitives, envelope.responseKey);
        const reply = sealer.seal('reply', encodeAllocationStatus(statusOf(allocation)));
        return sealed(kind === 'release' ? 202 : 200, reply);
    }
}

function statusOf(allocation: Allocation) {
    const { cumulative, signature, state, refusedThrough } = allocation.record;
    const { highest } = allocation.window;
    return {
        cumulative,
        signature: signature && new Uint8Array(signature),
        owed: allocation.owed(),
        // What may have been used before a power failure cannot be used any more.
        highestSequence: highest > refusedThrough ? highest : refusedThrough,
        releasing: state !== 'open',
    };
}
