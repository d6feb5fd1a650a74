import { once } from 'node:events';
import { toNano } from '@ton/core';
import { currentModelId } from './model';
import type { Network } from './network';
import { heading } from './report';
import { createParty } from './wallets';

/** How to talk to the network that stays up. */
export async function printKept(network: Network): Promise<void> {
    const visitor = await createParty(network, 'visitor', toNano('100'));
    heading('The network stays up; Ctrl-C ends it');
    const environment = {
        COCOON_ENDPOINT: network.url,
        COCOON_REGISTRY: network.registry?.toString() ?? '',
        COCOON_NETWORK_ID: String(network.networkId),
        COCOON_MODEL_ID: `0x${currentModelId().toString(16).padStart(64, '0')}`,
        COCOON_WALLET_SEED: visitor.seed.toString('hex'),
    };
    for (const [name, value] of Object.entries(environment)) console.log(`  export ${name}=${value}`);
    console.log(
        [
            '',
            '  COCOON_WALLET_SEED belongs to a wallet v5r1 with 100 TON (Ed25519 seed; networkGlobalId is the network id).',
            '  docs/examples has scripts that run with these variables. More money:',
            `  curl -s ${network.url} -H 'content-type: application/json' \\`,
            `    -d '{"id":1,"jsonrpc":"2.0","method":"devnet_fund","params":{"address":"${visitor.contract.address}","amount":"1000000000"}}'`,
        ].join('\n'),
    );
}

export async function waitForEnd(): Promise<void> {
    await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
}
