import { Cell, SendMode } from '@ton/core';
import { alwaysThrows, closeAll, plainAddress, startNet, TON, testWallet, transfer } from './helpers';

/** Small deterministic generator: a failure repeats with its seed. */
function generator(seed: number): (bound: number) => number {
    let state = seed;
    return (bound) => {
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
        return Math.floor((state / 2 ** 32) * bound);
    };
}

const wallets = [1, 2, 3].map(testWallet);
const thrower = plainAddress(0x66);
const receivers = [plainAddress(0xa1), plainAddress(0xa2), thrower, ...wallets.map(({ address }) => address)];
const values = [1n, 999n, 50_000n, TON / 100n, TON];

afterAll(closeAll);

it.each([1, 2, 3])(
    'accounts for every nanoTON after every block of random transfers (seed %i)',
    async (seed) => {
        const random = generator(seed);
        const { devnet, client } = await startNet({ blockMs: 'manual', hop: [0, 2], order: 'shuffle', seed });
        await devnet.setAccount(thrower, { code: alwaysThrows(), data: Cell.EMPTY, balance: TON });
        for (const { address } of wallets) await devnet.fund(address, 20n * TON);
        await devnet.mine();
        const seqnos = wallets.map(() => 0);
        for (let round = 0; round < 8; round++) {
            for (const [i, wallet] of wallets.entries()) {
                const count = 1 + random(4);
                const transfers = Array.from({ length: count }, () => ({
                    to: receivers[random(receivers.length)]!,
                    value: values[random(values.length)]!,
                    bounce: random(2) === 0,
                    mode:
                        random(2) === 0
                            ? SendMode.PAY_GAS_SEPARATELY
                            : SendMode.PAY_GAS_SEPARATELY + SendMode.IGNORE_ERRORS,
                }));
                await transfer(client, wallet, seqnos[i]!, transfers);
                seqnos[i]!++;
            }
            devnet.increaseTime(random(1_000_000));
            await devnet.mine();
            const supply = await devnet.supply();
            expect(supply.funded).toBe(61n * TON);
            expect(supply.funded).toBe(supply.balances + supply.inFlight + supply.fees);
            expect(supply.conserved).toBe(true);
        }
        await devnet.settle();
        const supply = await devnet.supply();
        expect(supply).toMatchObject({ inFlight: 0n, undeliverable: 0n, conserved: true });
        expect(supply.fees).toBeGreaterThan(0n);
    },
);

it('accounts for a wallet that sends everything and is deleted', async () => {
    const { devnet, client } = await startNet();
    const [wallet] = wallets;
    await devnet.fund(wallet!.address, TON);
    const mode = SendMode.CARRY_ALL_REMAINING_BALANCE + SendMode.DESTROY_ACCOUNT_IF_ZERO;
    await transfer(client, wallet!, 0, [{ to: plainAddress(0xa1), value: 0n, mode }]);
    await devnet.settle();
    expect(devnet.balance(wallet!.address)).toBe(0n);
    const { balances, fees, conserved } = await devnet.supply();
    expect(balances).toBe(devnet.balance(plainAddress(0xa1)));
    expect(balances + fees).toBe(TON);
    expect(conserved).toBe(true);
});
