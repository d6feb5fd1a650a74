import { type Address, beginCell, type Cell } from '@ton/core';
import { internal, type SmartContractSnapshot } from '@ton/sandbox';
import { disputeBodies, VOTE } from 'cocoon-wrappers';
import { storeBusy, storeConvicted, storeFreezeRefused } from '../../build/Dispute/Dispute_Dispute';
import { advance, now } from '../helpers/blockchain';
import {
    accusedBody,
    answerBody,
    type Court,
    draftCourt,
    itemBody,
    openBody,
    PATIENCE,
    PHASES,
    play,
    requestBody,
    revealBody,
    seatBody,
    sendResolve,
    speak,
    succeeds,
} from '../helpers/court';
import { createScene, type Scene } from '../helpers/scene';
import { beforeAndAfter, readStateTables, refusal } from '../helpers/state-table';
import { DAY } from '../helpers/terms';

const STATES = [
    'unopened',
    'opening',
    'busy',
    'disclosing',
    'answering',
    'seating',
    'revealing',
    'resolved',
] as const;
type State = (typeof STATES)[number];

const FIVE = Array.from({ length: 5 }, () => VOTE.client);

let scene: Scene;
/** Of a session until the word of its node, of a job from then on. */
const moments = new Map<
    string,
    { court: Court; account: SmartContractSnapshot; time: number; data: string }
>();

const busy = () =>
    beginCell()
        .store(storeBusy({ $$type: 'Busy', queryId: 0n, busyUntil: BigInt(now(scene.blockchain) + 500) }))
        .endCell();

/** Makes a dispute in each state, and goes on until its deadline and openBefore have passed, but not the hard end. */
beforeAll(async () => {
    scene = await createScene({ nodes: 0 });
    const openBefore = now(scene.blockchain) + DAY;
    const remember = async (state: State, court: Court) => {
        const account = (await scene.blockchain.getContract(court.dispute.address)).snapshot();
        const moment = { court, account, data: await fingerprint(court) };
        moments.set(`${state} before`, { ...moment, time: now(scene.blockchain) });
        moments.set(`${state} after`, { ...moment, time: now(scene.blockchain) + 3 * DAY });
    };
    const session = await draftCourt(scene, { kind: 'session', openBefore });
    const { address, init } = session.dispute;
    await scene.stranger.send({ to: address, init, value: 50_000_000n, bounce: false });
    await remember('unopened', session);
    await play(session, 'opened');
    await remember('opening', session);
    await succeeds(session, speak(session, session.node, busy()));
    await remember('busy', session);

    const job = await draftCourt(scene, { openBefore });
    await play(job, 'confirmed', FIVE);
    await remember('disclosing', job);
    await play(job, 'disclosed', FIVE, 'disclosed');
    await remember('answering', job);
    await play(job, 'seating', FIVE, 'seating');
    advance(scene.blockchain, PATIENCE);
    await remember('seating', job);
    await play(job, 'revealing', FIVE, PHASES[4]);
    await remember('revealing', job);
    const over = await play(
        await draftCourt(scene, { claim: 3, openBefore: openBefore + DAY }),
        'revealed',
        FIVE,
    );
    await succeeds(over, sendResolve(over));
    await remember('resolved', over);
});

const senders: Record<string, (court: Court) => Address> = {
    accuser: () => scene.client.address,
    'accused node': ({ node }) => node,
    'accused’s operator': ({ operator }) => operator.address,
    'juror’s node': ({ jurors }) => jurors[0]!.node,
    'juror’s operator': ({ jurors }) => jurors[0]!.operator.address,
    stranger: () => scene.stranger.address,
};

const messages: Record<string, (court: Court) => Cell> = {
    OpenDispute: openBody,
    Retry: ({ evidence }) => disputeBodies.retry({ evidence }),
    Accused: (court) => accusedBody(court),
    Busy: () => busy(),
    Convicted: () =>
        beginCell()
            .store(storeConvicted({ $$type: 'Convicted', queryId: 0n, amount: 1n }))
            .endCell(),
    FreezeRefused: () =>
        beginCell()
            .store(storeFreezeRefused({ $$type: 'FreezeRefused', queryId: 0n }))
            .endCell(),
    DiscloseItem: (court) => itemBody(court),
    DiscloseRequest: requestBody,
    AnswerItem: answerBody,
    Seat: (court) => seatBody(court, court.jurors[0]!),
    Reveal: ({ jurors }) => revealBody(jurors[0]!, VOTE.client),
    Resolve: () => disputeBodies.resolve(),
    DestroyDispute: () => disputeBodies.destroy(),
    'anything else': () => beginCell().storeUint(0x0c0c07ff, 32).storeUint(0, 64).endCell(),
};

async function fingerprint({ dispute }: Court): Promise<string> {
    const state = (await scene.blockchain.getContract(dispute.address)).accountState;
    return state?.type === 'active' ? `${state.state.data?.hash().toString('hex')}` : 'gone';
}

async function stateNow(court: Court): Promise<string> {
    if ((await fingerprint(court)) === 'gone') return 'gone';
    return (await court.dispute.getDispute())?.phase ?? 'unopened';
}

/** What one message does in one state: the state after it, or the name of the error. */
async function outcome(message: string, sender: string, when: string): Promise<string> {
    const { court, account, time, data } = moments.get(when)!;
    const contract = await scene.blockchain.getContract(court.dispute.address);
    contract.loadFrom(account);
    scene.blockchain.now = time;
    const transaction = await contract.receiveMessage(
        internal({
            from: senders[sender]!(court),
            to: court.dispute.address,
            value: 9_000_000_000n,
            body: messages[message]!(court),
        }),
        { now: time },
    );
    const refused = refusal(transaction);
    if (refused === undefined) return `→ ${await stateNow(court)}`;
    expect(await fingerprint(court)).toBe(data); // a refused message changes nothing
    return refused;
}

const documented = readStateTables('dispute-states.md');

it('documents every message', () => {
    expect([...documented.keys()]).toEqual(Object.keys(messages));
});

it.each(Object.keys(messages))(
    '%s does in every state, from everyone, what the document says',
    async (message) => {
        const rows = new Map<string, string[]>();
        for (const sender of Object.keys(senders)) {
            const cells: string[] = [];
            for (const state of STATES) {
                const before = await outcome(message, sender, `${state} before`);
                cells.push(beforeAndAfter(before, await outcome(message, sender, `${state} after`)));
            }
            rows.set(sender, cells);
        }
        expect(documented.get(message)).toEqual(rows);
    },
);
