import '@ton/test-utils';
import { beginCell, Cell, toNano } from '@ton/core';
import { cellHash, Dispute, disputeBodies, encodeJobSubject, opcodes } from 'cocoon-wrappers';
import { loadAccuse, loadFreeze, storeFreezeRefused } from '../../build/Dispute/Dispute_Dispute';
import { advance, now } from '../helpers/blockchain';
import { type Court, draftCourt, opened, puppet, sendOpen, speak, stateOf, succeeds } from '../helpers/court';
import { ERR } from '../helpers/errors';
import { createScene, type Scene } from '../helpers/scene';
import { DAY } from '../helpers/terms';
import { expectRefused, messagesBetween, paidBetween } from '../helpers/trace';

let scene: Scene;

beforeEach(async () => {
    scene = await createScene({ nodes: 0 });
});

const kinds = ['job', 'session'] as const;
const id = (address: { hash: Buffer }) => BigInt(`0x${address.hash.toString('hex')}`);
const freezeRefused = beginCell()
    .store(storeFreezeRefused({ $$type: 'FreezeRefused', queryId: 1n }))
    .endCell();

async function balance({ dispute }: Court): Promise<bigint> {
    return (await scene.blockchain.getContract(dispute.address)).balance;
}

async function isGone({ dispute }: Court): Promise<boolean> {
    const account = await scene.blockchain.getContract(dispute.address);
    return account.accountState?.type !== 'active' && account.balance === 0n;
}

describe('an opening', () => {
    it('asks the job to freeze the claim that the subject names', async () => {
        const court = await draftCourt(scene);
        const result = await succeeds(court, sendOpen(court));
        const [message] = messagesBetween(
            result,
            court.dispute.address,
            court.target,
            Number(opcodes.Freeze),
        );
        expect(loadFreeze(message!.body.beginParse())).toMatchObject({
            queryId: 3n,
            claim: 1n,
            resultRoot: court.shown.resultRoot,
            accuser: id(scene.client.address),
            openBefore: BigInt(court.openBefore),
        });
        expect(await stateOf(court)).toMatchObject({ phase: 'opening', round: 0, case: null, outcome: null });
    });

    it('accuses the node of a session with the evidence as it came', async () => {
        const court = await draftCourt(scene, { kind: 'session' });
        const result = await succeeds(court, sendOpen(court));
        const [message] = messagesBetween(result, court.dispute.address, court.node, Number(opcodes.Accuse));
        const body = loadAccuse(message!.body.beginParse());
        expect(body).toMatchObject({
            accuser: id(scene.client.address),
            termsHash: scene.protocol.termsHash,
            openBefore: BigInt(court.openBefore),
        });
        expect(body.subject).toEqualCell(court.subject);
        expect(body.evidence).toEqualCell(court.evidence);
    });

    it('returns what it does not need, and holds what it says', async () => {
        const court = await draftCourt(scene);
        const before = await scene.client.getBalance();
        await succeeds(court, sendOpen(court, toNano('100')));
        const spent = before - (await scene.client.getBalance());
        expect(spent).toBeLessThan(toNano('7'));
        const { held } = await stateOf(court);
        const { accuserBond, jurorFee, jurors } = court.params;
        expect(held).toBeGreaterThan(accuserBond + 2n * BigInt(jurors) * jurorFee);
        expect(await balance(court)).toBeGreaterThan(held);
    });

    it.each(kinds)('of a %s is the accuser’s alone', async (kind) => {
        const court = await draftCourt(scene, { kind });
        expectRefused(
            await sendOpen(court, toNano('9'), scene.stranger),
            court.dispute.address,
            ERR.ERR_ACCESS,
        );
    });

    it('happens once', async () => {
        const court = await opened(scene);
        expectRefused(await sendOpen(court), court.dispute.address, ERR.ERR_ALREADY_OPEN);
    });

    it('happens before openBefore, to the second', async () => {
        const court = await draftCourt(scene, { openBefore: now(scene.blockchain) + 10 });
        advance(scene.blockchain, 9);
        const late = await draftCourt(scene, { openBefore: court.openBefore, claim: 2 });
        await succeeds(court, sendOpen(court));
        advance(scene.blockchain, 1);
        expectRefused(await sendOpen(late), late.dispute.address, ERR.ERR_OPEN_BEFORE);
    });

    it('needs the terms and the subject of the address', async () => {
        const court = await draftCourt(scene);
        const { evidence, subject } = court;
        const terms = scene.protocol.termsCell;
        const other = encodeJobSubject({ accuser: scene.client.address, job: court.target, claim: 2 });
        const to = court.dispute.address;
        for (const [body, error] of [
            [disputeBodies.open({ terms: Cell.EMPTY, subject, evidence }), ERR.ERR_TERMS_HASH],
            [disputeBodies.open({ terms, subject: other, evidence }), ERR.ERR_SUBJECT],
        ] as const) {
            const init = court.dispute.init;
            expectRefused(await scene.client.send({ to, value: toNano('9'), init, body }), to, error);
        }
    });

    it.each([
        ['no tag', beginCell().storeUint(7, 32)],
        ['a job with more', beginCell().storeUint(0x0c0cd502, 32).storeUint(0, 521)],
        [
            'a job with a reference',
            beginCell().storeUint(0x0c0cd502, 32).storeUint(0, 520).storeRef(Cell.EMPTY),
        ],
        ['a session without its request', beginCell().storeUint(0x0c0cd501, 32).storeUint(0, 768)],
        [
            'a session with a longer request',
            beginCell()
                .storeUint(0x0c0cd501, 32)
                .storeUint(0, 768)
                .storeRef(beginCell().storeUint(0, 137).endCell()),
        ],
    ])('needs a subject of the right form: not %s', async (_, builder) => {
        const court = await draftCourt(scene);
        const subject = builder.endCell();
        const dispute = Dispute.fromIdentity({
            registry: scene.protocol.registry.address,
            termsHash: scene.protocol.termsHash,
            subject: cellHash(subject),
            openBefore: court.openBefore,
        });
        const body = disputeBodies.open({
            terms: scene.protocol.termsCell,
            subject,
            evidence: court.evidence,
        });
        const result = await scene.client.send({
            to: dispute.address,
            value: toNano('9'),
            init: dispute.init,
            body,
        });
        expectRefused(result, dispute.address, ERR.ERR_SUBJECT);
    });

    it('refuses evidence that nobody pays for', async () => {
        const court = await draftCourt(scene, { kind: 'session' });
        let evidence = beginCell().storeUint(0, 8).endCell();
        for (let i = 0; i < 7; i++) evidence = beginCell().storeUint(i, 8).storeRef(evidence).endCell();
        const result = await sendOpen({ ...court, evidence });
        expectRefused(result, court.dispute.address, ERR.ERR_TOO_LARGE);
    });

    it('is refused under terms without disputes', async () => {
        const plain = await createScene({
            nodes: 0,
            terms: {
                kinds: { vault: null, releaseDelay: 0, dispute: null, attestor: null, disputes: null },
            },
        });
        const { termsHash, termsCell: terms, registry } = plain.protocol;
        const subject = encodeJobSubject({
            accuser: plain.client.address,
            job: plain.keeper.address,
            claim: 1,
        });
        const openBefore = now(plain.blockchain) + DAY;
        const dispute = Dispute.fromIdentity({
            registry: registry.address,
            termsHash,
            subject: cellHash(subject),
            openBefore,
        });
        const body = disputeBodies.open({
            terms,
            subject,
            evidence: beginCell().storeUint(0, 256).endCell(),
        });
        const result = await plain.client.send({
            to: dispute.address,
            value: toNano('9'),
            init: dispute.init,
            body,
        });
        expectRefused(result, dispute.address, ERR.ERR_NO_DISPUTES);
    });
});

describe('a refusal', () => {
    it.each(kinds)('of a %s returns everything and lets the Dispute be opened again', async (kind) => {
        const court = await draftCourt(scene, { kind });
        const target = kind === 'job' ? court.target : court.node;
        const before = await scene.client.getBalance();
        const result = await refusedOpening(court, target);
        expect(result.transactions).toHaveTransaction({
            from: target,
            to: court.dispute.address,
            inMessageBounced: true,
        });
        expect(await isGone(court)).toBe(true);
        expect(before - (await scene.client.getBalance())).toBeLessThan(toNano('0.1'));
        await puppet(scene, target);
        await succeeds(court, sendOpen(court));
        expect((await stateOf(court)).phase).toBe('opening');
    });

    it('of the job’s node comes as a message of the job', async () => {
        const court = await opened(scene);
        const { held } = await stateOf(court);
        const result = await succeeds(court, speak(court, court.target, freezeRefused));
        expect(paidBetween(result, court.dispute.address, scene.client.address)).toBeGreaterThan(held);
        expect(await isGone(court)).toBe(true);
    });

    it('is believed of nobody else', async () => {
        const court = await opened(scene);
        expectRefused(await speak(court, court.node, freezeRefused), court.dispute.address, ERR.ERR_ACCESS);
        const session = await opened(scene, { kind: 'session' });
        expectRefused(
            await speak(session, session.node, freezeRefused),
            session.dispute.address,
            ERR.ERR_KIND,
        );
    });

    /** Nothing is there to ask: the network bounces. */
    async function refusedOpening(court: Court, target: typeof court.target) {
        const { blockchain } = scene;
        const { account } = await blockchain.getContract(target);
        await blockchain.setShardAccount(target, { ...account, account: null });
        return succeeds(court, sendOpen(court));
    }
});
