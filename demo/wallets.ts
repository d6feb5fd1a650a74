import { randomBytes } from 'node:crypto';
import { type KeyPair, keyPairFromSeed } from '@ton/crypto';
import { WalletContractV5R1 } from '@ton/ton';
import { type Cocoon, createCocoon } from 'cocoon-sdk';
import type { Network } from './network';

/** A party of the demo with a wallet of its own. */
export interface Party {
    readonly name: string;
    readonly seed: Buffer;
    readonly keys: KeyPair;
    readonly contract: WalletContractV5R1;
    /** nanoTON that the network gave it at the start. */
    readonly funded: bigint;
}

/** Makes a wallet and lets the local network put money into it. */
export async function createParty(network: Network, name: string, funded: bigint): Promise<Party> {
    const seed = randomBytes(32);
    const keys = keyPairFromSeed(seed);
    const contract = WalletContractV5R1.create({
        publicKey: keys.publicKey,
        walletId: { networkGlobalId: network.networkId },
    });
    await network.devnet.fund(contract.address, funded);
    const party = { name, seed, keys, contract, funded };
    network.parties.push(party);
    return party;
}

/** The SDK as this party uses it. `registry` null: before there is one. */
export function connect(network: Network, party: Party, registry = network.registry): Cocoon {
    return createCocoon({
        endpoint: network.url,
        registry: registry ?? null,
        wallet: { contract: party.contract, secretKey: party.keys.secretKey },
        intervalMs: 200,
        signal: network.end.signal,
    });
}
