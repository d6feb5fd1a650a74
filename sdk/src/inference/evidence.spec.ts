import { ask, nodeEntry, setup, textOf } from '../../tests/helpers/inference/setup';
import type { AnswerEvidence } from '../session';

const evidence = { task: 'chat' } as AnswerEvidence;

function asking() {
    const { inference, sessions } = setup({ nodes: [nodeEntry(1)] });
    sessions.scripts.set(nodeEntry(1).account, [{ deltas: [{ t: 'Hello' }], evidence }]);
    return { inference, sessions };
}

it('an answer has its evidence where it was to be kept', async () => {
    const { inference, sessions } = asking();
    const answer = await inference.run({ ...ask(), keepEvidence: true });
    expect(await textOf(answer)).toBe('Hello');
    expect(answer.evidence).toBe(evidence);
    expect((await answer.final).evidence).toBe(evidence);
    expect(sessions.requests[0]).toMatchObject({ keepEvidence: true });
});

it('nothing is kept without being asked for', async () => {
    const { inference } = asking();
    const answer = await inference.run(ask());
    await textOf(answer);
    expect(answer.evidence).toBeUndefined();
    expect('evidence' in (await answer.final)).toBe(false);
});
