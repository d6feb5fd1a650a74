import { readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Random } from '../../tests/invariants/random';
import { diffOf, type Mutant, mutantsOf } from './operators';
import { Worker } from './pool';
import { type Argued, readRegister, reasonOf } from './register';
import type { Result } from './report';
import { sourcesOf, specsOf } from './targets';

export interface HuntOptions {
    root: string;
    /** For what the processes write. */
    folder: string;
    targets: readonly string[];
    /** Only mutants of this file, or of one line of it: path:line. */
    file?: string;
    /** Only so many mutants of each target. */
    sample?: number;
    seed: number;
    workers: number;
    progress(text: string): void;
}

const LEAST_TIMEOUT_MS = 60_000;

export async function hunt(options: HuntOptions): Promise<Result[]> {
    const { root, folder, workers: count } = options;
    const workers = Array.from({ length: count }, (_, i) => new Worker(root, join(folder, String(i))));
    const stop = () => {
        for (const worker of workers) worker.close();
        rmSync(folder, { recursive: true, force: true });
    };
    process.once('SIGINT', () => process.exit(130));
    process.once('SIGTERM', () => process.exit(143)).once('exit', stop);
    const results: Result[] = [];
    try {
        const durations = await measured(root, options, workers);
        for (const target of options.targets) {
            results.push(...(await huntIn(target, workers, durations, options)));
        }
    } finally {
        stop();
    }
    return results;
}

type Durations = Record<string, number>;

/** Milliseconds of each spec on the contracts as they are. One that fails there would tell nothing of a mutant. */
async function measured(
    root: string,
    { targets, progress }: HuntOptions,
    workers: readonly Worker[],
): Promise<Durations> {
    const specs = [...new Set(targets.flatMap((target) => specsOf(root, target)))];
    progress(`running ${specs.length} spec files without any mutant`);
    const shares = workers.map((_, i) => specs.filter((_, place) => place % workers.length === i));
    const verdicts = await Promise.all(
        workers.map((worker, i) => worker.perform({ mutant: undefined, specs: shares[i]! }, 3_600_000)),
    );
    return Object.assign(
        {},
        ...verdicts.map((verdict) => {
            if (verdict.kind !== 'tested') throw new Error('The contracts as they are could not be tested.');
            if (verdict.killer)
                throw new Error(`${verdict.killer} fails without any mutant. Correct that first.`);
            return verdict.durations;
        }),
    );
}

async function huntIn(
    target: string,
    workers: readonly Worker[],
    durations: Durations,
    options: HuntOptions,
): Promise<Result[]> {
    const { root, progress } = options;
    const mutants = chosen(target, options);
    if (mutants.length === 0) return [];
    const specs = specsOf(root, target);
    const ranking = new Ranking(
        target,
        Object.fromEntries(specs.map((spec) => [spec, durations[spec] ?? 0])),
    );
    progress(
        `${target}: ${mutants.length} mutants, ${ranking.size} spec files, ${ranking.seconds} s for all of them`,
    );
    const register = readRegister(root);
    const results: Result[] = [];
    const queue = [...mutants];
    const work = async (worker: Worker) => {
        for (let mutant = queue.shift(); mutant; mutant = queue.shift()) {
            const result = await examine(mutant, worker, ranking, register, root);
            results.push(result);
            const { end, before, after, killer } = result;
            const place = `${mutant.file}:${mutant.line}`;
            progress(
                `${results.length}/${mutants.length} ${end} ${place} ${killer ?? `- ${before} + ${after}`}`,
            );
        }
    };
    await Promise.all(workers.map(work));
    return results;
}

function chosen(target: string, { root, file, sample, seed }: HuntOptions): Mutant[] {
    const [path, line] = file?.split(':') ?? [];
    const sources = sourcesOf(root, target).filter((one) => !path || one === path);
    const all = sources
        .flatMap((one) => mutantsOf(one, readFileSync(join(root, one), 'utf8')))
        .filter((mutant) => !line || mutant.line === Number(line));
    if (sample === undefined || sample >= all.length) return all;
    const random = new Random(seed);
    return Array.from({ length: sample }, () => all.splice(random.below(all.length), 1)[0]!);
}

async function examine(
    mutant: Mutant,
    worker: Worker,
    ranking: Ranking,
    register: readonly Argued[],
    root: string,
): Promise<Result> {
    const result = { mutant, ...diffOf(readFileSync(join(root, mutant.file), 'utf8'), mutant) };
    const verdict = await worker.perform({ mutant, specs: ranking.order(mutant) }, ranking.timeoutMs);
    if (verdict.kind === 'timeout') return { ...result, end: 'timeout' };
    if (verdict.kind !== 'tested') return { ...result, end: verdict.kind };
    if (verdict.killer) {
        ranking.killed(mutant, verdict.killer);
        return { ...result, end: 'killed', killer: verdict.killer };
    }
    const reason = reasonOf(register, { file: mutant.file, before: result.before, after: result.after });
    return reason ? { ...result, end: 'argued', reason } : { ...result, end: 'survived' };
}

/** Specs by what they are likely to kill in a second: first those that killed a neighbour, then those that kill much. */
class Ranking {
    private readonly kills = new Map<string, number>();
    private readonly kin = new Map<string, string>();

    constructor(
        private readonly target: string,
        private readonly durations: Durations,
    ) {}

    get size(): number {
        return Object.keys(this.durations).length;
    }

    get seconds(): number {
        return Math.round(Object.values(this.durations).reduce((sum, ms) => sum + ms, 0) / 1_000);
    }

    get timeoutMs(): number {
        return Math.max(LEAST_TIMEOUT_MS, 5_000 * this.seconds);
    }

    order(mutant: Mutant): string[] {
        const neighbour = this.kin.get(placeOf(mutant));
        const likely = (spec: string) =>
            (this.kills.get(spec) ?? 0) + (spec.startsWith(`tests/${this.target}/`) ? OWN_FOLDER : 1);
        const worth = (spec: string) =>
            (likely(spec) / (this.durations[spec]! + 500)) *
            (spec === neighbour ? SURE : sameName(spec, mutant.file) ? LIKELY : 1);
        return Object.keys(this.durations).sort((a, b) => worth(b) - worth(a));
    }

    killed(mutant: Mutant, spec: string): void {
        this.kills.set(spec, (this.kills.get(spec) ?? 0) + 1);
        this.kin.set(placeOf(mutant), spec);
    }
}

// What is known before anything was killed, as a factor of the likelihood.
const [OWN_FOLDER, LIKELY, SURE] = [4, 100, 10_000];

/** vouchers.tact is what vouchers.spec.ts is about. */
const sameName = (spec: string, file: string) => basename(spec, '.spec.ts') === basename(file, '.tact');

/** Mutants within a few lines of each other mostly die of the same spec. */
const placeOf = ({ file, line }: Mutant) => `${file}:${Math.floor(line / 8)}`;
