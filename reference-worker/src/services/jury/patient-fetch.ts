import { type Clock, systemClock } from 'cocoon-sdk';
import { publicFetch } from '../inputs/public-fetch';

const WAITS_MS = [1_000, 4_000];

/**
 * A fetch that tries again: what a juror cannot get it calls absent, and that costs somebody money. One passing failure of its
 * own network must not.
 */
export function patientFetch(options: {
    /** For networks whose payloads lie at private addresses. */
    allowPrivate: boolean;
    clock?: Clock;
    fetch?: typeof fetch;
}): typeof fetch {
    const { clock = systemClock, allowPrivate } = options;
    const load = options.fetch ?? (allowPrivate ? fetch : publicFetch);
    return async (input, init) => {
        for (const wait of WAITS_MS) {
            try {
                const response = await load(input, init);
                if (response.status < 500) return response;
                await response.body?.cancel();
            } catch (error) {
                if (init?.signal?.aborted) throw error;
            }
            await clock.sleep(wait, init?.signal ?? undefined);
        }
        return load(input, init);
    };
}
