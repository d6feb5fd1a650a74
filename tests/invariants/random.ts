/** Seeded generator (mulberry32): the same seed gives the same sequence on every machine. */
export class Random {
    constructor(private state: number) {}

    /** Integer in 0 … 2³² − 1. */
    next(): number {
        this.state = (this.state + 0x6d2b79f5) | 0;
        let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
        mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
        return (mixed ^ (mixed >>> 14)) >>> 0;
    }

    /** Integer in 0 … bound − 1. */
    below(bound: number): number {
        return this.next() % bound;
    }

    chance(percent: number): boolean {
        return this.below(100) < percent;
    }

    pick<T>(choices: readonly T[]): T {
        const choice = choices[this.below(choices.length)];
        if (choice === undefined) throw new Error('There is nothing to pick from.');
        return choice;
    }
}
