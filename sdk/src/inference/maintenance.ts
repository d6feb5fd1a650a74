/**
 * Runs a task at most once in a while, started by whoever comes by: a timer of its own would keep a program from ending.
 */
export class Maintenance {
    private lastAt: number;
    private running = false;

    constructor(
        private readonly task: () => Promise<void>,
        private readonly now: () => number,
        private readonly everyMs: number,
        private readonly onFailure: (error: unknown) => void,
    ) {
        this.lastAt = now();
    }

    due(): void {
        if (this.running || this.now() - this.lastAt < this.everyMs) return;
        this.running = true;
        this.task()
            .catch(this.onFailure)
            .finally(() => {
                this.running = false;
                this.lastAt = this.now();
            });
    }
}
