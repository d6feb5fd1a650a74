import { randomInt } from 'node:crypto';

/** Probabilities that one answer may cost the verifier to look at: about a second's worth. */
const MAX_PROBABILITIES = 2 ** 23;
/** Below this an answer could not be judged. */
const MIN_PLACES = 48;

/**
 * The places of an answer that are looked at: all, or as many by chance as a large vocabulary leaves time for. They never
 * depend on what is claimed there, which keeps the tests' bound.
 * @param random integer below a bound; injected by tests.
 */
export function choosePlaces(
    length: number,
    vocabulary: number,
    random: (below: number) => number = randomInt,
): Set<number> {
    const wanted = Math.max(MIN_PLACES, Math.floor(MAX_PROBABILITIES / vocabulary));
    const places = Array.from({ length }, (_, place) => place);
    if (length <= wanted) return new Set(places);
    for (let index = 0; index < wanted; index++) {
        const other = index + random(length - index);
        [places[index], places[other]] = [places[other]!, places[index]!];
    }
    return new Set(places.slice(0, wanted));
}
