import '@ton/test-utils';
import { Address, toNano } from '@ton/core';
import { nodeBodies, vaultBodies } from 'cocoon-wrappers';
import { opcodes } from '../../build/artifacts';
import { advance, now } from '../helpers/blockchain';
import { ERR } from '../helpers/errors';
import { expectConserved } from '../helpers/ledger';
import { createScene, operatorOf, type Scene } from '../helpers/scene';
import { HOUR } from '../helpers/terms';
import {
    AMPLE,
    exitCodeOn,
    expectRefused,
    forge,
    messagesBetween,
    paidBetween,
    send,
} from '../helpers/trace';
import {
    allocation,
    allocationAt,
    finishRelease,
    type OpenedVault,
    openVault,
    sendRedeem,
    voucher,
} from '../helpers/vault';

let scene: Scene;
let opened: OpenedVault;

beforeEach(async () => {
    scene = await createScene();
    opened = await openVault(
        scene,
        [0, 1, 2].map((slot) => allocation(scene, { slot })),
    );
});

const vaultAddress = () => opened.vault.address;
const payout = () => operatorOf(scene).payout;
const fromClient = (body: ReturnType<typeof vaultBodies.topUp>) => send(scene.client, vaultAddress(), body);
const request = (slots: number[]) => fromClient(vaultBodies.requestRelease({ slots }));
const finish = (slots: number[]) => send(scene.keeper, vaultAddress(), vaultBodies.finishRelease({ slots }));
const reserved = async () => (await opened.vault.getVault())!.reserved;
const DELAY = 6 * HOUR;

describe('a requested release', () => {
    it('is finished by anyone, to the second when its delay is over', async () => {
        await request([0]);
        expect((await allocationAt(opened)).releaseAt).toBe(now(scene.blockchain) + DELAY);
        advance(scene.blockchain, DELAY - 1);
        expectRefused(await finish([0]), vaultAddress(), ERR.ERR_TOO_EARLY);
        advance(scene.blockchain, 1);
        const result = await finish([0]);
        expect(paidBetween(result, vaultAddress(), scene.keeper.address, opcodes.Excesses)).toBeGreaterThan(
            AMPLE - toNano('0.01'),
        );
        expect(await opened.vault.getAllocation(0)).toBeNull();
        expect(await opened.vault.getVault()).toMatchObject({ reserved: toNano('20'), count: 2 });
    });

    it('lets vouchers be redeemed until it is finished, even after its time', async () => {
        await request([0]);
        await sendRedeem(scene, opened, toNano('1'));
        advance(scene.blockchain, 10 * DELAY);
        await sendRedeem(scene, opened, toNano('3'));
        expect((await allocationAt(opened)).claimed).toBe(toNano('3'));
        await finish([0]);
        expect(await reserved()).toBe(toNano('20'));
    });

    it('cannot be requested again, which would put it off', async () => {
        await request([0]);
        expectRefused(await request([0]), vaultAddress(), ERR.ERR_RELEASING);
        expectRefused(await request([1, 1]), vaultAddress(), ERR.ERR_RELEASING);
        expect((await allocationAt(opened, 1)).releaseAt).toBe(0);
    });

    it('is refused as a whole when one slot of the message is not due', async () => {
        await request([0]);
        advance(scene.blockchain, DELAY);
        expectRefused(await finish([0, 1]), vaultAddress(), ERR.ERR_NOT_RELEASING);
        expectRefused(await finish([0, 0]), vaultAddress(), ERR.ERR_ALLOCATION_UNKNOWN);
        expect(await reserved()).toBe(toNano('30'));
    });

    it('needs slots, at most 32, a byte each', async () => {
        for (const slots of [[], Array.from({ length: 33 }, () => 0)]) {
            expectRefused(await request(slots), vaultAddress(), ERR.ERR_TOO_LARGE);
            expectRefused(await finish(slots), vaultAddress(), ERR.ERR_TOO_LARGE);
        }
        const crooked = vaultBodies
            .requestRelease({ slots: [0] })
            .asBuilder()
            .storeBit(true)
            .endCell();
        expectRefused(await fromClient(crooked), vaultAddress(), ERR.ERR_TOO_LARGE);
    });

    it('is not finished for a masterchain sender, whose answer nobody paid for', async () => {
        await request([0]);
        advance(scene.blockchain, DELAY);
        const from = new Address(-1, Buffer.alloc(32, 5));
        const result = await forge(scene, from, vaultAddress(), vaultBodies.finishRelease({ slots: [0] }));
        expect(exitCodeOn(result, vaultAddress())).toBe(ERR.ERR_WORKCHAIN);
    });

    it('sends the fees that were owed', async () => {
        await sendRedeem(scene, opened, toNano('1'));
        const result = await finishRelease(scene, opened, [0]);
        const treasury = scene.protocol.treasury.address;
        expect(paidBetween(result, vaultAddress(), treasury, opcodes.ProtocolFee)).toBe(
            toNano('0.05') - 400_000n,
        );
    });
});

it.each([
    ['nothing', 0n, 0n],
    ['one nanoTON', 1n, 1n],
])('fees of what their message costs and %s', async (_, above, arrives) => {
    const message = 400_000n; // a message without more than a body, at the network's price
    const earned = (message + above) * (10_000n / BigInt(scene.protocol.terms.jobParams.feeBps));
    await sendRedeem(scene, opened, earned);
    const result = await finishRelease(scene, opened, [0]);
    const treasury = scene.protocol.treasury.address;
    const sent = messagesBetween(result, vaultAddress(), treasury, Number(opcodes.ProtocolFee));
    expect(sent).toHaveLength(Number(above));
    expect(paidBetween(result, vaultAddress(), treasury, opcodes.ProtocolFee)).toBe(arrives);
});

describe('a release at once', () => {
    const byPayee = (cumulative = 0n) => {
        const body =
            cumulative === 0n
                ? vaultBodies.releaseNow({ slot: 0, generation: 1n })
                : vaultBodies.releaseNow(voucher(scene, opened, cumulative));
        return send(payout(), vaultAddress(), body);
    };
    const byNode = (cumulative = 0n, from = operatorOf(scene).operator) => {
        const last = cumulative === 0n ? { slot: 0, generation: 1n } : voucher(scene, opened, cumulative);
        const body = nodeBodies.releaseAllocation({ vault: vaultAddress(), ...last });
        return send(from, operatorOf(scene).node.address, body);
    };
    const paid = (result: Awaited<ReturnType<typeof byPayee>>) =>
        paidBetween(result, vaultAddress(), payout().address, opcodes.VaultPayout);

    it.each([
        ['payee', byPayee],
        ['operator, through the node', byNode],
        ['owner, through the node', (sum: bigint) => byNode(sum, operatorOf(scene).owner)],
    ])('by the %s redeems first, and gives the rest of the value to the payee', async (_, release) => {
        const result = await release(toNano('4'));
        const part = paid(result) - toNano('3.8');
        expect(part).toBeGreaterThan(AMPLE - toNano('0.02'));
        expect(part).toBeLessThan(AMPLE);
        expect(await opened.vault.getAllocation(0)).toBeNull();
        expect(await reserved()).toBe(toNano('20'));
    });

    it.each([
        ['payee', byPayee],
        ['node', byNode],
    ])('by the %s without a voucher only frees what is left', async (_, release) => {
        const result = await release();
        expect(paid(result)).toBeLessThan(AMPLE);
        expect(await reserved()).toBe(toNano('20'));
    });

    it('with the voucher that somebody redeemed meanwhile still releases', async () => {
        await sendRedeem(scene, opened, toNano('4'));
        const result = await byPayee(toNano('4'));
        expect(paid(result)).toBeLessThan(AMPLE);
        expect(await opened.vault.getAllocation(0)).toBeNull();
    });

    it.each([
        ['above the allocation', toNano('10') + 1n, ERR.ERR_ABOVE_ALLOCATION, {}],
        ['of another network', toNano('1'), ERR.ERR_SIGNATURE, { networkId: -3 }],
        ['of another generation', toNano('1'), ERR.ERR_ALLOCATION_UNKNOWN, { generation: 2n }],
        ['of an empty slot', toNano('1'), ERR.ERR_ALLOCATION_UNKNOWN, { slot: 9 }],
    ] as const)('with a voucher %s is refused', async (_, cumulative, code, changes) => {
        const body = vaultBodies.releaseNow(voucher(scene, opened, cumulative, changes));
        expectRefused(await send(payout(), vaultAddress(), body), vaultAddress(), code);
        expect(await reserved()).toBe(toNano('30'));
    });

    it('is refused to everybody else, the client too', async () => {
        for (const wallet of [scene.client, scene.stranger, operatorOf(scene).operator]) {
            const body = vaultBodies.releaseNow({ slot: 0, generation: 1n });
            expectRefused(await send(wallet, vaultAddress(), body), vaultAddress(), ERR.ERR_ACCESS);
        }
    });

    it('is refused to the masterchain twin of the payee, and of an account zero', async () => {
        const nobody = new Address(0, Buffer.alloc(32));
        const { vault } = await openVault(scene, [allocation(scene, { node: nobody, payee: nobody })], {
            nonce: 7n,
        });
        const body = vaultBodies.releaseNow({ slot: 0, generation: 1n });
        for (const [to, id] of [
            [vaultAddress(), payout().address.hash],
            [vault.address, nobody.hash],
        ] as const) {
            const result = await forge(scene, new Address(-1, id), to, body);
            expect(exitCodeOn(result, to)).toBe(ERR.ERR_ACCESS);
        }
    });

    it('that the vault refuses comes back to the operator through the node', async () => {
        const { node, operator } = operatorOf(scene);
        const before = await node.getNode();
        const body = nodeBodies.releaseAllocation({ vault: vaultAddress(), slot: 50, generation: 1n });
        const result = await send(operator, node.address, body);
        expect(result.transactions).toHaveTransaction({ from: vaultAddress(), inMessageBounced: true });
        expect(paidBetween(result, node.address, operator.address, opcodes.Excesses)).toBeGreaterThan(
            AMPLE - toNano('0.02'),
        );
        expect((await node.getNode()).stake).toBe(before.stake);
    });

    it('through the node is only for its operator and owner', async () => {
        const { node } = operatorOf(scene);
        const result = await byNode(0n, scene.stranger);
        expectRefused(result, node.address, ERR.ERR_ACCESS);
        expect(messagesBetween(result, node.address, vaultAddress())).toHaveLength(0);
    });
});

it('conserves money on each path', async () => {
    await expectConserved(scene.blockchain, async () => [
        await sendRedeem(scene, opened, toNano('1')),
        await send(payout(), vaultAddress(), vaultBodies.releaseNow(voucher(scene, opened, toNano('2')))),
        await send(
            operatorOf(scene).operator,
            operatorOf(scene).node.address,
            nodeBodies.releaseAllocation({
                vault: vaultAddress(),
                ...voucher(scene, opened, toNano('2'), { slot: 1, generation: 2n }),
            }),
        ),
        await request([2]),
    ]);
    advance(scene.blockchain, DELAY);
    await expectConserved(scene.blockchain, async () => [
        await finish([2]),
        await fromClient(vaultBodies.withdraw()),
    ]);
    expect(await opened.vault.getVault()).toMatchObject({ reserved: 0n, feesOwed: 0n, count: 0, free: 0n });
});
