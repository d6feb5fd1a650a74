/** How fast models have answered lately, for telling whether a job fits its window. */
export class Throughput {
    readonly #seconds = new Map<string, number>();

    /** @param seconds engine time of one item. */
    record(modelId: string, seconds: number): void {
        const known = this.#seconds.get(modelId);
        this.#seconds.set(modelId, known === undefined ? seconds : 0.9 * known + 0.1 * seconds);
    }

    /** Seconds that `items` take with `capacity` at a time, with half as much again in reserve; 0 while unknown. */
    estimate(modelId: string, items: number, capacity: number): number {
        const each = this.#seconds.get(modelId) ?? 0;
        return 1.5 * each * Math.ceil(items / capacity);
    }
}
