/** Counts what runs, and tells when nothing does. */
export class Activity {
    private running = 0;
    private waiting: (() => void)[] = [];

    changed(change: 1 | -1): void {
        this.running += change;
        if (this.running === 0) for (const wake of this.waiting.splice(0)) wake();
    }

    async idle(): Promise<void> {
        if (this.running > 0) await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
}
