import type { Clock } from '../../utils';
import type { Channel } from '../channel/channel';
import type { Link } from '../channel/link';
import { sealEnvelope } from '../crypto/sealed-envelope';
import { SessionUnreachableError } from '../errors';
import type { Transport } from '../transport';
import { encodePaymentContent } from '../wire/request-content';
import type { SessionVoucher } from '../wire/voucher';
import { isBroken } from './broken';
import { RESEND_PAUSE_MS, type SessionPatience } from './limits';
import { readBody, readRefusal } from './read-body';

export type PaymentsOptions = {
    readonly channel: Channel;
    readonly link: Link;
    readonly sequence: bigint;
    readonly transport: Transport;
    readonly clock: Clock;
    readonly patience: SessionPatience;
    /** A payment failed for good. */
    readonly onFailure: (error: Error) => void;
    readonly signal?: AbortSignal;
};

/** Pays the chunks of one request on side requests while its answer streams. */
export class Payments {
    private count = 0;

    constructor(private readonly options: PaymentsOptions) {}

    /** Pays for the present chunk where the node does not have enough. Throws AllocationSpentError or SessionStoreError. */
    async payNext(): Promise<void> {
        const { channel, link } = this.options;
        const need = channel.ledger.need(link.chunkTokens);
        if (need <= channel.delivered) return;
        const voucher = await channel.promise(need, channel.ledger.margin(link.chunkTokens));
        // Not awaited: the answer goes on meanwhile.
        this.send(voucher).catch(this.options.onFailure);
    }

    private async send(voucher: SessionVoucher): Promise<void> {
        const { channel, link, sequence, patience, clock, signal } = this.options;
        const { vault, slot, generation } = channel.allocation;
        const counter = ++this.count;
        const header = { kind: 'payment', vault, slot, generation, sequence, counter } as const;
        const content = encodePaymentContent(voucher);
        const { bytes } = sealEnvelope(channel.primitives, link.secret, header, content);
        for (let resends = 0; ; resends++) {
            try {
                return await this.post(bytes, voucher);
            } catch (error) {
                if (!isBroken(error)) throw error;
                if (resends >= patience.resends) {
                    throw new SessionUnreachableError('A payment did not reach the node.', { cause: error });
                }
            }
            await clock.sleep(RESEND_PAUSE_MS * 2 ** resends, signal);
        }
    }

    private async post(bytes: Uint8Array, voucher: SessionVoucher): Promise<void> {
        const { channel, transport, signal } = this.options;
        const url = `${channel.endpoint}/cocoon/v1/payments`;
        const response = await transport.post(url, bytes, { signal });
        if (response.status !== 204) throw await readRefusal(response);
        await readBody(response);
        channel.markDelivered(voucher.cumulative);
    }
}
