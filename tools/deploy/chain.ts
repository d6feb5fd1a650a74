import type { NetworkProvider } from '@ton/blueprint';
import { MAINNET, TESTNET } from '../../build/Registry/Registry_Registry';
import { DeployError } from './errors';

export type Chain = 'mainnet' | 'testnet' | 'private';

/** Root hashes of the first states of the public networks: what an endpoint cannot be mistaken about. */
const ZERO_STATES: Record<string, Chain> = {
    'F6OpKZKqvqeFp6CQmFomXNMfMj2EnaUSOXN+Mh+wVWk=': 'mainnet',
    'gj+B8wb/AmlPk1z1AhVI484rhrUpgSr2oSFIh56VoSg=': 'testnet',
};

function chainOf(networkId: number): Chain {
    if (networkId === Number(MAINNET)) return 'mainnet';
    return networkId === Number(TESTNET) ? 'testnet' : 'private';
}

/**
 * Compares what the network file says with what the endpoint serves and with Blueprint's network flag.
 * @throws DeployError when one of them is another network
 */
export async function checkChain(provider: NetworkProvider, networkId: number, file: string): Promise<Chain> {
    const expected = chainOf(networkId);
    const remedy = `Use the file of the network that you mean, and the flag that goes with it (--mainnet, --testnet, --custom).`;
    const said = provider.network();
    if (said !== 'custom' && said !== expected) {
        throw new DeployError(
            `${file} is for ${describe(networkId)}, but Blueprint was told ${said}.`,
            remedy,
        );
    }
    const serves = await identifyChain(provider);
    if (serves !== undefined && serves !== expected) {
        throw new DeployError(
            `${file} is for ${describe(networkId)}, but the endpoint serves ${serves}.`,
            remedy,
        );
    }
    return expected;
}

function describe(networkId: number): string {
    const chain = chainOf(networkId);
    return chain === 'private' ? `the private network ${networkId}` : chain;
}

/** What the endpoint serves, by its first state; undefined where the API does not tell. */
async function identifyChain(provider: NetworkProvider): Promise<Chain | undefined> {
    const rootHash = await zeroState(provider.api());
    return rootHash === undefined ? undefined : (ZERO_STATES[rootHash] ?? 'private');
}

async function zeroState(api: object): Promise<string | undefined> {
    try {
        if ('parameters' in api) return await zeroStateV2(api.parameters as V2Parameters);
        if ('getLastBlock' in api) return (await (api as V4).getLastBlock()).init.rootHash;
        if ('getMasterchainInfo' in api) {
            return (await (api as LiteServer).getMasterchainInfo()).init.rootHash.toString('base64');
        }
        return undefined;
    } catch (error) {
        throw new DeployError(
            `The endpoint did not say which network it serves: ${(error as Error).message}.`,
            'Check its URL and API version (--custom, --custom-version) and that it is running; then try again.',
            { cause: error },
        );
    }
}

interface V2Parameters {
    endpoint: string;
    apiKey?: string;
}

interface V4 {
    getLastBlock(): Promise<{ init: { rootHash: string } }>;
}

interface LiteServer {
    getMasterchainInfo(): Promise<{ init: { rootHash: Buffer } }>;
}

const ATTEMPTS = 4;
const RETRY_MS = 1_100; // public endpoints without a key serve one call a second

/** TonClient drops this part of the answer. */
async function zeroStateV2({ endpoint, apiKey }: V2Parameters): Promise<string> {
    for (let attempt = 1; ; attempt++) {
        const response = await fetch(endpoint, {
            method: 'POST',
            headers: { 'content-type': 'application/json', ...(apiKey ? { 'X-API-Key': apiKey } : {}) },
            body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'getMasterchainInfo', params: {} }),
        });
        if (response.ok) {
            const { result } = (await response.json()) as { result?: { init?: { root_hash?: string } } };
            if (result?.init?.root_hash === undefined)
                throw new Error('the answer is not that of a toncenter v2 API');
            return result.init.root_hash;
        }
        if (response.status !== 429 || attempt === ATTEMPTS) throw new Error(`status ${response.status}`);
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
}
