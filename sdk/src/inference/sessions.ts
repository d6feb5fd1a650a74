import { Channel, type SessionClient, type SessionPrimitives } from '../session';
import { hexToBytes } from '../utils';
import type { ChannelLease } from './channels/book';
import { ChannelLeaseLostError } from './errors';
import type { NodeSession, OpenSession } from './funding/session';
import type { NodeEntry } from './nodes/entry';

export type SessionsParts = {
    readonly client: SessionClient;
    readonly primitives: SessionPrimitives;
    readonly networkId: () => Promise<number>;
};

/** Sessions of the wire protocol over leased channels. */
export function openSessions(parts: SessionsParts): OpenSession {
    return async (node, lease) => new ChannelSession(parts, await parts.networkId(), node, lease);
}

class ChannelSession implements NodeSession {
    private channel: Channel;
    private running = 0;
    /** Where the node is now, when it moved while requests ran. */
    private next: NodeEntry | undefined;

    constructor(
        private readonly parts: SessionsParts,
        private readonly networkId: number,
        private node: NodeEntry,
        private readonly lease: ChannelLease,
    ) {
        this.channel = this.open();
    }

    left(): bigint {
        return this.channel.available;
    }

    promised(): bigint {
        return this.channel.promised;
    }

    grown(allocated: bigint): void {
        this.channel.increase(allocated);
    }

    moved(node: NodeEntry): void {
        this.next = samePlace(node, this.node) ? undefined : node;
        this.reopenIfIdle();
    }

    async request(request: Parameters<NodeSession['request']>[0]) {
        this.running += 1;
        const ended = () => {
            this.running -= 1;
            this.reopenIfIdle();
        };
        try {
            const answer = await this.parts.client.request(this.channel, request);
            answer.final.then(ended, ended);
            return answer;
        } catch (error) {
            ended();
            throw error;
        }
    }

    async release(signal?: AbortSignal): Promise<void> {
        await this.parts.client.release(this.channel, signal);
    }

    /** Two channels over one allocation would count apart, so that a new one waits until the old one is quiet. */
    private reopenIfIdle(): void {
        if (this.next === undefined || this.running > 0) return;
        this.node = this.next;
        this.next = undefined;
        this.channel = this.open();
    }

    private open(): Channel {
        const { record } = this.lease;
        return new Channel({
            id: record.id,
            allocation: {
                networkId: this.networkId,
                node: hexToBytes(record.node),
                vault: hexToBytes(record.vault.slice(2)),
                slot: record.slot,
                generation: record.generation,
            },
            endpoint: this.node.endpoint,
            operatorKey: hexToBytes(this.node.operatorKey),
            encryptionKey: hexToBytes(this.node.encryptionKey),
            voucherSecretKey: hexToBytes(record.voucherSeed),
            allocated: record.allocated,
            marks: record.cumulative === 0n && record.sequence === 0n ? undefined : record,
            store: {
                raise: (_, marks) => this.lease.raise(marks),
                assertHeld: () => {
                    if (this.lease.lost.aborted) throw new ChannelLeaseLostError(this.lease.id);
                },
            },
            primitives: this.parts.primitives,
        });
    }
}

function samePlace(a: NodeEntry, b: NodeEntry): boolean {
    return (
        a.endpoint === b.endpoint && a.operatorKey === b.operatorKey && a.encryptionKey === b.encryptionKey
    );
}
