import type { Journal } from '../../journal';
import { ProgressVault } from './vault';

/** Finished items are written together this often, milliseconds: each write waits for the disk, and so would the engine. */
const WRITE_MS = 1_000;

/** What of a job is done already, across restarts. A crash loses the items of the last second, which are computed again. */
export class Progress {
    readonly #journal: Journal;
    readonly #job: string;
    readonly #vault: ProgressVault;
    readonly #unwritten = new Map<number, Buffer>();
    #timer: NodeJS.Timeout | undefined;

    constructor(journal: Journal, encryptionSecret: Uint8Array, job: string, claim: number) {
        this.#journal = journal;
        this.#job = job;
        this.#vault = new ProgressVault(encryptionSecret, job, claim);
    }

    /** Results that an earlier run has finished, by item number. */
    load(): Map<number, Uint8Array> {
        const finished = new Map<number, Uint8Array>();
        for (const [item, sealed] of this.#journal.progress.all(this.#job)) {
            const result = this.#vault.open(item, sealed);
            if (result) finished.set(item, result);
        }
        return finished;
    }

    keep(item: number, result: Uint8Array): void {
        this.#unwritten.set(item, this.#vault.seal(item, result));
        this.#timer ??= setTimeout(() => this.#write(), WRITE_MS);
    }

    /** Makes what is still unwritten durable; `discard` where the whole result follows anyway. */
    close({ discard }: { discard: boolean }): void {
        if (discard) this.#unwritten.clear();
        this.#write();
    }

    #write(): void {
        clearTimeout(this.#timer);
        this.#timer = undefined;
        // A job that has ended meanwhile has no use for it.
        if (this.#unwritten.size === 0 || this.#journal.jobs.get(this.#job)?.state !== 'executing') return;
        this.#journal.transaction(() => {
            for (const [item, sealed] of this.#unwritten) this.#journal.progress.put(this.#job, item, sealed);
        });
        this.#unwritten.clear();
    }
}
