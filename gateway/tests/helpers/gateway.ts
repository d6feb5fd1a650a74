import { createGateway, createKey, type Gateway, type GatewayOptions, type NewApiKey } from '../../src';
import { gatewayConfig, silent, testSecrets } from './config';
import { ScriptedInference } from './scripted-inference';

export interface TestGateway {
    readonly gateway: Gateway;
    readonly inference: ScriptedInference;
    readonly url: string;
    key(key?: Partial<NewApiKey>): Promise<string>;
    call(key: string, path: string, body?: unknown, init?: RequestInit): Promise<Response>;
    /** Drains and closes, as SIGTERM does. */
    stop(): Promise<void>;
}

/** A gateway on the embedded database whose inference follows a script. */
export async function startGateway(
    directory: string,
    changes: object = {},
    options: Partial<GatewayOptions> = {},
): Promise<TestGateway> {
    const inference = new ScriptedInference();
    const gateway = await createGateway({
        config: gatewayConfig({ directory, ...changes }),
        secrets: testSecrets(),
        logger: silent,
        createInference: () => inference,
        ...options,
    });
    const stop = new AbortController();
    let running!: Promise<void>;
    await new Promise<void>((resolve, reject) => {
        running = gateway.run(stop.signal, undefined, resolve);
        running.catch(reject);
    });
    return {
        gateway,
        inference,
        url: gateway.url!,
        key: async (key) => (await createKey(gateway.context.database, { name: 'test', ...key })).secret,
        call: (key, path, body, init) =>
            fetch(`${gateway.url}${path}`, {
                method: body === undefined ? 'GET' : 'POST',
                headers: {
                    authorization: `Bearer ${key}`,
                    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
                },
                ...(body === undefined ? {} : { body: JSON.stringify(body) }),
                ...init,
            }),
        async stop() {
            stop.abort();
            await running;
            await gateway.close();
        },
    };
}

export const CHAT = { model: 'tiny', messages: [{ role: 'user', content: 'Say hello.' }] };
