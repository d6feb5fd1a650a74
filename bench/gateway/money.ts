import { PRICES, PROMPT_TOKENS, TOKENS } from './load/expected';
import type { System } from './system';

/** What the requests cost, as everybody counts it; nanoTON. */
export interface Money {
    readonly requests: number;
    /** By the offer and the engine's tokens. */
    readonly price: number;
    readonly gatewaySpent: number;
    readonly nodeServed: number;
    /** By vouchers on chain, after everything was settled. At most one chunk of each client more than was served. */
    readonly redeemed: number;
}

const PRICE = (PROMPT_TOKENS * Number(PRICES.promptPrice) + TOKENS * Number(PRICES.completionPrice)) / 1e6;

/** Settles everything on chain and reads what each side counted. Ends the gateway. */
export async function settle({ gateway, worker }: System, requests: number): Promise<Money> {
    const gatewaySpent = await metric(`${gateway.origin}/metrics`, 'cocoon_gateway_spent_nanoton_total');
    await gateway.stop();
    await gateway.command('settle', '--withdraw');
    return {
        requests,
        price: requests * PRICE,
        gatewaySpent,
        nodeServed: await metric(worker.metricsUrl, 'cocoon_worker_session_served_nanoton_total'),
        redeemed: await metric(worker.metricsUrl, 'cocoon_worker_session_redeemed_nanoton_total'),
    };
}

/** Why the sums are wrong; nothing when they are right. */
export function mistakes({ price, gatewaySpent, nodeServed, redeemed }: Money): string[] {
    const wrong = [];
    if (gatewaySpent !== price) wrong.push(`the gateway booked ${gatewaySpent} nanoTON, not ${price}`);
    if (nodeServed !== price) wrong.push(`the node's receipts say ${nodeServed} nanoTON, not ${price}`);
    if (redeemed < price) wrong.push(`the node redeemed ${redeemed} nanoTON of ${price}`);
    return wrong;
}

/** Sum over all labels. */
async function metric(url: string, name: string): Promise<number> {
    const text = await (await fetch(url)).text();
    const lines = [...text.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'gm'))];
    if (lines.length === 0) throw new Error(`${url} has no ${name}.`);
    return lines.reduce((sum, [, value]) => sum + Number(value), 0);
}
