import { InvalidArgumentError } from '../errors';

/** A toncenter v2 JSON-RPC endpoint with the API key that belongs to it. */
export type EndpointConfig = { readonly url: string; readonly apiKey?: string };

/** An endpoint and how it has been doing. */
export type Endpoint = {
    readonly url: string;
    readonly apiKey: string | undefined;
    /** For messages: without path and query, which can hold keys. */
    readonly label: string;
    /** Not used before this time, in milliseconds, while another endpoint is usable. */
    coolUntil: number;
};

/** Checks and normalises endpoints. `apiKey` goes to those without a key of their own. */
export function createEndpoints(configs: readonly (string | EndpointConfig)[], apiKey?: string): Endpoint[] {
    if (configs.length === 0) {
        throw new InvalidArgumentError('At least one RPC endpoint is needed.');
    }
    return configs.map((config) => {
        const { url, apiKey: own } = typeof config === 'string' ? { url: config, apiKey: undefined } : config;
        if (!URL.canParse(url) || !/^https?:/.test(url)) {
            throw new InvalidArgumentError('An RPC endpoint must be an http or https URL.');
        }
        const { protocol, host } = new URL(url);
        return { url, apiKey: own ?? apiKey, label: `${protocol}//${host}`, coolUntil: 0 };
    });
}

/** The first endpoint that is not cooling down, in the order of preference; else the one that is ready soonest. */
export function pickEndpoint(endpoints: readonly Endpoint[], now: number): Endpoint {
    const ready = endpoints.find((endpoint) => endpoint.coolUntil <= now);
    return ready ?? endpoints.reduce((best, e) => (e.coolUntil < best.coolUntil ? e : best));
}
