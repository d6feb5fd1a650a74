import { toNano } from '@ton/core';
import { createDevnet, type Devnet } from 'cocoon-devnet';
import { type Cocoon, createCocoon, type DeployProtocolReturnType, encodeTerms } from '../src';
import { captureError } from './helpers/capture';
import { testWallet } from './helpers/devnet-chain';
import { MODEL, testConfig } from './helpers/network';

let devnet: Devnet;
let deployer: Cocoon;
let url: string;
let plan: DeployProtocolReturnType;

beforeAll(async () => {
    devnet = await createDevnet();
    ({ url } = await devnet.listen());
    const wallet = testWallet(1);
    await devnet.fund(wallet.contract.address, toNano(100));
    deployer = createCocoon({ endpoint: url, registry: null, wallet, intervalMs: 20 });
    plan = await deployer.network.deployProtocol({ config: testConfig(deployer), dryRun: true });
});
afterAll(() => devnet.close());

const balance = () => devnet.balance(deployer.sender.address);
const connect = (networkId?: number) =>
    createCocoon({
        network: { networkId, endpoints: [url], registry: plan.registry },
        sender: deployer.sender,
        intervalMs: 20,
    });

it('plans without sending, with or without a wallet', async () => {
    expect(plan.status).toBe('planned');
    expect(balance()).toBe(toNano(100));
    const reader = createCocoon({ endpoint: url, registry: null });
    const again = await reader.network.deployProtocol({
        config: testConfig(deployer),
        governor: deployer.sender.address,
        dryRun: true,
    });
    expect(again.registry.equals(plan.registry)).toBe(true);
    expect([again.termsHash, again.releaseHash, again.codes]).toEqual([
        plan.termsHash,
        plan.releaseHash,
        plan.codes,
    ]);
});

it('refuses what is not what the deployer reviewed', async () => {
    const config = testConfig(deployer);
    for (const [expected, what] of [
        [{ termsHash: 1n }, 'The terms hash'],
        [{ releaseHash: 1n }, 'The release hash'],
        [{ codes: { job: 1n } }, 'The code hash of job'],
        [{ registry: deployer.sender.address }, 'The address of the Registry'],
    ] as const) {
        const error = await captureError(() =>
            deployer.network.deployProtocol({ config: { ...config, expected } }),
        );
        expect(error).toMatchObject({ code: 'deployment_mismatch', details: { what } });
    }
    expect(balance()).toBe(toNano(100));
});

it('deploys once, and only what was planned', async () => {
    const { registry, termsHash, releaseHash, codes } = plan;
    const hashes = { node: codes.node.hash, job: codes.job.hash };
    const config = { ...testConfig(deployer), expected: { registry, termsHash, releaseHash, codes: hashes } };
    const before = balance();
    const deployed = await deployer.network.deployProtocol({ config });
    expect(deployed.status).toBe('deployed');
    // The storage reserve stays at the Registry; the rest of the value has returned.
    expect(devnet.balance(registry)).toBe(plan.storageReserve);
    expect(before - balance()).toBe(plan.storageReserve + deployed.result!.fees);

    const again = balance();
    expect((await deployer.network.deployProtocol({ config })).status).toBe('existing');
    expect(balance()).toBe(again);
    const network = await connect().network.getNetwork();
    expect(network).toMatchObject({ termsHash, releaseHash, nodeCount: 0, networkId: -217, modelCount: 1 });
    expect([...(await connect().network.getModels()).entries()]).toEqual([
        [
            MODEL,
            { name: 'tiny', manifestUri: 'https://models.example/tiny.json', addedAt: expect.any(Number) },
        ],
    ]);
});

it('notices another network at the same address', async () => {
    const config = { ...testConfig(deployer), marketShards: 3 };
    const error = await captureError(() => deployer.network.deployProtocol({ config }));
    expect(error).toMatchObject({
        code: 'deployment_mismatch',
        details: { what: 'The terms hash on chain' },
    });
    const wrong = await captureError(() => connect(-239).network.getNetwork());
    expect(wrong).toMatchObject({ code: 'network_mismatch', details: { expected: -239, found: -217 } });
});

it('knows when it is too old for the network', async () => {
    const cocoon = connect();
    expect(await cocoon.network.checkCompatibility()).toEqual({ compatible: true, differences: [] });
    const { terms } = await cocoon.network.getTerms();
    const newer = encodeTerms({ ...terms, job: { hash: 1n, depth: 1 } });
    const { id, proposal } = await cocoon.network.propose({ proposal: { terms: newer } });
    devnet.increaseTime(61);
    await devnet.mine();
    await cocoon.network.executeProposal({ id, proposal });
    expect(await cocoon.network.checkCompatibility()).toEqual({
        compatible: false,
        differences: ['job code'],
    });
    const order = { modelId: MODEL, items: [{ messages: [] }], maxPrice: 1n };
    expect((await captureError(() => cocoon.jobs.postJob(order))).code).toBe('sdk_outdated');
});
