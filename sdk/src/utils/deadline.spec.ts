import { getEventListeners } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { StepClock } from '../../tests/helpers/step-clock';
import { type Clock, Deadline, unlessAborted } from '.';

/** Everything that was begun and is neither over nor stopped, of a clock with timers of its own. */
class TimerClock implements Clock {
    readonly pending = new Set<() => void>();
    now = () => 0;
    sleep = () => Promise.reject(new Error('asked to sleep'));

    timer(_ms: number, onTime: () => void): () => void {
        this.pending.add(onTime);
        return () => void this.pending.delete(onTime);
    }
}

const listeners = (signal: AbortSignal) => getEventListeners(signal, 'abort').length;
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('Deadline', () => {
    it('fires with its source and its reason', () => {
        const source = new AbortController();
        const [ended, released] = [
            new Deadline(60_000, { source: source.signal }),
            new Deadline(60_000, { source: source.signal }),
        ];
        released.release();
        source.abort(new Error('enough'));
        expect([ended.signal.aborted, ended.timedOut, released.signal.aborted]).toEqual([true, false, false]);
        expect(ended.signal.reason).toEqual(new Error('enough'));
        ended.release();
    });

    it('fires at once when its source already has, and leaves no timer', () => {
        const clock = new TimerClock();
        const deadline = new Deadline(60_000, { source: AbortSignal.abort(), clock });
        expect([deadline.signal.aborted, deadline.timedOut]).toEqual([true, false]);
        expect(clock.pending.size).toBe(0);
    });

    it('fires when its time is over, on a clock that is given', async () => {
        const clock = new StepClock();
        const deadline = new Deadline(5_000, { clock });
        clock.pass(4_999);
        await turn();
        expect(deadline.signal.aborted).toBe(false);
        clock.pass(1);
        await turn();
        expect([deadline.signal.aborted, deadline.timedOut]).toEqual([true, true]);
        expect(deadline.signal.reason).toMatchObject({
            name: 'TimeoutError',
            message: 'Nothing came in 5000 ms.',
        });
    });

    it('fires when its time is over, on the machine’s clock', () => {
        jest.useFakeTimers();
        try {
            const deadline = new Deadline(50);
            jest.advanceTimersByTime(49);
            expect(deadline.signal.aborted).toBe(false);
            jest.advanceTimersByTime(1);
            expect([deadline.signal.aborted, deadline.timedOut]).toEqual([true, true]);
        } finally {
            jest.useRealTimers();
        }
    });

    it('once met, fires with its source only', async () => {
        const source = new AbortController();
        const clock = new StepClock();
        const deadline = new Deadline(5_000, { source: source.signal, clock });
        deadline.met();
        clock.pass(10_000);
        await turn();
        expect(deadline.signal.aborted).toBe(false);
        source.abort();
        expect([deadline.signal.aborted, deadline.timedOut]).toEqual([true, false]);
    });

    it('is met in the turn in which its time ends, and does not fire', async () => {
        const clock = new StepClock();
        const deadline = new Deadline(5_000, { clock });
        clock.pass(5_000);
        deadline.met();
        await turn();
        expect(deadline.signal.aborted).toBe(false);
    });

    it('that its source ended is not told to have timed out', async () => {
        const source = new AbortController();
        const clock = new StepClock();
        const deadline = new Deadline(5_000, { source: source.signal, clock });
        source.abort();
        clock.pass(5_000);
        await turn();
        expect(deadline.timedOut).toBe(false);
    });

    it('has one listener on its source, with all others, and leaves no timer', () => {
        const source = new AbortController();
        const clock = new TimerClock();
        const deadlines = Array.from(
            { length: 50 },
            () => new Deadline(60_000, { source: source.signal, clock }),
        );
        expect([listeners(source.signal), clock.pending.size]).toEqual([1, 50]);
        for (const deadline of deadlines) deadline.release();
        expect([listeners(source.signal), clock.pending.size]).toEqual([1, 0]);
        source.abort();
        expect(listeners(source.signal)).toBe(0);
    });

    it('is not held by a source that outlives it', async () => {
        const source = new AbortController();
        const refs = Array.from({ length: 100 }, () => {
            const deadline = new Deadline(60_000, { source: source.signal });
            deadline.release();
            return new WeakRef(deadline);
        });
        expect(await alive(refs)).toBe(0);
        source.abort();
    });
});

describe('unlessAborted', () => {
    it('gives what comes first', async () => {
        const source = new AbortController();
        const reason = () => new Error('left');
        const never = new Promise<never>(() => {});
        await expect(unlessAborted(Promise.resolve(1), source.signal, reason)).resolves.toBe(1);
        await expect(unlessAborted(Promise.reject(new Error('own')), source.signal, reason)).rejects.toThrow(
            'own',
        );
        const waiting = unlessAborted(never, source.signal, reason);
        source.abort();
        await expect(waiting).rejects.toThrow('left');
        await expect(unlessAborted(never, source.signal, reason)).rejects.toThrow('left');
    });

    it('leaves nothing on a signal that outlives it', async () => {
        const source = new AbortController();
        const refs = await Promise.all(
            Array.from({ length: 100 }, async () => {
                const result = {};
                const reason = () => new Error(String(result));
                await unlessAborted(Promise.resolve(), source.signal, reason);
                return new WeakRef(result);
            }),
        );
        expect(listeners(source.signal)).toBe(1);
        expect(await alive(refs)).toBe(0);
        source.abort();
    });
});

/** How many are left after the garbage was collected. */
async function alive(refs: readonly WeakRef<object>[]): Promise<number> {
    // What a turn has made or looked at is kept until its end.
    await turn();
    setFlagsFromString('--expose-gc');
    (runInNewContext('gc') as () => void)();
    return refs.filter((ref) => ref.deref() !== undefined).length;
}
