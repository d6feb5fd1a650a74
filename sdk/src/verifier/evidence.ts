/**
 * Evidence against a hypothesis, gathered place by place, in nats. At each place `add` takes the logarithm of a factor whose
 * expectation, given everything before, is at most 1 while the hypothesis holds. So each product is a supermartingale, and
 * so is their mean: by Ville's inequality it ever reaches 1/α with probability at most α, however long the answer is and
 * whatever decides where it ends.
 */
export class Evidence {
    readonly #sums: Float64Array;

    /** @param bets side by side: what finds small faults in long answers, and what finds large ones in short answers. */
    constructor(bets: number) {
        this.#sums = new Float64Array(bets);
    }

    /** @param logFactors of one place, one for each bet. */
    add(logFactors: readonly number[]): void {
        logFactors.forEach((value, index) => {
            this.#sums[index]! += value;
        });
    }

    /** Logarithm of the mean of all products. */
    get nats(): number {
        const highest = Math.max(...this.#sums);
        if (highest === Number.POSITIVE_INFINITY) return highest;
        const sum = this.#sums.reduce((total, value) => total + Math.exp(value - highest), 0);
        return highest + Math.log(sum / this.#sums.length);
    }
}

/**
 * A bet that values in 0 … 1 are larger than told. For such a value e^(sx) ≤ 1 + sx + x² (e^s − 1 − s).
 * @param mean and `square`: bounds of the expectation of the value and of its square.
 */
export function betOnSize(value: number, mean: number, square: number): (stake: number) => number {
    return (stake) => stake * value - Math.log1p(stake * mean + square * (Math.expm1(stake) - stake));
}

/**
 * A bet that an event is more (stake above 0) or less frequent than told.
 * @param low and `high`: bounds of its probability; the one that makes the bet a losing one counts.
 */
export function betOnEvent(happened: boolean, low: number, high: number): (stake: number) => number {
    return (stake) => (happened ? stake : 0) - Math.log1p((stake > 0 ? high : low) * Math.expm1(stake));
}

/**
 * A bet that a token was drawn from all the vocabulary alike, with probability `share`, and as told otherwise.
 * @param ratio of the two probabilities of that token.
 */
export function betOnSurprise(ratio: number): (share: number) => number {
    return (share) => Math.log(1 - share + share * ratio);
}
