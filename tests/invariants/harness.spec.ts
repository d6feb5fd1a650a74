import { mutant } from './mutant';
import { createNetwork, type Network } from './network';
import { report, search } from './run';

// A harness that cannot fail proves nothing: each contract here has one line spoilt, and must be found out.

async function expectFound(network: Network, what: RegExp): Promise<void> {
    const found = await search(network, 1, 400, 12);
    expect(found && report(found)).toMatch(what);
    // Shrunk: what breaks needs only a few steps.
    expect(found?.actions.length).toBeLessThan(9);
}

it.each([
    [
        'keeps the escrow whole on paper when a keeper takes its tip',
        'Job',
        'job/settlement.tact',
        'escrow -= noKeyFee + tip;',
        'escrow -= noKeyFee;',
        /escrow is|of fees out of|JobRefund/,
    ],
    [
        'does not release what a lock held',
        'Node',
        'node/claims.tact',
        'self.locked -= amount;',
        'self.locked -= amount / 2;',
        /locked is|sum of the locks/,
    ],
    [
        'pays for claims that came to nothing',
        'Job',
        'job/settlement.tact',
        'let earned = outcome == CLAIM_PAID ? price : 0;',
        'let earned = outcome == CLAIM_DECLINED ? 0 : price;',
        /owes|JobPayout|uncalled for|action phase/,
    ],
] as const)(
    'a contract that %s is found out',
    async (_, contract, file, before, after, what) => {
        const code = mutant(contract, file, before, after);
        await expectFound(await createNetwork(contract === 'Job' ? { job: code } : { node: code }), what);
    },
    240_000,
);

it('a model that expects another fee is found out', async () => {
    const network = await createNetwork();
    const { jobParams } = network.terms;
    await expectFound(
        { ...network, terms: { ...network.terms, jobParams: { ...jobParams, feeBps: 499 } } },
        /JobPayout of/,
    );
}, 120_000);
