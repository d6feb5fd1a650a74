import { captureError } from '../../../tests/helpers/capture';
import type { Lies } from '../../../tests/helpers/session/scripted-node';
import { ask, CHUNK, setup, tokens } from '../../../tests/helpers/session/setup';
import { type AnswerEvidence, AnswerRecorder, MAX_DISCLOSED_BYTES } from './answer-evidence';
import { SessionClient } from './session-client';

/** A client that keeps the evidence of all answers. */
function keeping(put: (evidence: AnswerEvidence) => void | Promise<void>, lies?: Lies) {
    const { transport, clock, newChannel } = setup({ script: tokens(40), lies });
    const client = new SessionClient({
        transport,
        clock,
        answers: { put },
        patience: { silenceMs: 60_000 },
    });
    return client.request(newChannel(), ask());
}

it('evidence is kept once, before the end of the answer is told', async () => {
    const kept: AnswerEvidence[] = [];
    let done = false;
    const answer = await keeping(async (evidence) => {
        await Promise.resolve();
        expect(done).toBe(false);
        kept.push(evidence);
    });
    void answer.final.then(() => {
        done = true;
    });
    const { result } = await answer.collect();
    expect(kept).toEqual([result.evidence]);
});

it('evidence is kept of an answer that is left, as far as it is signed for', async () => {
    const kept: AnswerEvidence[] = [];
    const answer = await keeping((evidence) => void kept.push(evidence));
    let read = 0;
    for await (const _ of answer) if (++read === 2 * CHUNK + 1) break;
    await answer.final.catch(() => undefined);
    expect(kept.map(({ receipt, deltas }) => [receipt.chunk, deltas!.length])).toEqual([[2, 2 * CHUNK]]);
});

it('nothing is kept of an answer without a receipt', async () => {
    const kept: AnswerEvidence[] = [];
    const answer = await keeping((evidence) => void kept.push(evidence));
    for await (const _ of answer) break;
    await answer.final.catch(() => undefined);
    expect(kept).toEqual([]);
});

it('a store that fails is told, where nothing else is wrong', async () => {
    const broken = () => Promise.reject(new Error('disk full'));
    const answer = await keeping(broken);
    const error = await captureError(() => answer.collect());
    expect([error.code, (error.cause as Error).message]).toEqual(['evidence_store_failed', 'disk full']);
    expect((await captureError(() => answer.final)).code).toBe('evidence_store_failed');
    const failing = await keeping(broken, { failAfter: CHUNK + 1 });
    expect((await captureError(() => failing.collect())).code).toBe('session_failed');
});

it('holds no more than can be disclosed, and goes back to no delta that was left out', () => {
    const about = {} as never;
    const recorder = new AnswerRecorder(about);
    const receipt = { chunk: 1 } as never;
    expect(recorder.evidence).toBeUndefined();
    recorder.add(new Uint8Array(MAX_DISCLOSED_BYTES - 4));
    recorder.take(receipt);
    expect(recorder.evidence?.deltas).toHaveLength(1);
    recorder.add(new Uint8Array(1));
    expect(recorder.evidence?.deltas).toHaveLength(1);
    recorder.take(receipt);
    expect(recorder.evidence?.deltas).toBeNull();
    recorder.add(new Uint8Array(0));
    recorder.take(receipt);
    expect(recorder.evidence?.deltas).toBeNull();
});
