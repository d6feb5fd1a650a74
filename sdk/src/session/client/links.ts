import type { Clock } from '../../utils';
import type { Channel } from '../channel/channel';
import { type Link, openLink } from '../channel/link';
import type { SessionNodeInfo } from '../wire/node-info';

/** The present link of each channel; opened once, however many requests wait for it. */
export class Links {
    private readonly links = new WeakMap<Channel, Promise<Link>>();

    constructor(
        private readonly clock: Clock,
        private readonly readInfo: (endpoint: string) => Promise<SessionNodeInfo>,
    ) {}

    /** `replaces` is a link that the node refused. Throws what openLink throws. */
    async get(channel: Channel, replaces?: Link): Promise<Link> {
        const present = this.links.get(channel);
        const link = await present;
        if (link !== undefined && link !== replaces && this.clock.now() < link.expiresAt) return link;
        // Another request may have opened it meanwhile.
        const opening = this.links.get(channel);
        if (opening !== undefined && opening !== present) return opening;
        return this.open(channel);
    }

    private open(channel: Channel): Promise<Link> {
        const opening = openLink({
            allocation: channel.allocation,
            operatorKey: channel.operatorKey,
            encryptionKey: channel.encryptionKey,
            voucherSecretKey: channel.voucherSecretKey,
            readInfo: () => this.readInfo(channel.endpoint),
            primitives: channel.primitives,
            clock: this.clock,
        });
        this.links.set(channel, opening);
        opening.catch(() => {
            if (this.links.get(channel) === opening) this.links.delete(channel);
        });
        return opening;
    }
}
