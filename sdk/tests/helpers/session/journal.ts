/** Sealed frames of one answer as they come, for any number of readers. */
export class Recording {
    readonly frames: Uint8Array[] = [];
    private ended = false;
    private waiting: (() => void)[] = [];

    constructor(readonly request: Uint8Array) {}

    add(frame: Uint8Array): void {
        this.frames.push(frame);
        this.wake();
    }

    end(): void {
        this.ended = true;
        this.wake();
    }

    async *read(): AsyncGenerator<Uint8Array, void, undefined> {
        for (let index = 0; ; index++) {
            while (index >= this.frames.length && !this.ended) {
                await new Promise<void>((resolve) => this.waiting.push(resolve));
            }
            if (index >= this.frames.length) return;
            yield this.frames[index]!;
        }
    }

    private wake(): void {
        for (const wake of this.waiting.splice(0)) wake();
    }
}
