import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Promised {
    readonly name: string;
    readonly channel: string;
    readonly fence: bigint;
    readonly cumulative: bigint;
    readonly sequence: bigint;
    /** Milliseconds, monotonic. */
    readonly at: number;
}

/** A node that takes every promise, and notes each that contradicts an earlier one. */
export class ScriptedNode {
    readonly promises: Promised[] = [];
    readonly conflicts: string[] = [];
    readonly #server: Server;
    readonly #last = new Map<string, Promised>();
    readonly #waiting = new Set<() => void>();

    private constructor(server: Server) {
        this.#server = server;
    }

    static async start(): Promise<ScriptedNode> {
        const node: ScriptedNode = new ScriptedNode(
            createServer((http, response) => {
                const parts: Buffer[] = [];
                http.on('data', (part) => parts.push(part));
                http.on('end', () => {
                    const body = JSON.parse(Buffer.concat(parts).toString());
                    response.end(
                        JSON.stringify(http.url === '/state' ? node.#state(body.channel) : node.#take(body)),
                    );
                });
            }),
        );
        await new Promise<void>((resolve) => node.#server.listen(0, '127.0.0.1', resolve));
        return node;
    }

    get url(): string {
        return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    }

    /** Resolves when the promises so far fulfil the condition. */
    async until(condition: (promises: readonly Promised[]) => boolean): Promise<void> {
        while (!condition(this.promises)) await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }

    close(): void {
        this.#server.closeAllConnections();
        this.#server.close();
    }

    #state(channel: string) {
        return { cumulative: (this.#last.get(channel)?.cumulative ?? 0n).toString() };
    }

    #take(body: Record<'name' | 'channel' | 'fence' | 'cumulative' | 'sequence', string>) {
        const { name, channel } = body;
        const promise: Promised = {
            name,
            channel,
            fence: BigInt(body.fence),
            cumulative: BigInt(body.cumulative),
            sequence: BigInt(body.sequence),
            at: performance.now(),
        };
        this.#check(promise, this.#last.get(channel));
        this.#last.set(channel, promise);
        this.promises.push(promise);
        for (const resolve of this.#waiting) resolve();
        this.#waiting.clear();
        return this.#state(channel);
    }

    #check(promise: Promised, last: Promised | undefined): void {
        if (last === undefined) return;
        const text = (what: string) =>
            this.conflicts.push(
                `${what}: ${JSON.stringify([last, promise], (_, value) => (typeof value === 'bigint' ? `${value}` : value))}`,
            );
        if (promise.fence < last.fence) text('an older lease signed after a newer one');
        if (promise.fence === last.fence && promise.name !== last.name) text('one lease, two signers');
        if (promise.cumulative <= last.cumulative) text('an amount was promised twice');
        if (promise.sequence <= last.sequence) text('a sequence was used twice');
    }
}
