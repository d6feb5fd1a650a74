import { nodeBodies } from 'cocoon-wrappers';
import { opcodes } from '../../build/artifacts';
import { advance, now } from '../helpers/blockchain';
import { ERR } from '../helpers/errors';
import { claimedJob, claimJob, postJob, sendClaim, sendExpire } from '../helpers/job';
import { expectConserved } from '../helpers/ledger';
import { TON, takeLocks } from '../helpers/node';
import { createScene, type Operator, operatorOf, type Scene } from '../helpers/scene';
import { AMPLE, expectAllDone, expectRefused, paidBetween, send } from '../helpers/trace';

let scene: Scene;
let by: Operator;

beforeEach(async () => {
    scene = await createScene();
    by = operatorOf(scene);
});

const unbond = (amount: bigint) => send(by.owner, by.node.address, nodeBodies.unbond({ amount }));
const withdraw = () => send(by.owner, by.node.address, nodeBodies.withdrawUnbonded());
const period = () => scene.protocol.terms.stakeParams.unbondingPeriod;

async function expectSolvent(): Promise<void> {
    const { stake, unbonding } = await by.node.getNode();
    const { balance } = await scene.blockchain.getContract(by.node.address);
    expect(balance).toBeGreaterThan(stake + unbonding);
}

describe('AddStake', () => {
    it('counts the amount, whoever sends it, and returns the rest', async () => {
        const { stake } = await by.node.getNode();
        const body = nodeBodies.addStake({ amount: 3n * TON });
        const [result] = await expectConserved(scene.blockchain, async () => [
            await send(scene.stranger, by.node.address, body, 3n * TON + AMPLE),
        ]);
        expect((await by.node.getNode()).stake).toBe(stake + 3n * TON);
        expect(paidBetween(result!, by.node.address, scene.stranger.address)).toBeGreaterThan(
            AMPLE - TON / 20n,
        );
        await expectSolvent();
    });

    it('gives no credit without the money', async () => {
        const { stake } = await by.node.getNode();
        const add = (amount: bigint, value: bigint) =>
            send(by.owner, by.node.address, nodeBodies.addStake({ amount }), value);
        expectRefused(await add(3n * TON, 3n * TON), by.node.address, ERR.ERR_VALUE);
        expectRefused(await add(0n, TON), by.node.address, ERR.ERR_AMOUNT);
        expectRefused(await add(2n ** 120n - 1n, TON), by.node.address, ERR.ERR_VALUE);
        expect((await by.node.getNode()).stake).toBe(stake);
    });
});

describe('Unbond', () => {
    it('moves free stake into an entry that is paid after the unbonding period, to the second', async () => {
        const { stake } = await by.node.getNode();
        expectAllDone(await unbond(5n * TON));
        const node = await by.node.getNode();
        expect(node).toMatchObject({ stake: stake - 5n * TON, unbonding: 5n * TON, exiting: false });
        const { unbondings } = await by.node.getDetails();
        expect(unbondings).toEqual([{ unlockAt: now(scene.blockchain) + period(), amount: 5n * TON }]);
        advance(scene.blockchain, period() - 1);
        expectRefused(await withdraw(), by.node.address, ERR.ERR_NOTHING_DUE);
        advance(scene.blockchain, 1);
        const [result] = await expectConserved(scene.blockchain, async () => [await withdraw()]);
        const paid = paidBetween(result!, by.node.address, by.owner.address, opcodes.StakeWithdrawal);
        expect(paid).toBeGreaterThan(5n * TON + AMPLE - TON / 20n);
        expect(paid).toBeLessThan(5n * TON + AMPLE);
        expect(await by.node.getNode()).toMatchObject({ stake: stake - 5n * TON, unbonding: 0n });
        expectRefused(await withdraw(), by.node.address, ERR.ERR_NOTHING_DUE);
        await expectSolvent();
    });

    it('merges what is asked for in one second and keeps eight entries', async () => {
        await unbond(1n);
        await unbond(2n);
        expect((await by.node.getDetails()).unbondings).toHaveLength(1);
        for (let i = 0; i < 7; i++) {
            advance(scene.blockchain, 10);
            expectAllDone(await unbond(4n));
        }
        advance(scene.blockchain, 10);
        expectRefused(await unbond(4n), by.node.address, ERR.ERR_UNBONDING_FULL);
        const { unbondings, unbonding } = await by.node.getDetails();
        expect(unbondings.map(({ amount }) => amount)).toEqual([3n, 4n, 4n, 4n, 4n, 4n, 4n, 4n]);
        expect(unbonding).toBe(31n);
    });

    it('pays only the entries that are due, and those together', async () => {
        for (const amount of [1n, 2n, 3n]) {
            await unbond(amount * TON);
            advance(scene.blockchain, 100);
        }
        advance(scene.blockchain, period() - 200);
        const result = await withdraw();
        const paid = paidBetween(result, by.node.address, by.owner.address, opcodes.StakeWithdrawal);
        expect(paid).toBeGreaterThan(3n * TON + AMPLE - TON / 20n);
        expect(paid).toBeLessThan(3n * TON + AMPLE);
        expect((await by.node.getDetails()).unbondings).toHaveLength(1);
        expect((await by.node.getNode()).unbonding).toBe(3n * TON);
        expectAllDone(await unbond(1n));
    });

    it('takes locked stake never, the reserve only by exiting', async () => {
        await claimedJob(scene);
        const { stake, locked, reserve } = await by.node.getNode();
        expect(locked).toBe(10n * TON);
        expectRefused(await unbond(stake - locked + 1n), by.node.address, ERR.ERR_FREE_STAKE);
        expectRefused(await unbond(0n), by.node.address, ERR.ERR_AMOUNT);
        expectAllDone(await unbond(stake - locked - reserve));
        expect((await by.node.getNode()).exiting).toBe(false);
        advance(scene.blockchain, 1);
        expectAllDone(await unbond(1n));
        expect((await by.node.getNode()).exiting).toBe(true);
    });

    it('that touches the reserve ends claims for ever, not what is owed for old ones', async () => {
        const posted = await claimedJob(scene);
        const { stake } = await by.node.getNode();
        await unbond(stake - posted.spec.collateral);
        const other = await postJob(scene, { nonce: 2n });
        expectRefused(await sendClaim(other, by), by.node.address, ERR.ERR_EXITING);
        await send(
            by.owner,
            by.node.address,
            nodeBodies.addStake({ amount: 300n * TON }),
            300n * TON + AMPLE,
        );
        expect((await by.node.getNode()).exiting).toBe(true);
        expectRefused(await sendClaim(other, by), by.node.address, ERR.ERR_EXITING);
        advance(scene.blockchain, posted.spec.executionWindow + 1);
        const result = await sendExpire(posted, scene.keeper);
        const slashed = paidBetween(result, by.node.address, scene.client.address, opcodes.SlashCompensation);
        expect(slashed).toBe(posted.spec.collateral);
        await expectSolvent();
    });
});

describe('free stake', () => {
    it('is what a claim can lock: exactly that, not one nanoTON more', async () => {
        const { reserve, ...before } = await by.node.getNode();
        // A job for more than jurors can stand for is not posted.
        const free = 50n * TON;
        await unbond(before.stake - reserve - free);
        const { stake } = await by.node.getNode();
        const tooMuch = await postJob(scene, { spec: { collateral: free + 1n } });
        expectRefused(await sendClaim(tooMuch, by), by.node.address, ERR.ERR_FREE_STAKE);
        await claimJob(await postJob(scene, { spec: { collateral: free }, nonce: 2n }), by);
        const more = await postJob(scene, { spec: { collateral: 1n }, nonce: 3n });
        expectRefused(await sendClaim(more, by), by.node.address, ERR.ERR_FREE_STAKE);
        await claimJob(await postJob(scene, { spec: { collateral: 0n }, nonce: 4n }), by);
        expect(await by.node.getNode()).toMatchObject({ locked: free, lockCount: 2, stake });
    });

    it('is locked by at most 64 jobs at a time', async () => {
        await takeLocks(scene, by, 63);
        const posted = await claimedJob(scene, { spec: { collateral: TON } });
        const other = await postJob(scene, { nonce: 2n });
        expectRefused(await sendClaim(other, by), by.node.address, ERR.ERR_LOCKS_FULL);
        advance(scene.blockchain, posted.spec.executionWindow + 1);
        expectAllDone(await sendExpire(posted, scene.keeper));
        await claimJob(other, by);
        expect((await by.node.getNode()).lockCount).toBe(64);
    });

    it('is locked once for a job', async () => {
        const posted = await claimedJob(scene);
        expectRefused(await sendClaim(posted, by), by.node.address, ERR.ERR_LOCK_EXISTS);
        expect((await by.node.getNode()).locked).toBe(posted.spec.collateral);
    });
});
