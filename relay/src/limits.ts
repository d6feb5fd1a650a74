import { isIPv6 } from 'node:net';
import { WINDOW } from './protocol';

/** What a relay gives at most. */
export interface RelayLimits {
    nodes: number;
    streamsPerNode: number;
    /** Calls and node connections at a time from one IPv4 address or IPv6 /64. */
    perAddress: number;
    /** Bytes that streams may hold in all. */
    memoryBytes: number;
    bodyBytes: number;
    /** Of a stream on which nothing moves. */
    idleMs: number;
    /** For a node to prove its key. */
    handshakeMs: number;
    /** Between two pings; a node that misses one is gone. */
    heartbeatMs: number;
}

export const DEFAULT_LIMITS: RelayLimits = {
    nodes: 10_000,
    streamsPerNode: 256,
    perAddress: 1_024,
    memoryBytes: 512 * 1024 * 1024,
    bodyBytes: 4 * 1024 * 1024,
    idleMs: 300_000,
    handshakeMs: 10_000,
    heartbeatMs: 30_000,
};

/** Most that one stream makes this process hold: a window each way, and what its sockets were read into. */
export const STREAM_BYTES = 3 * WINDOW;

/** Counts what is taken by name, up to a limit each. */
export class Quota {
    readonly #taken = new Map<string, number>();

    constructor(private readonly limit: number) {}

    get names(): number {
        return this.#taken.size;
    }

    /** Undefined when the name has its share already; else call the result once to give it back. */
    take(name: string): (() => void) | undefined {
        const taken = this.#taken.get(name) ?? 0;
        if (taken >= this.limit) return undefined;
        this.#taken.set(name, taken + 1);
        let held = true;
        return () => {
            if (!held) return;
            held = false;
            const left = this.#taken.get(name)! - 1;
            if (left === 0) this.#taken.delete(name);
            else this.#taken.set(name, left);
        };
    }
}

/** The name that an address is counted under: itself, or the /64 of IPv6, of which anybody has plenty. */
export function addressGroup(address: string): string {
    const plain = address.replace(/^::ffff:(?=\d+\.)/, '');
    if (!isIPv6(plain)) return plain;
    const [head = '', tail = ''] = plain.split('::');
    const left = head.split(':').filter(Boolean);
    const right = tail.split(':').filter(Boolean);
    const zeros = plain.includes('::') ? Array(Math.max(0, 8 - left.length - right.length)).fill('0') : [];
    return [...left, ...zeros, ...right].slice(0, 4).join(':');
}
