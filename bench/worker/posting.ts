import { Address } from '@ton/core';
import { DevnetControl } from 'cocoon-devnet';
import { type Cocoon, createCocoon, type JobOrder, jobKey, prepareJob } from 'cocoon-sdk';
import { NETWORK_ID, testWallet } from '../../reference-worker/tests/helpers/local-network';
import type { NetworkReady } from './network-process';

/** A funded client of the network. */
export async function fundedClient(network: NetworkReady, number: number, funds: bigint): Promise<Cocoon> {
    const wallet = testWallet(8000 + number);
    await new DevnetControl(network.url).fund(wallet.contract.address.toString(), funds);
    return createCocoon({
        network: {
            networkId: NETWORK_ID,
            endpoints: [network.url],
            registry: Address.parse(network.registry),
        },
        wallet,
        intervalMs: 100,
    });
}

/** Posts `count` jobs that only one node may claim, all in one message of the wallet. */
export async function postBatch(
    client: Cocoon,
    node: number,
    order: JobOrder,
    count: number,
): Promise<Address[]> {
    const [{ cell: terms }, prices, now, { encryptionKey }] = await Promise.all([
        client.network.getTerms(),
        client.getPrices(),
        client.getTime(),
        client.nodes.getNode({ node }),
    ]);
    const prepared = [];
    for (let i = 0; i < count; i++) {
        const job = await prepareJob({
            ...order,
            registry: client.registry,
            client: client.sender.address,
            terms,
            now,
            prices,
            direct: { index: node, encryptionKey },
        });
        await client.jobStore.set(jobKey(job.address), job.record);
        prepared.push(job);
    }
    await client.sender.sendMessages(prepared.map(({ post }) => post));
    return prepared.map(({ address }) => address);
}
