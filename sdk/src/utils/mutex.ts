/** Runs tasks one after another, in the order in which they arrived. */
export class Mutex {
    private tail: Promise<unknown> = Promise.resolve();

    /** Runs `task` when all earlier ones are over, however they ended. */
    run<T>(task: () => Promise<T>): Promise<T> {
        const result = this.tail.then(task, task);
        this.tail = result.catch(() => undefined);
        return result;
    }
}
