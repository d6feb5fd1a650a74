/** Room per minute that refills evenly. Debts are allowed: what an answer took is known only afterwards. */
export class Bucket {
    #level: number;
    #at: number;

    constructor(
        readonly perMinute: number,
        now: number,
    ) {
        this.#level = perMinute;
        this.#at = now;
    }

    /** What is there now. */
    level(now: number): number {
        this.#level = Math.min(this.perMinute, this.#level + ((now - this.#at) / 60_000) * this.perMinute);
        this.#at = now;
        return this.#level;
    }

    take(amount: number, now: number): void {
        this.#level = this.level(now) - amount;
    }

    /** Seconds until `amount` is there; 0 if it is. */
    secondsUntil(amount: number, now: number): number {
        const missing = amount - this.level(now);
        return missing <= 0 ? 0 : (missing / this.perMinute) * 60;
    }
}
