import { type Address, beginCell, type Cell, Dictionary } from '@ton/core';
import { Blockchain, type BlockchainTransaction, type SendMessageResult } from '@ton/sandbox';
import { networkConfig, PRICES_2024, scalePrices } from 'cocoon-devnet';

/** Unix time at which every test network starts. */
export const GENESIS = 1_800_000_000;

/**
 * A test network with 400 nanoTON per gas unit: the highest prices since mid 2024, so that what suffices here suffices
 * on the cheaper network of today.
 * @param priceFactor multiplies every price, to test that contracts follow the network's configuration
 */
export async function createBlockchain(priceFactor = 1n): Promise<Blockchain> {
    const blockchain = await Blockchain.create({ config: configuration(priceFactor) });
    blockchain.now = GENESIS;
    return blockchain;
}

const configurations = new Map<bigint, Cell>();

/** Parsing the bundled configuration takes longer than most tests: once per price level. */
function configuration(priceFactor: bigint): Cell {
    let config = configurations.get(priceFactor);
    if (!config) {
        config = withoutValidators(networkConfig(scalePrices(PRICES_2024, priceFactor)));
        configurations.set(priceFactor, config);
    }
    return config;
}

/** Validator sets and suspended addresses are most of a configuration's size, and no contract reads them. */
function withoutValidators(config: Cell): Cell {
    const parameters = Dictionary.loadDirect(Dictionary.Keys.Int(32), Dictionary.Values.Cell(), config);
    for (const parameter of [32, 33, 34, 35, 36, 37, 44]) parameters.delete(parameter);
    return beginCell().storeDictDirect(parameters).endCell();
}

/** Time of the network, in Unix seconds. */
export function now(blockchain: Blockchain): number {
    return blockchain.now ?? GENESIS;
}

export function advance(blockchain: Blockchain, seconds: number): void {
    blockchain.now = now(blockchain) + seconds;
}

/** Gas of every transaction of a trace but the sender's wallet's. */
export function gasOf(result: SendMessageResult): bigint {
    return result.transactions.slice(1).reduce((sum, transaction) => sum + gasOfTransaction(transaction), 0n);
}

export function gasOfTransaction(transaction: BlockchainTransaction): bigint {
    const { description } = transaction;
    if (description.type !== 'generic' || description.computePhase.type !== 'vm') return 0n;
    return description.computePhase.gasUsed;
}

/** First transaction of a trace on this account. */
export function transactionAt(result: SendMessageResult, address: Address): BlockchainTransaction {
    const account = BigInt(`0x${address.hash.toString('hex')}`);
    const transaction = result.transactions.find((candidate) => candidate.address === account);
    if (!transaction) throw new Error(`The trace did not reach ${address.toString()}.`);
    return transaction;
}
