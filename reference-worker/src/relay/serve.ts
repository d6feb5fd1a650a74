import type { Stream } from 'cocoon-relay';
import { MAX_BODY_BYTES, type SessionAnswer, type SessionHandler } from '../sessions';

/** What all calls of a relay together may hold in bodies that have not come in whole. */
const MAX_PENDING_BYTES = 256 * 1024 * 1024;

/** Bytes of bodies that are coming in. */
export class BodyPool {
    #held = 0;

    constructor(private readonly limit = MAX_PENDING_BYTES) {}

    hold(bytes: number): boolean {
        if (this.#held + bytes > this.limit) return false;
        this.#held += bytes;
        return true;
    }

    free(bytes: number): void {
        this.#held -= bytes;
    }
}

/** Answers one call that a relay brought. Never rejects: a call that cannot go on is reset. */
export async function serveStream(stream: Stream, handler: SessionHandler, pool: BodyPool): Promise<void> {
    try {
        const { method, path } = (await stream.head) as { method: string; path: string };
        const body = await collect(stream, pool);
        const { signal } = stream;
        const call = { method: String(method), path: String(path), signal };
        await answer(stream, body ? await handler.handle({ ...call, body }) : busy());
    } catch {
        stream.reset();
    }
}

async function collect(stream: Stream, pool: BodyPool): Promise<Uint8Array | undefined> {
    const chunks: Uint8Array[] = [];
    let size = 0;
    try {
        for await (const chunk of stream) {
            if (size + chunk.length > MAX_BODY_BYTES || !pool.hold(chunk.length)) return undefined;
            size += chunk.length;
            chunks.push(chunk);
        }
        return chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
    } finally {
        pool.free(size);
    }
}

async function answer(stream: Stream, { status, headers, body }: SessionAnswer): Promise<void> {
    stream.open({ status, headers });
    if (body instanceof Uint8Array) await stream.write(body);
    else for await (const chunk of body) await stream.write(chunk);
    stream.end();
}

function busy(): SessionAnswer {
    const error = { code: 'node_busy', message: 'The node takes no more bodies now.' };
    return {
        status: 429,
        headers: { 'content-type': 'application/json', 'retry-after': '1' },
        body: Buffer.from(JSON.stringify({ error })),
    };
}
