import type { JurorConfig } from '../../config';
import type { DisputeRecord } from '../../journal';
import type { Runtime } from '../runtime';
import { DisputeLoop, type Look } from './loop';
import type { JudgedModel } from './models';
import { readDispute } from './read';
import { Resolver } from './resolve';
import { Revealer } from './reveal';
import { Seater } from './seat';

/** Judges disputes over models that the node offers: seat with its sealed vote, reveal, and the steps that anyone may take. */
export class Juror {
    readonly #runtime: Runtime;
    readonly #pollSeconds: number;
    readonly #resolver: Resolver;
    readonly #seater: Seater;
    readonly #revealer: Revealer;

    constructor(runtime: Runtime, config: JurorConfig, models: ReadonlyMap<string, JudgedModel>) {
        this.#runtime = runtime;
        this.#pollSeconds = config.pollSeconds;
        this.#resolver = new Resolver(runtime, 2 * config.pollSeconds);
        this.#seater = new Seater(runtime, config, models);
        this.#revealer = new Revealer(runtime);
    }

    service(): DisputeLoop {
        return new DisputeLoop(this.#runtime, {
            name: 'juror',
            role: 'juror',
            handle: (record, signal) => this.#handle(record, signal),
        });
    }

    async #handle(record: DisputeRecord, signal: AbortSignal): Promise<Look> {
        const { chain } = this.#runtime;
        const info = await readDispute(this.#runtime, record);
        if (info === null || info.phase === 'resolved') return this.#over(record, info?.outcome ?? 'gone');
        const nextLook = chain.clock.now() + this.#pollSeconds;
        const resolveAt = await this.#resolver.handle(info);
        if (resolveAt !== undefined) return { nextAt: Math.min(resolveAt, nextLook) };
        if (info.phase === 'revealing') await this.#revealer.handle(info);
        if (info.phase !== 'seating') return { nextAt: nextLook };
        const seating = await this.#seater.handle(info, record.attempts, signal);
        if (seating.wish === 'never') return this.#over(record, seating.reason);
        return { nextAt: seating.wish === 'at' ? Math.min(seating.at, nextLook) : nextLook };
    }

    /** Salts are of no more use. */
    async #over({ dispute }: DisputeRecord, outcome: string): Promise<Look> {
        const { votes } = this.#runtime.context.journal;
        this.#resolver.forget(dispute);
        this.#seater.forget(dispute);
        for (const vote of await votes.list()) if (vote.dispute === dispute) await votes.delete(vote);
        return { over: outcome };
    }
}
