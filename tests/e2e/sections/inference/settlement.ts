import type { GatewayFixture } from '../../helpers/inference/fixture';
import { SCRIPTED } from '../../helpers/inference/world';

/** After everything else: the ledger, the vouchers and the chain say the same. */
export function settlementTests(fixture: () => GatewayFixture): void {
    it('has a row in the ledger for every request, and nodes were paid at least their prices, by vouchers', async () => {
        const { gateway, node, world } = fixture();
        await gateway.stop();
        const rows = (await gateway.command('ledger', '--rows', '--json'))
            .trim()
            .split('\n')
            .map(
                (line) => JSON.parse(line) as { status: string; price: string; model: string; kind: string },
            );
        const served = rows.filter(({ kind }) => kind !== 'batch');
        expect(served.filter(({ status }) => status === 'ok').length).toBeGreaterThan(80);
        expect(new Set(served.map(({ model }) => model))).toEqual(new Set([SCRIPTED.name, 'gpt-none']));
        const spent = served.reduce((sum, { price }) => sum + BigInt(price), 0n);

        const before = world.network.devnet.balance(node.payout);
        const printed = await gateway.command('settle', '--withdraw');
        expect(printed).toMatch(/released +1 allocations\npending +0 allocations\nwithdrawn +\d/);
        const earned = world.network.devnet.balance(node.payout) - before;
        // Less the protocol's fee of 5 %, plus one chunk paid ahead for each of the 64 that ran at a time at most.
        const chunk = (16n * 400n + 8_192n * 100n) * 64n;
        expect(earned).toBeGreaterThanOrEqual((spent * 95n) / 100n);
        expect(earned).toBeLessThanOrEqual(spent + chunk + 20_000_000n);
        expect((await world.network.devnet.supply()).conserved).toBe(true);
    });
}
