import '@ton/test-utils';
import { beginCell, toNano } from '@ton/core';
import { networkConfig, PRICES_2024, scalePrices } from 'cocoon-devnet';
import { disputeBodies, opcodes, VOTE } from 'cocoon-wrappers';
import { feesUnder } from '../gas/formulas';
import { advance } from '../helpers/blockchain';
import {
    type Court,
    draftCourt,
    expectCourtConserved,
    openBody,
    opened,
    revealed,
    sendOpen,
    sendResolve,
    speak,
    stateOf,
    succeeds,
} from '../helpers/court';
import { ERR } from '../helpers/errors';
import { createScene, type Scene } from '../helpers/scene';
import { DAY } from '../helpers/terms';
import { expectRefused, paidBetween, send } from '../helpers/trace';

const FIVE = Array.from({ length: 5 }, () => VOTE.client);

let scene: Scene;

beforeEach(async () => {
    scene = await createScene({ nodes: 0 });
});

async function resolved(): Promise<Court> {
    const court = await revealed(scene, FIVE);
    await succeeds(court, sendResolve(court));
    return court;
}

const destroy = (court: Court, from = scene.keeper) =>
    send(from, court.dispute.address, disputeBodies.destroy({ queryId: 1n }));

const accountOf = ({ dispute }: Court) => scene.blockchain.getContract(dispute.address);

describe('the end of a Dispute', () => {
    it('returns all that is left to the accuser, and what the sender brought to the sender', async () => {
        const court = await resolved();
        advance(scene.blockchain, 2 * DAY);
        const { balance } = await accountOf(court);
        const result = await succeeds(court, destroy(court));
        const paid = paidBetween(result, court.dispute.address, scene.client.address);
        expect(paid).toBeGreaterThan(balance - toNano('0.01'));
        expect(paidBetween(result, court.dispute.address, scene.keeper.address)).toBeGreaterThan(
            toNano('1.99'),
        );
        expect((await accountOf(court)).balance).toBe(0n);
        expect((await accountOf(court)).accountState?.type).not.toBe('active');
    });

    it('comes with openBefore, not a second earlier', async () => {
        const court = await resolved();
        scene.blockchain.now = court.openBefore - 1;
        expectRefused(await destroy(court), court.dispute.address, ERR.ERR_TOO_EARLY);
        advance(scene.blockchain, 1);
        await succeeds(court, destroy(court));
    });

    it('does not come before the resolution', async () => {
        const court = await revealed(scene, FIVE);
        advance(scene.blockchain, 2 * DAY);
        expectRefused(await destroy(court), court.dispute.address, ERR.ERR_STATE);
    });

    it('lets nobody open it again', async () => {
        const court = await resolved();
        advance(scene.blockchain, 2 * DAY);
        await succeeds(court, destroy(court));
        expectRefused(await sendOpen(court), court.dispute.address, ERR.ERR_OPEN_BEFORE);
    });

    it('of one that was never opened returns what is there to whoever ends it', async () => {
        const court = await draftCourt(scene);
        const { address, init } = court.dispute;
        await scene.stranger.send({ to: address, init, value: toNano('1'), bounce: false });
        expectRefused(await destroy(court), address, ERR.ERR_TOO_EARLY);
        advance(scene.blockchain, 2 * DAY);
        const result = await succeeds(court, destroy(court));
        expect(paidBetween(result, address, scene.keeper.address)).toBeGreaterThan(toNano('2.9'));
    });

    it('conserves money', async () => {
        const court = await resolved();
        advance(scene.blockchain, 2 * DAY);
        await expectCourtConserved(court, () => succeeds(court, destroy(court)));
    });
});

it('what comes back from a receiver that is gone stays for the accuser', async () => {
    const court = await revealed(scene, FIVE);
    const gone = court.jurors[0]!.node;
    const { account } = await scene.blockchain.getContract(gone);
    await scene.blockchain.setShardAccount(gone, { ...account, account: null });
    const { balance } = await accountOf(court);
    const { held } = await stateOf(court);
    const result = await succeeds(court, sendResolve(court));
    expect(result.transactions).toHaveTransaction({
        from: gone,
        to: court.dispute.address,
        inMessageBounced: true,
        success: true,
    });
    expect((await accountOf(court)).balance).toBeGreaterThan(balance - held + court.params.jurorFee);
    expect((await stateOf(court)).phase).toBe('resolved');
});

it('a dispute that was deployed before it was opened opens all the same', async () => {
    const court = await draftCourt(scene);
    const { address, init } = court.dispute;
    await scene.stranger.send({ to: address, init, value: toNano('0.05'), bounce: false });
    await succeeds(court, send(scene.client, address, openBody(court), court.value));
    expect((await stateOf(court)).phase).toBe('opening');
});

it('fees that rose a hundredfold are covered by the bond, and then by who resolves', async () => {
    const court = await revealed(scene, FIVE);
    const { held } = await stateOf(court);
    scene.blockchain.setConfig(networkConfig(scalePrices(PRICES_2024, 100n)));
    const fees = feesUnder(100n);
    const tip = scene.protocol.terms.jobParams.keeperTip;
    const out = 5n * (fees.settleSeat + court.params.jurorFee) + fees.verdict + tip;
    expect(out).toBeGreaterThan(held);
    const minimum = fees.resolve(5) + out - held;
    const to = court.dispute.address;
    expectRefused(await sendResolve(court, scene.keeper, minimum - 1n), to, ERR.ERR_VALUE);
    await succeeds(court, sendResolve(court, scene.keeper, minimum));
    expect(await stateOf(court)).toMatchObject({ phase: 'resolved', outcome: 'client', held: 0n });
});

it('messages of Dispute’s own kinds that nobody sends it are unknown', async () => {
    const court = await opened(scene);
    for (const name of ['Freeze', 'Verdict', 'SettleSeat', 'Burn'] as const) {
        const body = beginCell().storeUint(Number(opcodes[name]), 32).storeUint(0, 500).endCell();
        expectRefused(await speak(court, scene.stranger.address, body), court.dispute.address, 130);
    }
});
