import { encodeNodeInfo, type Refusal, type RefusalCode } from 'cocoon-sdk';
import { json, plainError, preflight, refused } from './answers';
import type { Controls } from './controls';
import { logCode } from './ending';
import type { SessionEnvironment } from './environment';
import type { KeyRing } from './key-ring';
import { Refused } from './refused';
import type { Requests } from './requests';
import type { SessionAnswer, SessionCall, SessionHandler } from './types';

export interface HandlerOptions {
    env: SessionEnvironment;
    keys: KeyRing;
    requests: Requests;
    controls: Controls;
}

const BASE = '/cocoon/v1/';

/** The endpoints of the session protocol. Whatever goes wrong is an answer, in the words of the protocol. */
export function createSessionHandler({ env, keys, requests, controls }: HandlerOptions): SessionHandler {
    const node = (): SessionAnswer => {
        const models = [...env.models.values()];
        const total = models.reduce((sum, { capacity }) => sum + capacity.total, 0);
        return json(
            200,
            encodeNodeInfo({
                network: env.place.networkId,
                node: env.place.node,
                chunkTokens: env.config.chunkTokens,
                time: Math.floor(env.now() / 1000),
                capacity: Math.min(total, env.config.maxConcurrent ?? total),
                running: models.reduce((sum, { capacity }) => sum + capacity.running, 0),
                models: models.map(({ modelId }) => Buffer.from(modelId, 'hex')),
                sessionKey: env.isOperator() ? keys.current() : null,
            }),
        );
    };
    const posts: Record<string, (call: SessionCall) => Promise<SessionAnswer>> = {
        requests: (call) => requests.handle(call, performance.now()),
        payments: ({ body }) => controls.pay(body),
        state: ({ body }) => controls.state(body),
        release: ({ body }) => controls.release(body),
    };
    const route = (call: SessionCall): SessionAnswer | Promise<SessionAnswer> => {
        const { method, path } = call;
        if (method === 'OPTIONS') return preflight();
        const name = path.startsWith(BASE) ? path.slice(BASE.length) : '';
        if (name === 'node' && (method === 'GET' || method === 'HEAD')) return node();
        const post = Object.hasOwn(posts, name) ? posts[name] : undefined;
        if (post && method === 'POST') {
            // What was sealed to a key that is over its time does not open, also where its secret is still known.
            keys.sweep();
            return post(call);
        }
        if (post || name === 'node') return plainError(405, 'This call has another method.');
        return plainError(404, 'There is no such call in version 1 of the protocol.');
    };
    return {
        async handle(call) {
            try {
                return await route(call);
            } catch (error) {
                const refusal = refusalFor(error);
                env.metrics.refusals.inc({ code: refusal.code });
                if (refusal.code === 'engine_failed')
                    env.logger.warn({ code: logCode(error) }, 'a call failed');
                return refused(refusal);
            }
        },
    };
}

/** Errors of the SDK's codecs say what they are answered with; what is unforeseen is ours to look into. */
function refusalFor(error: unknown): Refusal {
    if (error instanceof Refused) return error.refusal;
    const { refusal, shortMessage } = (error ?? {}) as { refusal?: RefusalCode; shortMessage?: string };
    if (refusal !== undefined) return { code: refusal, message: shortMessage ?? refusal };
    return { code: 'engine_failed', message: 'The node failed; ask another node.' };
}
