/** Waits until it is opened the next time. */
export class Gate {
    #open: (() => void) | undefined;
    #waiting: Promise<void> | undefined;

    wait(): Promise<void> {
        this.#waiting ??= new Promise((resolve) => {
            this.#open = resolve;
        });
        return this.#waiting;
    }

    open(): void {
        this.#open?.();
        this.#open = undefined;
        this.#waiting = undefined;
    }
}
