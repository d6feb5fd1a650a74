import { checkEnd, checkWhole } from './answers';
import { type Answer, Connection } from './connection';

/** Where load goes and with which headers. */
export interface Target {
    readonly name: string;
    readonly port: number;
    readonly path: string;
    readonly model: string;
    readonly headers: Readonly<Record<string, string>>;
}

export interface Round {
    readonly seconds: number;
    /** Milliseconds of each answer, to its first byte and to its end. */
    readonly firstByte: number[];
    readonly total: number[];
}

/** Different prompts, so that nothing on the way can answer one from another. */
const PROMPTS = 64;
/** Every how many answers one is read to the letter. */
const READ_WHOLE = 100;

/** The requests that clients send to a target by turns. */
function requestsTo(target: Target, stream: boolean): Buffer[] {
    return Array.from({ length: PROMPTS }, (_, i) => {
        const body = JSON.stringify({
            model: target.model,
            messages: [
                { role: 'system', content: 'You are a helpful assistant who answers in a few sentences.' },
                { role: 'user', content: `Question ${i}: what is the capital of France, and since when?` },
            ],
            max_tokens: 64,
            temperature: 0,
            ...(stream ? { stream: true } : {}),
        });
        const headers = Object.entries({
            host: `127.0.0.1:${target.port}`,
            'content-type': 'application/json',
            'content-length': Buffer.byteLength(body),
            ...target.headers,
        }).map(([name, value]) => `${name}: ${value}\r\n`);
        return Buffer.from(`POST ${target.path} HTTP/1.1\r\n${headers.join('')}\r\n${body}`);
    });
}

/** Clients that each send one request after the other, until all together have sent `count`. Throws on a wrong answer. */
export class Load {
    private constructor(
        private readonly connections: readonly Connection[],
        private readonly requests: readonly Buffer[],
        private readonly stream: boolean,
    ) {}

    static async open(target: Target, clients: number, stream: boolean): Promise<Load> {
        const connections = await Promise.all(
            Array.from({ length: clients }, () => Connection.open(target.port)),
        );
        return new Load(connections, requestsTo(target, stream), stream);
    }

    async run(count: number): Promise<Round> {
        const firstByte: number[] = [];
        const total: number[] = [];
        const samples: Answer[] = [];
        let sent = 0;
        const started = performance.now();
        await Promise.all(
            this.connections.map(async (connection) => {
                while (sent < count) {
                    const answer = await connection.send(this.requests[sent++ % this.requests.length]!);
                    checkEnd(answer, this.stream);
                    firstByte.push(answer.firstByteMs);
                    total.push(answer.totalMs);
                    if (total.length % READ_WHOLE === 1) samples.push(answer);
                }
            }),
        );
        const seconds = (performance.now() - started) / 1_000;
        for (const answer of samples) checkWhole(answer, this.stream);
        return { seconds, firstByte, total };
    }

    close(): void {
        for (const connection of this.connections) connection.close();
    }
}
