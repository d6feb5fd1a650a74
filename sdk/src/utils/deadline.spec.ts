import { getEventListeners } from 'node:events';
import { Deadline } from './deadline';

describe('Deadline', () => {
    it('fires with its source, which has one listener for all of them', () => {
        const source = new AbortController();
        const [ended, released] = [new Deadline(60_000, source.signal), new Deadline(60_000, source.signal)];
        expect(getEventListeners(source.signal, 'abort')).toHaveLength(1);
        released.release();
        source.abort(new Error('enough'));
        expect([ended.signal.aborted, ended.timedOut, released.signal.aborted]).toEqual([true, false, false]);
        expect(ended.signal.reason).toEqual(new Error('enough'));
        ended.release();
        expect(getEventListeners(source.signal, 'abort')).toHaveLength(0);
    });

    it('fires at once when its source already has', () => {
        const deadline = new Deadline(60_000, AbortSignal.abort());
        deadline.release();
        expect(deadline.signal.aborted).toBe(true);
    });

    it('fires when its time is over', () => {
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
});
