import type { Blockchain, SendMessageResult } from '@ton/sandbox';

/** Sum of the balances of all accounts of the network. */
async function totalSupply(blockchain: Blockchain): Promise<bigint> {
    let sum = 0n;
    for (const { address } of blockchain.snapshot().contracts) {
        sum += (await blockchain.getContract(address)).balance;
    }
    return sum;
}

/** What the network took: fees of transactions, and of messages on their way. */
function feesOf(result: SendMessageResult): bigint {
    return result.transactions.reduce((sum, { totalFees, inMessage }) => {
        const forwarded = inMessage?.info.type === 'internal' ? inMessage.info.forwardFee : 0n;
        return sum + totalFees.coins + forwarded;
    }, 0n);
}

/**
 * Runs actions and expects that money in = money out + fees over all accounts. Wallets that act must exist before:
 * a wallet is born with money.
 * @param brought what came from nowhere meanwhile: the value of forged messages
 */
export async function expectConserved(
    blockchain: Blockchain,
    actions: () => Promise<SendMessageResult[]>,
    brought: () => bigint = () => 0n,
): Promise<SendMessageResult[]> {
    const before = await totalSupply(blockchain);
    const results = await actions();
    const fees = results.reduce((sum, result) => sum + feesOf(result), 0n);
    expect(before + brought() - (await totalSupply(blockchain))).toBe(fees);
    return results;
}
