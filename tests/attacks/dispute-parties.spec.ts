import '@ton/test-utils';
import { toNano } from '@ton/core';
import { cellHash, codeId, Dispute, disputeBodies, encodeTerms, VOTE } from 'cocoon-wrappers';
import { loadSettleSeat } from '../../build/Dispute/Dispute_Dispute';
import { now } from '../helpers/blockchain';
import {
    accusedBody,
    type Court,
    draftCourt,
    named,
    nodeAt,
    opened,
    puppet,
    revealed,
    seatBody,
    seating,
    sendResolve,
    speak,
    stateOf,
    succeeds,
    takeSeats,
} from '../helpers/court';
import { ERR } from '../helpers/errors';
import { createScene, type Scene } from '../helpers/scene';
import { DAY } from '../helpers/terms';
import { expectRefused, messagesBetween, paidBetween } from '../helpers/trace';

let scene: Scene;

beforeEach(async () => {
    scene = await createScene({ nodes: 0 });
});

it('a fake Job or Node cannot confirm an accusation', async () => {
    const court = await opened(scene);
    for (const from of [court.target, named('fake'), scene.client.address, nodeAt(scene, 8)]) {
        expectRefused(await speak(court, from, accusedBody(court)), court.dispute.address, ERR.ERR_ACCESS);
    }
});

it('a node of another registry is no juror and no witness', async () => {
    const court = await seating(scene);
    const [seat] = court.jurors;
    const foreign = Dispute.fromAddress(named('node of another registry')).address;
    expectRefused(await speak(court, foreign, seatBody(court, seat!)), court.dispute.address, ERR.ERR_ACCESS);
});

it('an owner that accuses its own node pays: nothing of a rejected bond comes back but what it pays to itself', async () => {
    const court = await revealed(
        scene,
        Array.from({ length: 5 }, () => VOTE.node),
    );
    const { held } = await stateOf(court);
    const result = await succeeds(court, sendResolve(court));
    const { accuserBond, jurorFee } = court.params;
    const back =
        paidBetween(result, court.dispute.address, scene.client.address) +
        paidBetween(result, court.dispute.address, court.payout.address);
    expect(held - back).toBeGreaterThanOrEqual(accuserBond / 2n + 5n * jurorFee);
});

it('a juror cannot give its bond to itself: who is paid of it is a party', async () => {
    const court = await seating(scene);
    await takeSeats(court, [1, 1, 1, 1, null]);
    const { revealWindow } = court.params;
    scene.blockchain.now = now(scene.blockchain) + revealWindow + 1;
    const result = await succeeds(court, sendResolve(court));
    for (const { node } of court.jurors) {
        const [message] = messagesBetween(result, court.dispute.address, node);
        const { beneficiary } = loadSettleSeat(message!.body.beginParse());
        expect(beneficiary).toBe(BigInt(`0x${scene.client.address.hash.toString('hex')}`));
    }
});

it('terms that nobody executed give a Dispute of another address, whose witnesses are other accounts', async () => {
    const terms = encodeTerms({
        ...scene.protocol.terms,
        bootstrap: codeId(Dispute.code()),
        kinds: {
            ...scene.protocol.terms.kinds,
            disputes: { ...scene.protocol.terms.kinds.disputes!, jurors: 1 },
        },
    });
    const court = await draftCourt(scene);
    const invented: Court = {
        ...court,
        dispute: scene.blockchain.openContract(
            Dispute.fromIdentity({
                registry: scene.protocol.registry.address,
                termsHash: cellHash(terms),
                subject: cellHash(court.subject),
                openBefore: now(scene.blockchain) + DAY,
            }),
        ),
    };
    expect(invented.dispute.address.equals(court.dispute.address)).toBe(false);
    const body = disputeBodies.open({ terms, subject: court.subject, evidence: court.evidence });
    const { address: to, init } = invented.dispute;
    await puppet(scene, court.target);
    await succeeds(invented, scene.client.send({ to, init, body, value: toNano('10') }));
    expectRefused(await speak(invented, court.node, accusedBody(court)), to, ERR.ERR_ACCESS);
});
