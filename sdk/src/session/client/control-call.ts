import type { Clock, RandomBytes } from '../../utils';
import type { Channel } from '../channel/channel';
import type { Link } from '../channel/link';
import { sealEnvelope } from '../crypto/sealed-envelope';
import { SessionFormatError } from '../errors';
import type { Transport } from '../transport';
import {
    type AllocationStatus,
    type ControlKind,
    decodeAllocationStatus,
    encodeControlContent,
    signControl,
} from '../wire/control';
import { FrameSource } from './frame-source';
import type { SessionPatience } from './limits';

const STATUS: Record<ControlKind, number> = { state: 200, release: 202 };

export type ControlCall = {
    readonly channel: Channel;
    readonly link: Link;
    readonly kind: ControlKind;
    readonly transport: Transport;
    readonly clock: Clock;
    readonly patience: SessionPatience;
    readonly randomBytes: RandomBytes;
    readonly signal?: AbortSignal;
};

/** Calls `state` or `release` of a node. Throws what FrameSource throws. */
export async function callControl(call: ControlCall): Promise<AllocationStatus> {
    const { channel, link, kind, clock } = call;
    const { primitives, allocation } = channel;
    const bytes = call.randomBytes(8);
    const sequence = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0);
    const time = Math.floor(clock.now() / 1_000);
    const signed = signControl(primitives, channel.voucherSecretKey, kind, { ...allocation, sequence }, time);
    const { vault, slot, generation } = allocation;
    const header = { kind, vault, slot, generation, sequence, counter: 0 };
    const source = new FrameSource({
        ...call,
        primitives,
        url: `${channel.endpoint}/cocoon/v1/${kind}`,
        status: STATUS[kind],
        sealed: sealEnvelope(primitives, link.secret, header, encodeControlContent(signed)),
    });
    try {
        await source.open();
        const [frame] = await source.next();
        if (frame?.type !== 'reply') throw new SessionFormatError('The node did not answer with a reply.');
        return decodeAllocationStatus(frame.payload);
    } finally {
        source.close();
    }
}
