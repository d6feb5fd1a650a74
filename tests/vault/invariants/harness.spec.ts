import { mutant } from '../../invariants/mutant';
import { report } from '../../invariants/search';
import { createVaultNetwork, type VaultNetwork } from './network';
import { search } from './run';

// A harness that cannot fail proves nothing: each Vault here has one line spoilt, and must be found out.

async function expectFound(network: VaultNetwork, what: RegExp): Promise<void> {
    const found = await search(network, 1, 300, 10);
    expect(found && report(found)).toMatch(what);
    // Shrunk: what breaks needs only a few steps.
    expect(found?.actions.length).toBeLessThan(5);
}

it.each([
    [
        'pays vouchers of any generation',
        'vouchers.tact',
        `msg.cumulative <= entry.loadUint(64));
        throwUnless(ERR_ALLOCATION_UNKNOWN, entry.loadUint(64) == msg.generation);`,
        `msg.cumulative <= entry.loadUint(64));
        entry.skipBits(64);`,
        /redeem: passed/,
    ],
    [
        'reserves still what it has paid',
        'vouchers.tact',
        'money += (fee << 64) - delta;',
        'money += fee << 64;',
        /redeem: reserved is/,
    ],
    [
        'pays the fee to the payee, too',
        'vouchers.tact',
        `entry.preloadUint(256),
            delta - fee,`,
        `entry.preloadUint(256),
            delta,`,
        /redeem: \d+ of \d+ nanoTON|owes|VaultPayout/,
    ],
    [
        'keeps an allocation that its node released',
        'vouchers.tact',
        'dataHead(taken.dict, voucherHead, money)',
        'dataHead(allocations, voucherHead, money)',
        /releaseNow: \d allocations, counted as/,
    ],
    [
        'finishes a release at any time',
        'allocations.tact',
        'throwUnless(ERR_TOO_EARLY, now() >= releaseAt);',
        'throwUnless(ERR_TOO_EARLY, releaseAt > 0);',
        /finishRelease: passed/,
    ],
    [
        'lets its client withdraw what is allocated',
        'deposits.tact',
        'let free = freeBalance(data.preloadUint(8), money, incomingValue());',
        'let free = freeBalance(data.preloadUint(8), feesOf(money) << 64, incomingValue());',
        /withdraw: (passed|owes|VaultWithdrawal)/,
    ],
] as const)(
    'a vault that %s is found out',
    async (_, file, before, after, what) => {
        await expectFound(await createVaultNetwork(mutant('Vault', `vault/${file}`, before, after)), what);
    },
    240_000,
);

it('a model that expects another fee is found out', async () => {
    const network = await createVaultNetwork();
    const { terms } = network;
    const wrong = { ...terms, jobParams: { ...terms.jobParams, feeBps: 499 } };
    await expectFound({ ...network, terms: wrong }, /feesOwed is|the treasury did not get/);
}, 120_000);
