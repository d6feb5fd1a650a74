import type { WorkerConfig } from '../config';
import { messageOf, WorkerError } from '../errors';
import { ExitCode } from '../exit-codes';

type Endpoint = WorkerConfig['network']['endpoints'][number];

/** Asks a toncenter v2 endpoint for the masterchain's head. Returns a line for people. Throws `rpc_unreachable`. */
export async function probeEndpoint(endpoint: Endpoint, timeoutSeconds: number): Promise<string> {
    const apiKey = endpoint.apiKeyEnv && process.env[endpoint.apiKeyEnv];
    const host = new URL(endpoint.url).host;
    let response: Response;
    try {
        response = await fetch(endpoint.url, {
            method: 'POST',
            headers: { 'content-type': 'application/json', ...(apiKey ? { 'X-API-Key': apiKey } : {}) },
            body: JSON.stringify({ id: '1', jsonrpc: '2.0', method: 'getMasterchainInfo', params: {} }),
            signal: AbortSignal.timeout(timeoutSeconds * 1000),
        });
    } catch (error) {
        throw unreachable(`RPC ${host} does not answer: ${messageOf((error as Error).cause ?? error)}`);
    }
    const body = (await response.json().catch(() => undefined)) as
        | { result?: { last?: { seqno?: number } } }
        | undefined;
    const seqno = body?.result?.last?.seqno;
    if (response.ok && typeof seqno === 'number') return `masterchain block ${seqno}`;
    throw unreachable(`RPC ${host} answers ${response.status} and not as toncenter v2 JSON-RPC does`);
}

function unreachable(message: string): WorkerError {
    return new WorkerError(message, {
        code: 'rpc_unreachable',
        remedy: 'correct network.endpoints (…/api/v2/jsonRPC) and the API key, or start the local network',
        exitCode: ExitCode.Network,
    });
}
