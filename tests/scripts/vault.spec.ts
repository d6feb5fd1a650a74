import { Address } from '@ton/core';
import { keyPairFromSeed, mnemonicToPrivateKey } from '@ton/crypto';
import { WalletContractV5R1 } from '@ton/ton';
import { developmentWallet } from 'cocoon-devnet';
import { createCocoon } from 'cocoon-sdk';
import { run as deployProtocol } from '../../scripts/deployProtocol';
import { run as openVault } from '../../scripts/openVault';
import { run as showVault } from '../../scripts/showVault';
import { run as withdrawVault } from '../../scripts/withdrawVault';
import { localNetwork, ScriptBench } from './harness';

let bench: ScriptBench;
let network: string;
let vault: string;
beforeAll(async () => {
    bench = await ScriptBench.start();
    network = bench.file('local.json', localNetwork());
    await bench.ok(deployProtocol, [network, '--yes']);
});
afterAll(() => bench.stop());

it('shows the message of an opening in a dry run', async () => {
    const { text } = await bench.ok(openVault, [network, '12.5', '--dry-run']);
    expect(text).toMatch(/message +OpenVault/);
    expect(text).toMatch(/value +12\.5\d+ TON; what storage and fees leave of it is the deposit/);
    expect(text).toMatch(/deploys +code 0x/);
});

it('opens a vault after a question', async () => {
    const { text, questions } = await bench.ok(openVault, [network, '12.5'], { answers: [true] });
    expect(questions).toEqual(['Send it to local?']);
    const match = /✓ Vault (EQ\S+) is open with 12\.5 TON to allocate/.exec(text);
    vault = match![1]!;
});

it('shows it with its allocations', async () => {
    const { text } = await bench.ok(showVault, [network, vault]);
    expect(text).toMatch(/free +12\.5/);
    expect(text).toMatch(/terms +current\n/);
    expect(text).toContain('No allocations.');
    await allocate(vault);
    const after = await bench.ok(showVault, [network, vault]);
    expect(after.text).toMatch(/reserved +2 TON/);
    expect(after.text).toMatch(/7 +1 +EQ\S+ +2 TON +0 TON/);
});

it('withdraws a part, then all that is free', async () => {
    const before = await bench.devnet.balance(await bench.wallet(0));
    const part = await bench.ok(withdrawVault, [network, vault, '4', '--yes']);
    expect(part.text).toContain('✓ 4 TON went to the client.');
    await bench.ok(withdrawVault, [network, vault, '--yes']);
    const gained = (await bench.devnet.balance(await bench.wallet(0))) - before;
    expect(gained).toBeGreaterThan(10_400_000_000n);
    expect(gained).toBeLessThan(10_600_000_000n);
});

it('says what cannot be, before anything is sent', async () => {
    const cases: [typeof openVault, string[], string][] = [
        [openVault, ['much'], 'The deposit much is no amount of TON'],
        [openVault, ['0'], 'The deposit 0 is no amount of TON'],
        [withdrawVault, [vault, '5'], 'amount must be above 0 and at most what is free'],
        [showVault, [(await bench.wallet(1)).toString()], 'There is no open vault at'],
        [showVault, ['nowhere'], 'The vault nowhere is not an address'],
    ];
    for (const [script, args, message] of cases) {
        const { error } = await bench.run(script, [network, ...args, '--yes']);
        expect(error?.message).toContain(message);
    }
});

async function allocate(address: string): Promise<void> {
    const { mnemonic } = await developmentWallet(1, 0);
    const { publicKey, secretKey } = await mnemonicToPrivateKey(mnemonic);
    const contract = WalletContractV5R1.create({ publicKey, walletId: { networkGlobalId: -239 } });
    const { address: registry } = await bench.registry(network);
    const { vaults } = createCocoon({
        endpoint: bench.url,
        registry,
        wallet: { contract, secretKey },
        intervalMs: 50,
    });
    const to = await bench.wallet(1);
    await vaults.allocate({
        vault: Address.parse(address),
        allocations: [
            {
                slot: 7,
                node: to,
                payee: to,
                voucherKey: keyPairFromSeed(Buffer.alloc(32, 1)).publicKey,
                amount: 2_000_000_000n,
            },
        ],
    });
}
