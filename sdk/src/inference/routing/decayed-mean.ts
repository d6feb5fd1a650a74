/** Mean of samples whose weight halves every `halfLifeMs`; starts from a prior that counts as `priorWeight` samples. */
export class DecayedMean {
    private sum = 0;
    private weight = 0;
    private at = 0;

    constructor(
        private readonly prior: number,
        private readonly priorWeight: number,
        private readonly halfLifeMs: number,
    ) {}

    add(sample: number, now: number): void {
        this.decay(now);
        this.sum += sample;
        this.weight += 1;
    }

    mean(now: number): number {
        this.decay(now);
        return (this.sum + this.prior * this.priorWeight) / (this.weight + this.priorWeight);
    }

    /** How many samples there are, counting old ones less. */
    samples(now: number): number {
        this.decay(now);
        return this.weight;
    }

    private decay(now: number): void {
        const elapsed = now - this.at;
        if (elapsed <= 0) return;
        const factor = 2 ** (-elapsed / this.halfLifeMs);
        this.sum *= factor;
        this.weight *= factor;
        this.at = now;
    }
}
