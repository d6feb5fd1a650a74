import { toNano } from '@ton/core';
import { LocalNetwork } from '../../reference-worker/tests/helpers/local-network';
import { PRICES } from './load/expected';

/** What the benchmark gets from the network, which runs apart from what is measured. */
export interface NetworkReady {
    readonly url: string;
    readonly registry: string;
    readonly node: { index: number; address: string; environment: Record<string, string> };
}

export interface NetworkInput {
    readonly model: { name: string; modelId: string };
    /** Where the node serves sessions. */
    readonly endpoint: string;
    /** Of the gateway. */
    readonly wallet: string;
}

async function main(): Promise<void> {
    const { model, endpoint, wallet } = JSON.parse(process.argv[2]!) as NetworkInput;
    const network = await LocalNetwork.start({
        models: new Map([
            [BigInt(`0x${model.modelId}`), { name: model.name, manifestUri: 'https://models.example/null' }],
        ]),
    });
    await network.devnet.fund(wallet, toNano('50'));
    const { index, address, environment } = await network.registerNode(0, {
        modelIds: [model.modelId],
        endpoint,
        offer: { ...PRICES, contextLength: 8_192, slots: 255 },
    });
    process.on('SIGTERM', () => {
        network.close().then(() => process.exit(0));
    });
    const ready: NetworkReady = {
        url: network.url,
        registry: network.registry.toString(),
        node: { index, address: address.toRawString(), environment },
    };
    process.send!(ready);
}

main();
