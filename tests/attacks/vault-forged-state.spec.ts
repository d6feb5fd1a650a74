import '@ton/test-utils';
import { Address, beginCell, type Cell, contractAddress, Dictionary, toNano } from '@ton/core';
import { sign } from '@ton/crypto';
import { internal } from '@ton/sandbox';
import { Vault, vaultBodies, voucherHash } from 'cocoon-wrappers';
import { ERR } from '../helpers/errors';
import { createScene, operatorOf, type Scene } from '../helpers/scene';
import { AMPLE, exitCodeOn, expectRefused, send } from '../helpers/trace';
import { allocation, draftVault, openVault, sendOpen, sendRedeem, VOUCHER_KEY } from '../helpers/vault';
import { libraryCell, publish } from './library';

// Anyone can deploy the Vault's code with a state of its own making, and owe what it likes in it. The address is another
// one than every identity's: whoever derives it is not deceived.

let scene: Scene;

beforeEach(async () => {
    scene = await createScene();
});

const CLAIM = toNano('1000000');

/** The data of an opened vault with a million TON in slot 0, as the code reads it. */
function forged(identity: Cell): Cell {
    const { node, payout } = operatorOf(scene);
    const entry = beginCell()
        .storeUint(0, 64)
        .storeUint(CLAIM, 64)
        .storeUint(1, 64)
        .storeBuffer(VOUCHER_KEY.publicKey)
        .storeBuffer(payout.address.hash)
        .storeBuffer(node.address.hash)
        .storeUint(0, 32)
        .endCell();
    const slots = Dictionary.empty(Dictionary.Keys.Uint(8), {
        serialize: (cell: Cell, builder) => void builder.storeSlice(cell.beginParse()),
        parse: (slice) => slice.asCell(),
    });
    slots.set(0, entry);
    return beginCell()
        .storeDict(slots)
        .storeUint(0x0c0c5601, 32)
        .storeInt(scene.protocol.terms.networkId, 32)
        .storeUint(0, 256)
        .storeUint(CLAIM, 128)
        .storeUint(0, 16) // no fee
        .storeUint(3_600, 32)
        .storeUint(2, 64)
        .storeUint(1, 8)
        .storeAddress(scene.protocol.treasury.address)
        .storeRef(identity)
        .endCell();
}

describe('a state that nobody paid for', () => {
    const identity = () => draftVault(scene).vault.init!.data!;

    it('is an open vault to look at, at an address that no identity gives', async () => {
        const init = { code: Vault.code(), data: forged(identity()) };
        const address = contractAddress(0, init);
        await scene.stranger.send({ to: address, init, value: AMPLE, bounce: false });
        const fake = scene.blockchain.openContract(Vault.fromAddress(address));
        expect((await fake.getVault())!.reserved).toBe(CLAIM);
        const says = await fake.getIdentity();
        expect(Vault.fromIdentity(says).address.equals(address)).toBe(false);
    });

    it('cannot be paid out, and its value returns', async () => {
        const init = { code: Vault.code(), data: forged(identity()) };
        const address = contractAddress(0, init);
        await scene.stranger.send({ to: address, init, value: AMPLE, bounce: false });
        const what = { slot: 0, generation: 1n, cumulative: CLAIM };
        const { networkId } = scene.protocol.terms;
        const vault = new Address(0, Buffer.alloc(32)); // as the forged head says
        const signature = sign(voucherHash({ networkId, vault, ...what }), VOUCHER_KEY.secretKey);
        const result = await send(scene.keeper, address, vaultBodies.redeem({ ...what, signature }));
        expect(result.transactions).toHaveTransaction({ to: address, exitCode: 0, actionResultCode: 37 });
        expect(result.transactions).toHaveTransaction({ from: address, inMessageBounced: true });
    });

    it('cannot be brought to the address of an identity, deployed or not, open or not', async () => {
        const draft = draftVault(scene);
        const { address } = draft.vault;
        const init = { code: Vault.code(), data: forged(identity()) };
        const body = vaultBodies.topUp();
        const hijack = () =>
            scene.blockchain.sendMessage(
                internal({ from: scene.stranger.address, to: address, value: AMPLE, body, stateInit: init }),
            );
        await hijack();
        expect((await scene.blockchain.getContract(address)).accountState?.type).not.toBe('active');
        await sendOpen(scene, draft, [allocation(scene)]);
        const before = (await draft.vault.getVault())!.reserved;
        await hijack();
        expect((await draft.vault.getVault())!.reserved).toBe(before);
    });
});

it('the masterchain twin of a vault cannot be opened, so no voucher counts there', async () => {
    const { identity } = draftVault(scene);
    const { init } = Vault.fromIdentity(identity);
    const twin = new Address(-1, contractAddress(0, init!).hash);
    const body = vaultBodies.open({ terms: scene.protocol.termsCell, allocations: [allocation(scene)] });
    const result = await scene.blockchain.sendMessage(
        internal({ from: scene.client.address, to: twin, value: toNano('100'), body, stateInit: init }),
    );
    expect(exitCodeOn(result, twin)).toBe(ERR.ERR_WORKCHAIN);
});

it('a vault whose code is a library is another vault, which its publisher can switch off', async () => {
    const { init, address } = draftVault(scene).vault;
    publish(scene.blockchain, init!.code!);
    const thin = contractAddress(0, { code: libraryCell(init!.code!), data: init!.data! });
    expect(thin.equals(address)).toBe(false);
});

it('terms that are a library cell open nothing under the hash of what they stand for', async () => {
    const { vault } = draftVault(scene);
    const { termsCell } = scene.protocol;
    publish(scene.blockchain, termsCell);
    const body = vaultBodies.open({ terms: libraryCell(termsCell) });
    const result = await vault.sendMessage(scene.client.getSender(), toNano('20'), body);
    expectRefused(result, vault.address, ERR.ERR_TERMS_HASH);
});

it('an identity whose opening lies before another one is not the same vault', async () => {
    const opened = await openVault(scene, [allocation(scene)]);
    const other = await openVault(scene, [allocation(scene)], { nonce: 2n });
    const crossed = await sendRedeem(scene, opened, toNano('1'), { vault: other.vault.address });
    expectRefused(crossed, opened.vault.address, ERR.ERR_SIGNATURE);
});
