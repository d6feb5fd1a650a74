import { MINTER_ADDRESS, type OutgoingMessage } from './messages';
import { laneOf } from './order';
import type { SeededRandom } from './random';
import type { InternalMessage, RawAddress } from './types';

/** Which deliveries to hold back; an absent field matches every address. */
export interface DeliveryHold {
    source?: RawAddress;
    destination?: RawAddress;
}

export interface QueueCheckpoint {
    messages: InternalMessage[];
    lanes: Map<string, number>;
}

/** Internal messages under way, in the order in which they were sent. */
export class MessageQueue {
    private messages: InternalMessage[] = [];
    /** Latest due block of a lane's messages: a later message of that lane never overtakes them. */
    private lanes = new Map<string, number>();
    private holds: DeliveryHold[] = [];

    get size(): number {
        return this.messages.length;
    }

    get value(): bigint {
        return this.messages.reduce((sum, message) => sum + message.value + message.forwardFee, 0n);
    }

    all(): readonly InternalMessage[] {
        return this.messages;
    }

    /** Decides the block that may deliver a message sent in block `seqno`. */
    schedule(
        message: OutgoingMessage,
        seqno: number,
        hop: readonly [number, number],
        random: SeededRandom,
    ): InternalMessage {
        const delay = hop[0] === hop[1] ? hop[0] : random.between(hop[0], hop[1]);
        const lane = laneOf(message);
        const dueSeqno = Math.max(seqno + delay, this.lanes.get(lane) ?? 0);
        if (dueSeqno > seqno) this.lanes.set(lane, dueSeqno);
        return { ...message, dueSeqno };
    }

    push(...messages: InternalMessage[]): void {
        this.messages.push(...messages);
    }

    /** Puts back what a block had no room for, ahead of what was sent since. */
    pushFront(messages: readonly InternalMessage[]): void {
        if (messages.length > 0) this.messages = [...messages, ...this.messages];
    }

    /** Removes and returns what block `seqno` delivers. */
    take(seqno: number): InternalMessage[] {
        const due: InternalMessage[] = [];
        const later: InternalMessage[] = [];
        for (const message of this.messages) {
            (message.dueSeqno <= seqno && !this.isHeld(message) ? due : later).push(message);
        }
        this.messages = later;
        for (const [lane, dueSeqno] of this.lanes) if (dueSeqno <= seqno) this.lanes.delete(lane);
        return due;
    }

    /** Whether anything will be delivered by producing more blocks. */
    hasDeliverable(): boolean {
        return this.messages.some((message) => !this.isHeld(message));
    }

    isHeld(message: InternalMessage): boolean {
        if (message.source === MINTER_ADDRESS) return false;
        return this.holds.some(
            (hold) =>
                (hold.source === undefined || hold.source === message.source) &&
                (hold.destination === undefined || hold.destination === message.destination),
        );
    }

    hold(hold: DeliveryHold): void {
        this.holds.push(hold);
    }

    releaseAll(): void {
        this.holds = [];
    }

    checkpoint(): QueueCheckpoint {
        return { messages: [...this.messages], lanes: new Map(this.lanes) };
    }

    restore(checkpoint: QueueCheckpoint): void {
        this.messages = [...checkpoint.messages];
        this.lanes = new Map(checkpoint.lanes);
    }
}
