import { keyPairFromSeed } from '@ton/crypto';

/** Public operator key of the node with this number of the local network, hex, before the node is registered. */
export function operatorKeyOf(number: number): string {
    const seed = Buffer.alloc(32, 7);
    seed.writeUInt32BE(3_000 + number);
    return keyPairFromSeed(seed).publicKey.toString('hex');
}
