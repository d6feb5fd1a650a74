import { type Address, beginCell, type Cell, toNano } from '@ton/core';
import { internal, type SmartContractSnapshot } from '@ton/sandbox';
import { vaultBodies } from 'cocoon-wrappers';
import { now } from '../helpers/blockchain';
import { createScene, operatorOf, type Scene } from '../helpers/scene';
import { beforeAndAfter, readStateTables, refusal } from '../helpers/state-table';
import { DAY } from '../helpers/terms';
import { AMPLE, send } from '../helpers/trace';
import { allocation, draftVault, type OpenedVault, sendOpen, voucher } from '../helpers/vault';

const STATES = ['unopened', 'empty', 'allocated', 'releasing'] as const;

let scene: Scene;
let opened: OpenedVault;
const moments = new Map<string, { account: SmartContractSnapshot; data: string }>();

beforeAll(async () => {
    scene = await createScene();
    opened = draftVault(scene, { openBefore: now(scene.blockchain) + DAY });
    const { address, init } = opened.vault;
    const remember = async (state: (typeof STATES)[number]) => {
        const account = (await scene.blockchain.getContract(address)).snapshot();
        moments.set(state, { account, data: await fingerprint() });
    };
    await scene.stranger.send({ to: address, value: 50_000_000n, init, bounce: false });
    await remember('unopened');
    const deployed = scene.blockchain.snapshot();
    await sendOpen(scene, opened);
    await remember('empty');
    await scene.blockchain.loadFrom(deployed);
    await sendOpen(scene, opened, [allocation(scene)]);
    await remember('allocated');
    await send(scene.client, address, vaultBodies.requestRelease({ slots: [0] }));
    await remember('releasing');
});

const senders: Record<string, () => Address> = {
    client: () => scene.client.address,
    payee: () => operatorOf(scene).payout.address,
    node: () => operatorOf(scene).node.address,
    stranger: () => scene.stranger.address,
};

const messages: Record<string, () => Cell> = {
    OpenVault: () => vaultBodies.open({ terms: scene.protocol.termsCell, allocations: [allocation(scene)] }),
    TopUp: () => vaultBodies.topUp(),
    Withdraw: () => vaultBodies.withdraw(),
    Allocate: () => vaultBodies.allocate({ allocations: [allocation(scene, { slot: 1 })] }),
    IncreaseAllocation: () =>
        vaultBodies.increaseAllocation({ slot: 0, generation: 1n, amount: toNano('1') }),
    Redeem: () => vaultBodies.redeem(voucher(scene, opened, toNano('1'))),
    RequestRelease: () => vaultBodies.requestRelease({ slots: [0] }),
    FinishRelease: () => vaultBodies.finishRelease({ slots: [0] }),
    ReleaseNow: () => vaultBodies.releaseNow(voucher(scene, opened, toNano('1'))),
    DestroyVault: () => vaultBodies.destroy(),
    'anything else': () => beginCell().storeUint(0x0c0c06ff, 32).storeUint(0, 64).endCell(),
};

async function fingerprint(): Promise<string> {
    const state = (await scene.blockchain.getContract(opened.vault.address)).accountState;
    return state?.type === 'active' ? `${state.state.data?.hash().toString('hex')}` : 'gone';
}

async function stateNow(): Promise<string> {
    if ((await fingerprint()) === 'gone') return 'gone';
    const allocations = [...(await opened.vault.getAllocations()).values()];
    if (allocations.length === 0) return 'empty';
    return allocations.some(({ releaseAt }) => releaseAt > 0) ? 'releasing' : 'allocated';
}

/** What one message does in one state: the state after it, or the name of the error. */
async function outcome(message: string, sender: string, state: string, time: number): Promise<string> {
    const { account, data } = moments.get(state)!;
    const contract = await scene.blockchain.getContract(opened.vault.address);
    contract.loadFrom(account);
    const transaction = await contract.receiveMessage(
        internal({
            from: senders[sender]!(),
            to: opened.vault.address,
            value: message === 'OpenVault' ? toNano('20') : AMPLE,
            body: messages[message]!(),
        }),
        { now: time },
    );
    const refused = refusal(transaction);
    if (refused === undefined) return `→ ${await stateNow()}`;
    expect(await fingerprint()).toBe(data); // a refused message changes nothing
    return refused;
}

const documented = readStateTables('vault-states.md');

it('documents every message', () => {
    expect([...documented.keys()]).toEqual(Object.keys(messages));
});

it.each(Object.keys(messages))(
    '%s does in every state, from everyone, what the document says',
    async (message) => {
        const start = now(scene.blockchain);
        const rows = new Map<string, string[]>();
        for (const sender of Object.keys(senders)) {
            const cells: string[] = [];
            for (const state of STATES) {
                const before = await outcome(message, sender, state, start);
                cells.push(beforeAndAfter(before, await outcome(message, sender, state, start + 2 * DAY)));
            }
            rows.set(sender, cells);
        }
        expect(documented.get(message)).toEqual(rows);
    },
);
