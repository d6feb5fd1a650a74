import { type ChainPrices, messageFees, withMargin } from 'cocoon-sdk';

/** What a wallet keeps for its own gas and forwarding of one message, nanoTON. */
const WALLET_RESERVE = 10_000_000n;

export interface MessageCosts {
    /** What claim and submission can cost at worst. */
    spent: bigint;
    /** What the wallet must hold to send them; most of it returns. */
    attached: bigint;
}

/** Cost of the messages of one job, nanoTON. */
export function messageCosts(prices: ChainPrices): MessageCosts {
    const claim = messageFees.claim(prices);
    const submit = messageFees.step(prices);
    const settle = messageFees.settle(prices);
    return {
        spent: claim + submit,
        attached: withMargin(claim) + withMargin(submit) + withMargin(settle) + 3n * WALLET_RESERVE,
    };
}
