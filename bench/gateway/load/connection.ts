import { connect, type Socket } from 'node:net';

/** One answer as it came: milliseconds to its first byte and to its end, and its body without chunk sizes. */
export interface Answer {
    firstByteMs: number;
    totalMs: number;
    status: number;
    raw: Buffer[];
}

const HEAD_END = Buffer.from('\r\n\r\n');
const CHUNKS_END = Buffer.from('\r\n0\r\n\r\n');

/**
 * A keep-alive HTTP/1.1 connection that sends prepared requests one after another. It reads no more of an answer than where
 * it ends: the generator shares the processors with what it measures.
 */
export class Connection {
    private started = 0;
    private firstByteMs = 0;
    private headLength = -1;
    private expected = -1;
    private received = 0;
    private parts: Buffer[] = [];
    private finish: ((answer: Answer) => void) | undefined;
    private fail: ((error: Error) => void) | undefined;

    private constructor(private readonly socket: Socket) {
        socket.setNoDelay(true);
        socket.on('data', (part) => this.read(part));
        socket.on('error', (error) => this.fail?.(error));
        socket.on('close', () =>
            this.fail?.(new Error('The connection was closed in the middle of an answer.')),
        );
    }

    static async open(port: number): Promise<Connection> {
        const socket = connect(port, '127.0.0.1');
        await new Promise<void>((resolve, reject) => {
            socket.once('connect', resolve);
            socket.once('error', reject);
        });
        return new Connection(socket);
    }

    send(request: Buffer): Promise<Answer> {
        this.headLength = -1;
        this.expected = -1;
        this.received = 0;
        this.parts = [];
        return new Promise((resolve, reject) => {
            this.finish = resolve;
            this.fail = reject;
            this.started = performance.now();
            this.socket.write(request);
        });
    }

    close(): void {
        this.fail = undefined;
        this.socket.destroy();
    }

    private read(part: Buffer): void {
        if (this.received === 0) this.firstByteMs = performance.now() - this.started;
        this.received += part.length;
        this.parts.push(part);
        if (this.headLength < 0) this.readHead();
        if (this.headLength >= 0 && this.ended(part)) this.end();
    }

    private readHead(): void {
        const all = this.parts.length === 1 ? this.parts[0]! : Buffer.concat(this.parts);
        const end = all.indexOf(HEAD_END);
        if (end < 0) return;
        this.parts = [all];
        this.headLength = end + HEAD_END.length;
        const length = /\r\ncontent-length: *(\d+)/i.exec(all.toString('latin1', 0, end));
        if (length) this.expected = this.headLength + Number(length[1]);
    }

    private ended(part: Buffer): boolean {
        if (this.expected >= 0) return this.received >= this.expected;
        // The end mark may lie across two reads.
        const tail = part.length >= CHUNKS_END.length ? part : Buffer.concat(this.parts);
        return tail.subarray(-CHUNKS_END.length).equals(CHUNKS_END);
    }

    private end(): void {
        const { finish, firstByteMs, parts } = this;
        this.finish = undefined;
        this.fail = undefined;
        finish?.({
            firstByteMs,
            totalMs: performance.now() - this.started,
            status: Number(parts[0]!.toString('latin1', 9, 12)),
            raw: parts,
        });
    }
}
