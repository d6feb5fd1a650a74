import type { SeededRandom } from './random';
import type { InternalMessage } from './types';

/**
 * A random interleaving that keeps each (source, destination) pair in logical-time order: the only order
 * the network guarantees. Entries without a lane (external messages) may go anywhere.
 */
export function shuffleKeepingLanes<T>(
    entries: readonly T[],
    messageOf: (entry: T) => InternalMessage | undefined,
    random: SeededRandom,
): T[] {
    const lanes = new Map<unknown, T[]>();
    for (const entry of entries) {
        const message = messageOf(entry);
        const key = message ? laneOf(message) : entry;
        const lane = lanes.get(key);
        if (lane) lane.push(entry);
        else lanes.set(key, [entry]);
    }
    const byLt = (a: T, b: T) => ((messageOf(a)?.createdLt ?? 0n) < (messageOf(b)?.createdLt ?? 0n) ? -1 : 1);
    const open = [...lanes.values()].map((lane) => (lane.length > 1 ? lane.sort(byLt) : lane));
    const heads = open.map(() => 0);
    const shuffled: T[] = [];
    while (open.length > 0) {
        const i = random.between(0, open.length - 1);
        const lane = open[i]!;
        shuffled.push(lane[heads[i]!++]!);
        if (heads[i] === lane.length) {
            // Order of `open` is irrelevant: fill the hole with the last lane instead of shifting all.
            open[i] = open[open.length - 1]!;
            heads[i] = heads[heads.length - 1]!;
            open.pop();
            heads.pop();
        }
    }
    return shuffled;
}

/** Messages of one lane are delivered in the order in which they were sent. */
export function laneOf(message: Pick<InternalMessage, 'source' | 'destination'>): string {
    return `${message.source}>${message.destination}`;
}
