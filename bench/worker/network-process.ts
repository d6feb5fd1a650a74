import { toNano } from '@ton/core';
import { LocalNetwork } from '../../reference-worker/tests/helpers/local-network';

/** A local network with registered nodes, apart from the process that is measured. Funds clients when asked to. */
export interface NetworkReady {
    url: string;
    registry: string;
    nodes: { index: number; address: string; environment: Record<string, string> }[];
}

async function main(): Promise<void> {
    const { modelIds } = JSON.parse(process.argv[2]!) as { modelIds: string[] };
    const network = await LocalNetwork.start();
    const nodes = [];
    for (const [number, modelId] of modelIds.entries()) {
        const node = await network.registerNode(number, {
            modelIds: [modelId],
            stake: toNano('5000'),
            funds: toNano('2000'),
        });
        nodes.push({
            index: node.index,
            address: node.address.toString(),
            environment: node.environment,
        });
    }
    const ready: NetworkReady = { url: network.url, registry: network.registry.toString(), nodes };
    process.on('SIGTERM', () => {
        network.close().then(() => process.exit(0));
    });
    process.send!(ready);
}

main();
