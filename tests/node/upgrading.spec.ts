import { beginCell, Cell } from '@ton/core';
import { cellHash, encodeRelease, Node, nodeBodies } from 'cocoon-wrappers';
import { ERR } from '../helpers/errors';
import { claimJob, postJob, sendAccept, sendDisclose, sendSubmit } from '../helpers/job';
import { expectConserved } from '../helpers/ledger';
import { contractBodies, receive, TON } from '../helpers/node';
import { enact } from '../helpers/registry';
import { createScene, type Operator, operatorOf, type Scene } from '../helpers/scene';
import { exitCodeOn, expectAllDone, expectRefused, forge, paidBetween, send } from '../helpers/trace';

let scene: Scene;
let by: Operator;

beforeEach(async () => {
    scene = await createScene();
    by = operatorOf(scene);
});

/** A code cell of these instructions. */
function instructions(hex: string): Cell {
    return beginCell().storeBuffer(Buffer.from(hex, 'hex')).endCell();
}

/** `migrate`: DROP (the method id), CTOS, NEWC, STSLICE, then 8 bits more (7 PUSHINT, SWAP, 8 STU), ENDC. */
const APPENDING = instructions('30d0c8ce7701cb07c9');
/** `migrate`: throws 42. */
const FAILING = instructions('f22a');
/** `migrate`: answers an empty cell. */
const EMPTYING = instructions('3030c8c9');

const data = async () => {
    const { accountState } = await scene.blockchain.getContract(by.node.address);
    return accountState?.type === 'active' ? accountState.state.data! : Cell.EMPTY;
};

/** Has the Registry release version 2 of the same code with this migrator. */
async function release(migrator: Cell | null): Promise<bigint> {
    const cell = encodeRelease({ version: 2, code: Node.code(), migrator });
    await enact(scene.blockchain, scene.protocol, 0, { release: cell });
    return cellHash(cell);
}

const request = (releaseHash: bigint, from = by.owner) =>
    send(from, by.node.address, nodeBodies.requestUpgrade({ releaseHash }));

describe('a Node', () => {
    it('takes the released code when its owner asks, with its locks and its stake', async () => {
        const posted = await postJob(scene);
        await claimJob(posted, by);
        await sendDisclose(scene, posted);
        const before = await by.node.getNode();
        const hash = await release(null);
        const [result] = await expectConserved(scene.blockchain, async () => [await request(hash)]);
        expectAllDone(result!);
        expect(paidBetween(result!, by.node.address, by.owner.address)).toBeGreaterThan(TON);
        const { version, stake, locked } = await by.node.getNode();
        expect({ version, stake, locked }).toEqual({
            version: 2,
            stake: before.stake,
            locked: before.locked,
        });
        await sendSubmit(posted, by.operator);
        expectAllDone(await sendAccept(scene, posted));
        expect(await by.node.getNode()).toMatchObject({ lockCount: 0, stake: before.stake });
    });

    it('takes data in a new layout from the migrator', async () => {
        const hash = await release(APPENDING);
        const before = (await data()).beginParse();
        expectAllDone(await request(hash));
        const after = (await data()).beginParse();
        expect(after.remainingBits).toBe(before.remainingBits + 8);
        expect(after.loadUint(16)).toBe(2);
        after.skip(after.remainingBits - 8);
        expect(after.loadUint(8)).toBe(7);
        expect((await by.node.getNode()).version).toBe(2);
    });

    it.each([
        ['throws', FAILING],
        ['answers something that is no data', EMPTYING],
    ])('stays as it was when the migrator %s; the value returns', async (_, migrator) => {
        const before = await by.node.getNode();
        const hash = await release(migrator);
        await expectConserved(scene.blockchain, async () => [await request(hash)]);
        const { version, stake } = await by.node.getNode();
        expect({ version, stake }).toEqual({ version: 1, stake: before.stake });
        await claimJob(await postJob(scene), by);
    });

    it('asks for the present release only, by its owner only', async () => {
        expectRefused(
            await request(scene.protocol.releaseHash, by.operator),
            by.node.address,
            ERR.ERR_ACCESS,
        );
        const result = await request(1n);
        expect(exitCodeOn(result, scene.protocol.registry.address)).toBe(ERR.ERR_RELEASE_HASH);
        expect((await by.node.getDetails()).pending.releaseHash).toBe(0n);
        expect(paidBetween(result, by.node.address, by.owner.address)).toBeGreaterThan(TON);
    });

    it('never goes back, nor to the version that it has', async () => {
        const before = cellHash(await data());
        expectAllDone(await request(scene.protocol.releaseHash));
        expect((await by.node.getNode()).version).toBe(1);
        expect(cellHash(await data())).toBe(before);
    });
});

describe('a hostile Registry', () => {
    /** Terms and code that take the stake, if only the node obeyed. */
    const hostile = encodeRelease({ version: 9, code: instructions('f800'), migrator: null });

    it('cannot give code to a node that did not ask', async () => {
        const { registry } = scene.protocol;
        const before = cellHash(await data());
        const result = await forge(
            scene,
            registry.address,
            by.node.address,
            contractBodies.releaseConfirmed(hostile),
        );
        expect(exitCodeOn(result, by.node.address)).toBe(0);
        expect(cellHash(await data())).toBe(before);
        expect((await by.node.getNode()).version).toBe(1);
    });

    it('cannot give other code than the owner named', async () => {
        const { registry } = scene.protocol;
        const contract = await scene.blockchain.getContract(by.node.address);
        const hash = await release(null);
        await receive(contract, by.owner.address, nodeBodies.requestUpgrade({ releaseHash: hash }));
        await forge(scene, registry.address, by.node.address, contractBodies.releaseConfirmed(hostile));
        expect((await by.node.getNode()).version).toBe(1);
    });

    it('cannot settle, slash, unbond, redirect or take over', async () => {
        const { registry } = scene.protocol;
        await claimJob(await postJob(scene), by);
        const before = cellHash(await data());
        const own = registry.address;
        const bodies = [
            contractBodies.settleLock({ claimSeq: 0n, outcome: 2, slash: TON, client: own }),
            nodeBodies.unbond({ amount: TON }),
            nodeBodies.withdrawUnbonded(),
            nodeBodies.updateProfile({ payout: own }),
            nodeBodies.transferOwnership({ newOwner: own }),
            nodeBodies.rotateKeys({ operator: own, operatorKey: 1n, encryptionKey: 1n }),
        ];
        for (const body of bodies) {
            const result = await forge(scene, own, by.node.address, body);
            expect([ERR.ERR_ACCESS, ERR.ERR_LOCK_UNKNOWN]).toContain(exitCodeOn(result, by.node.address));
        }
        expect(cellHash(await data())).toBe(before);
    });
});
