import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RelayLimits } from './limits';
import type { Metrics } from './metrics';
import type { Stream } from './protocol';
import { bodyTooLarge, passHeaders, refuse } from './route';

class BodyTooLarge extends Error {}

/** Carries one call to a node and its answer back, as fast as the slower side takes it. Never rejects. */
export async function forward(
    request: IncomingMessage,
    response: ServerResponse,
    stream: Stream,
    limits: RelayLimits,
    metrics: Metrics,
): Promise<void> {
    const giveUp = () => stream.reset();
    const idle = setTimeout(giveUp, limits.idleMs);
    response.once('close', giveUp);
    let tooLarge = false;
    upload(request, stream, limits, (bytes) => {
        idle.refresh();
        metrics.bytes.inc({ direction: 'to_node' }, bytes);
    }).catch((error) => {
        tooLarge = error instanceof BodyTooLarge;
        giveUp();
    });
    try {
        const { status, headers } = answerHead(await stream.head);
        response.writeHead(status, headers);
        for await (const chunk of stream) {
            idle.refresh();
            metrics.bytes.inc({ direction: 'to_client' }, chunk.length);
            if (!response.write(chunk)) await writable(response);
        }
        response.end();
        metrics.calls.inc({ outcome: 'answered' });
    } catch {
        metrics.calls.inc({ outcome: 'cut' });
        if (response.headersSent) response.destroy();
        else if (tooLarge) refuse(response, ...bodyTooLarge(limits.bodyBytes));
        else refuse(response, 502, 'engine_failed', 'The node or its connection gave the call up.');
    } finally {
        clearTimeout(idle);
        response.off('close', giveUp);
        stream.reset();
    }
}

async function upload(
    request: IncomingMessage,
    stream: Stream,
    { bodyBytes }: RelayLimits,
    passed: (bytes: number) => void,
): Promise<void> {
    let size = 0;
    // The socket must live on for the answer, also when the body is given up.
    for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
        size += chunk.length;
        if (size > bodyBytes) throw new BodyTooLarge();
        await stream.write(chunk);
        passed(chunk.length);
    }
    stream.end();
}

function answerHead(head: unknown): { status: number; headers: Record<string, string> } {
    const { status, headers } = (head ?? {}) as { status?: unknown; headers?: Record<string, unknown> };
    if (!Number.isInteger(status) || (status as number) < 200 || (status as number) > 599) {
        throw new Error('the node answered without a status');
    }
    return { status: status as number, headers: passHeaders(headers ?? {}) };
}

/** Until the client has taken what it was sent, or is gone. */
function writable(response: ServerResponse): Promise<void> {
    return new Promise((resolve) => {
        const done = () => {
            response.off('drain', done);
            response.off('close', done);
            resolve();
        };
        response.once('drain', done);
        response.once('close', done);
        if (response.destroyed) done();
    });
}
