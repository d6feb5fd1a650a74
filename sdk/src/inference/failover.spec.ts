import { captureError } from '../../tests/helpers/capture';
import { ask, MODEL, nodeEntry, setup, textOf } from '../../tests/helpers/inference/setup';
import {
    SessionFailedError,
    SessionRefusedError,
    SessionUnreachableError,
    SessionViolationError,
} from '../session';

const down = () => new SessionUnreachableError('down');
const refused = (
    code:
        | 'node_busy'
        | 'request_invalid'
        | 'context_too_long'
        | 'price_changed'
        | 'allocation_unknown'
        | 'model_unknown',
    extra = {},
) => new SessionRefusedError(code, 400, 'node', extra);
const accounts = [1, 2, 3].map((number) => nodeEntry(number).account);

describe('before the first token', () => {
    it('goes to the next node unnoticed', async () => {
        const { inference, sessions, events } = setup();
        for (const account of accounts.slice(0, 2)) sessions.scripts.set(account, [{ refuse: down() }]);
        for (let i = 0; i < 5; i++) {
            const answer = await inference.run(ask(`question ${i}`));
            expect(answer.node).toBe(accounts[2]);
            expect(await textOf(answer)).toBe('Hello there');
        }
        const failed = sessions.asked.filter((node) => node !== accounts[2]).length;
        expect(failed).toBeGreaterThan(0);
        expect(events.filter(({ type }) => type === 'failover')).toHaveLength(failed);
    });

    it('asks each node once and says why the last one failed', async () => {
        const { inference, sessions } = setup();
        for (const account of accounts) sessions.scripts.set(account, [{ refuse: down() }]);
        const error = await captureError(() => inference.run(ask()));
        expect(error).toMatchObject({ code: 'nodes_failed', details: { attempts: 3 } });
        expect(error.cause).toMatchObject({ code: 'session_unreachable' });
        expect([...sessions.asked].sort()).toEqual(accounts);
    });

    it('tries no more nodes than the policy allows', async () => {
        const { inference, sessions } = setup({ routing: { maxAttempts: 2 } });
        for (const account of accounts) sessions.scripts.set(account, [{ refuse: down() }]);
        await captureError(() => inference.run(ask()));
        expect(sessions.asked).toHaveLength(2);
    });

    it('says when all are busy and for how long, and asks none of them until then', async () => {
        const { inference, sessions, clock } = setup();
        for (const account of accounts)
            sessions.scripts.set(account, [{ refuse: refused('node_busy', { retryAfterSeconds: 7 }) }, {}]);
        expect(await captureError(() => inference.run(ask()))).toMatchObject({
            code: 'nodes_busy',
            retryAfterSeconds: 7,
        });
        const again = await captureError(() => inference.run(ask()));
        expect(again).toMatchObject({ code: 'nodes_busy' });
        expect(sessions.asked).toHaveLength(3);
        await clock.sleep(7_000);
        expect(await textOf(await inference.run(ask()))).toBe('Hello there');
    });

    it('gives up on a node that says nothing in time', async () => {
        const { inference, sessions } = setup({ routing: { firstTokenTimeoutMs: 1_000 } });
        for (const account of accounts) sessions.scripts.set(account, [{ silent: true }]);
        expect(await captureError(() => inference.run(ask()))).toMatchObject({ code: 'nodes_timeout' });
        expect(sessions.asked).toHaveLength(3);
    });

    it('does not ask others where the request is wrong', async () => {
        const { inference, sessions } = setup();
        for (const account of accounts)
            sessions.scripts.set(account, [{ refuse: refused('request_invalid') }]);
        expect(await captureError(() => inference.run(ask()))).toMatchObject({ code: 'invalid_value' });
        expect(sessions.asked).toHaveLength(1);
    });

    it('asks only nodes with a longer context after a prompt was too long', async () => {
        const nodes = [
            nodeEntry(1, { contextLength: 100 }),
            nodeEntry(2, { contextLength: 100 }),
            nodeEntry(3, { contextLength: 9_000, completionPrice: 9_000_000n }),
        ];
        const { inference, sessions } = setup({ nodes });
        for (const account of accounts.slice(0, 2))
            sessions.scripts.set(account, [{ refuse: refused('context_too_long') }]);
        expect((await inference.run(ask())).node).toBe(accounts[2]);
        expect(sessions.asked.length).toBeLessThanOrEqual(2);
        sessions.scripts.set(accounts[2] as string, [{ refuse: refused('context_too_long') }]);
        expect(await captureError(() => inference.run(ask()))).toMatchObject({
            code: 'context_length_exceeded',
        });
    });

    it('reads the offers again after a price changed, and asks the same node', async () => {
        const { inference, sessions, directory } = setup({ nodes: [nodeEntry(1)] });
        sessions.scripts.set(accounts[0] as string, [{ refuse: refused('price_changed') }, {}]);
        const first = inference.run(ask());
        directory.state = { ...directory.state, nodes: [nodeEntry(1, { completionPrice: 5_000_000n })] };
        expect((await first).node).toBe(accounts[0]);
        expect(sessions.requests.at(-1)?.prices.completion).toBe(5_000_000n);
    });

    it('waits for a node that does not see the new allocation yet', async () => {
        const { inference, sessions, clock } = setup({ nodes: [nodeEntry(1)] });
        const blind = { refuse: refused('allocation_unknown') };
        sessions.scripts.set(accounts[0] as string, [blind, blind, blind, {}]);
        const before = clock.now();
        expect((await inference.run(ask())).node).toBe(accounts[0]);
        expect(clock.now() - before).toBeGreaterThanOrEqual(3_000);
    });

    it('never asks again who lied', async () => {
        const { inference, sessions, events, clock } = setup({ nodes: [nodeEntry(1), nodeEntry(2)] });
        sessions.scripts.set(accounts[0] as string, [{ refuse: new SessionViolationError('price', 'lie') }]);
        for (let i = 0; i < 20; i++) {
            await textOf(await inference.run(ask(`question ${i}`)));
            await clock.sleep(60_000);
        }
        expect(sessions.asked.filter((node) => node === accounts[0]).length).toBeLessThanOrEqual(1);
        expect(sessions.asked.length).toBeGreaterThanOrEqual(20);
        const bans = events.filter(({ type }) => type === 'node_banned');
        expect(bans).toEqual([expect.objectContaining({ node: accounts[0], code: 'price' })]);
    });

    it('stops when the caller does', async () => {
        const { inference, sessions } = setup({ nodes: [nodeEntry(1)] });
        sessions.scripts.set(accounts[0] as string, [{ silent: true }]);
        const controller = new AbortController();
        const running = captureError(() => inference.run({ ...ask(), signal: controller.signal }));
        await new Promise((resolve) => setImmediate(resolve));
        controller.abort();
        expect(await running).toMatchObject({ code: 'operation_aborted' });
        expect(
            await captureError(() => inference.run({ ...ask(), signal: controller.signal })),
        ).toMatchObject({ code: 'operation_aborted' });
    });
});

describe('after the first token', () => {
    it('passes the error on with what was delivered and paid, and asks nobody else', async () => {
        const { inference, sessions } = setup();
        const fail = new SessionFailedError('engine_failed');
        for (const account of accounts)
            sessions.scripts.set(account, [{ deltas: [{ t: 'a' }, { t: 'b' }], fail, price: 40n }]);
        const answer = await inference.run(ask());
        const error = await captureError(() => textOf(answer));
        expect(error).toMatchObject({
            code: 'answer_interrupted',
            price: 40n,
            node: answer.node,
            usage: { promptTokens: 5, cachedTokens: 2, completionTokens: 2 },
        });
        expect(error.cause).toBe(fail);
        expect(await captureError(() => answer.final)).toMatchObject({ code: 'answer_interrupted' });
        expect(sessions.asked).toHaveLength(1);
    });

    it('bans a node that lies in the middle', async () => {
        const { inference, sessions } = setup({ nodes: [nodeEntry(1)] });
        sessions.scripts.set(accounts[0] as string, [
            { deltas: [{ t: 'a' }], fail: new SessionViolationError('response_hash', 'lie') },
        ]);
        const answer = await inference.run(ask());
        expect(await captureError(() => textOf(answer))).toMatchObject({ code: 'answer_interrupted' });
        expect(await captureError(() => inference.run(ask()))).toMatchObject({ code: 'no_node' });
    });

    it('ends the request of a caller that leaves, without a mark against the node', async () => {
        const { inference, events } = setup({ nodes: [nodeEntry(1)] });
        for (let i = 0; i < 5; i++) {
            for await (const _ of await inference.run(ask())) break;
        }
        expect(events.filter(({ type }) => type === 'interrupted')).toHaveLength(5);
        expect(await textOf(await inference.run(ask()))).toBe('Hello there');
        await inference.close();
    });

    it('tells usage, price, seed and node of a whole answer', async () => {
        const { inference } = setup();
        const answer = await inference.run(ask());
        await textOf(answer);
        expect(await answer.final).toEqual({
            finish: 'stop',
            usage: { promptTokens: 5, cachedTokens: 2, completionTokens: 2 },
            price: 1_000n,
            seed: 7,
            node: answer.node,
        });
    });
});

describe('limits', () => {
    it.each(['unknown', 'ff'.repeat(32)])('knows no model %s', async (model) => {
        const { inference } = setup();
        expect(await captureError(() => inference.run({ ...ask(), model }))).toMatchObject({
            code: 'model_not_found',
        });
    });

    it('takes the model id for the name', async () => {
        const { inference } = setup();
        const answer = await inference.run({ ...ask(), model: (77).toString(16).padStart(64, '0') });
        expect(answer.model.name).toBe(MODEL);
    });

    it('ends an answer before it costs more than maxCost', async () => {
        const { inference, sessions } = setup();
        await inference.run({ ...ask(), maxCost: 2_000n });
        const limit = sessions.requests[0]?.maxCompletionTokens ?? 0;
        // 2 nanoTON a token, less what the longest prompt could cost.
        expect(limit).toBeGreaterThan(300);
        expect(limit).toBeLessThan(1_000);
    });

    it('refuses a limit of tokens that could cost more than maxCost', async () => {
        const { inference, sessions } = setup();
        const error = await captureError(() =>
            inference.run({ ...ask('Hi', { max_tokens: 1_000 }), maxCost: 2_000n }),
        );
        expect(error).toMatchObject({ code: 'cost_limit', details: { maxCost: 2_000n } });
        expect(sessions.asked).toHaveLength(0);
        await inference.run({ ...ask('Hi', { max_tokens: 300 }), maxCost: 2_000n });
    });

    it('refuses more tokens than any context holds', async () => {
        const { inference } = setup();
        const error = await captureError(() => inference.run(ask('Hi', { max_completion_tokens: 5_000 })));
        expect(error).toMatchObject({ code: 'context_length_exceeded', details: { contextLength: 4_096 } });
    });

    it('goes on with what it knows while the chain cannot be read, and says so where it knows nothing', async () => {
        const { inference, directory, clock, chain } = setup();
        directory.error = new Error('down');
        expect(await captureError(() => inference.run(ask()))).toMatchObject({ code: 'nodes_unknown' });
        directory.error = undefined;
        await textOf(await inference.run(ask()));
        directory.error = new Error('down');
        chain.reachable = false;
        for (let minute = 0; minute < 10; minute++) {
            await clock.sleep(60_000);
            expect(await textOf(await inference.run(ask()))).toBe('Hello there');
        }
        expect(directory.reads).toBeGreaterThan(5);
    });

    it('is of no use after close', async () => {
        const { inference } = setup();
        await inference.close();
        expect(await captureError(() => inference.run(ask()))).toMatchObject({ code: 'inference_closed' });
    });
});
