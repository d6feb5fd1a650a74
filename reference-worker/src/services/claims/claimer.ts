import { GetMethodError, messageFees, PayloadFetchError, type TraceNode, withMargin } from 'cocoon-sdk';
import { Job, type JobData, nodeBodies } from 'cocoon-wrappers';
import { type AnnouncedJob, journalledBody, NotSentError, parseJob } from '../../chain';
import { WorkerError } from '../../errors';
import { ACTIVE_STATES, type JobInput, type JobRecord } from '../../journal';
import { nodeCheck, walletCheck } from '../chain-service';
import { fetchInput, InputError, requestBytes } from '../inputs/fetch-input';
import { JobLoop } from '../job-loop';
import { secondsUntilPrice } from '../policy/price';
import { screen } from '../policy/screen';
import type { Throughput } from '../policy/throughput';
import type { Runtime } from '../runtime';
import { claimOutcome, PASSING_REFUSALS } from './outcome';

/** Locks that a Node can hold at once. */
const MAX_LOCKS = 64;
/** A refusal that passes is not asked again before this, milliseconds. */
const REFUSED_MS = 10_000;

/** Decides about announced jobs and claims those that are wanted: at most one claim of a job is ever under way. */
export class Claimer {
    readonly #runtime: Runtime;
    readonly #throughput: Throughput;
    /** Collateral of claims that are decided but not yet in the journal. */
    readonly #reserved = new Map<string, bigint>();

    constructor(runtime: Runtime, throughput: Throughput) {
        this.#runtime = runtime;
        this.#throughput = throughput;
    }

    service(): JobLoop {
        const { config, journal } = this.#runtime.context;
        const held = ACTIVE_STATES.filter((state) => state !== 'claiming');
        return new JobLoop(this.#runtime, {
            name: 'claimer',
            states: ['seen', 'claiming'],
            handle: (job, force) => this.#handle(job, force),
            room: (busy) => config.policy.maxConcurrentJobs - busy - journal.jobs.locked(held).count,
            drains: false,
            worksInDrain: false,
        });
    }

    async #handle(record: JobRecord, force: AbortSignal): Promise<void> {
        const { chain } = this.#runtime;
        if (record.state === 'claiming') {
            return this.#conclude(record, chain.outgoing.resume(record.job, 'claim'));
        }
        const job = parseJob(journalledBody(record.spec), chain.registry, chain.view.terms.served);
        if (!job) return this.#skip(record, 'terms_not_served');
        const screened = this.#screen(job, 0);
        if ('skip' in screened) return this.#skip(record, screened.skip);
        const obstacle = await this.#obstacle(record);
        if (obstacle) return this.#wait(record, obstacle);

        const data = await this.#read(job);
        if (data && (await this.#isOurs(data))) return this.#adopt(record, job, data, force);
        if (data?.status !== 'open') return this.#skip(record, data ? 'taken' : 'gone');
        if (data.specHash !== job.announcement.specHash) return this.#skip(record, 'spec_differs');
        if (chain.clock.now() > data.claimBy) return this.#skip(record, 'too_late');

        const input = await this.#input(record, job, force);
        if (!input) return;
        const wanted = this.#screen(job, requestBytes(input.batch, record.items));
        if ('skip' in wanted) return this.#skip(record, wanted.skip);
        const price = await this.#priceNow(job);
        const seconds = secondsUntilPrice(job.announcement.spec, price, wanted.minPrice);
        if (seconds === undefined) return this.#skip(record, 'price_too_low');
        if (seconds > 0) return this.#wait(record, 'price_rising', seconds * 1000);
        await this.#claim(record, job, wanted.minPrice);
    }

    #screen(job: AnnouncedJob, inputBytes: number) {
        const { chain, context } = this.#runtime;
        return screen({
            job,
            model: context.models.get(job.announcement.spec.modelId.toString(16).padStart(64, '0')),
            policy: context.config.policy,
            view: chain.view,
            nodeIndex: chain.node.index,
            throughput: this.#throughput,
            canPublish: context.config.results.publish !== undefined,
            inputBytes,
        });
    }

    /** Why nothing can be claimed at the moment. */
    async #obstacle(record: JobRecord): Promise<string | undefined> {
        const { context } = this.#runtime;
        if (!nodeCheck(this.#runtime).ok) return 'node_not_ready';
        if (!walletCheck(this.#runtime).ok) return 'wallet_unfunded';
        if (!(await context.models.get(record.modelId)!.engine.health()).ok) return 'engine_down';
        return undefined;
    }

    #read(job: AnnouncedJob): Promise<JobData | undefined> {
        const contract = this.#runtime.chain.rpc.open(Job.fromAddress(job.address));
        return contract.getJob().catch((error: unknown) => {
            // The account is gone, or was never there.
            if (error instanceof GetMethodError) return undefined;
            throw error;
        });
    }

    #priceNow(job: AnnouncedJob): Promise<bigint> {
        const { chain } = this.#runtime;
        return chain.rpc.open(Job.fromAddress(job.address)).getPriceAt(chain.clock.now());
    }

    async #isOurs({ status, nodeIndex }: JobData): Promise<boolean> {
        return status === 'claimed' && nodeIndex === this.#runtime.chain.node.index;
    }

    /** Fetches the input once; undefined when the job is skipped or tried later because of it. */
    async #input(record: JobRecord, job: AnnouncedJob, force: AbortSignal): Promise<JobInput | undefined> {
        const { chain, context } = this.#runtime;
        const known = context.journal.inputs.get(record.job);
        if (known) return known;
        try {
            const input = await fetchInput(chain, job, {
                allowPrivate: context.config.policy.acceptPrivateUris,
                signal: force,
            });
            context.journal.inputs.put(record.job, input);
            return input;
        } catch (error) {
            const permanent =
                error instanceof InputError ||
                (isPayloadError(error) && !(error instanceof PayloadFetchError && error.retryable));
            if (!permanent) throw error;
            this.#skip(record, (error as { code: string }).code);
            return undefined;
        }
    }

    async #claim(record: JobRecord, job: AnnouncedJob, minPrice: bigint): Promise<void> {
        const { chain, context } = this.#runtime;
        const { collateral } = job.announcement.spec;
        const locks = this.#locks();
        if (locks.count >= MAX_LOCKS) return this.#wait(record, 'locks_full');
        if (collateral > locks.free) return this.#wait(record, 'free_stake');
        this.#reserved.set(record.job, collateral);
        const outcome = chain.outgoing.send({
            job: record.job,
            purpose: 'claim',
            message: {
                to: chain.node.address,
                value: withMargin(messageFees.claim(chain.view.prices)),
                body: nodeBodies.claim({
                    job: job.identity,
                    bid: { specHash: job.announcement.specHash, collateral, minPrice },
                }),
            },
            record: () => {
                context.journal.jobs.transition(record.job, 'seen', 'claiming', { collateral, reason: null });
                this.#reserved.delete(record.job);
            },
        });
        await this.#conclude(record, outcome).finally(() => this.#reserved.delete(record.job));
    }

    /** What the node can still lock, by the chain and by what the journal knows that the chain does not show yet. */
    #locks(): { count: number; free: bigint } {
        const { chain, context } = this.#runtime;
        const { stake, locked, reserve, lockCount } = chain.view.node;
        const known = context.journal.jobs.locked([...ACTIVE_STATES, 'submitted']);
        const reserved = [...this.#reserved.values()].reduce((sum, amount) => sum + amount, 0n);
        const free = stake - reserve - reserved;
        return {
            count: Math.max(known.count, lockCount) + this.#reserved.size,
            free: known.collateral > locked ? free - known.collateral : free - locked,
        };
    }

    async #conclude(record: JobRecord, sent: Promise<TraceNode>): Promise<void> {
        const { journal, logger, metrics } = this.#runtime.context;
        let node: TraceNode;
        try {
            node = await sent;
        } catch (error) {
            if (!(error instanceof NotSentError)) throw error;
            metrics.claims.inc({ result: 'expired' });
            if (journal.jobs.get(record.job)?.state === 'claiming') {
                journal.jobs.transition(record.job, 'claiming', 'seen');
            }
            throw error;
        }
        // The claim may be over already: then the Node's own history has told how.
        if (journal.jobs.get(record.job)?.state !== 'claiming') return;
        const outcome = claimOutcome(node);
        if (outcome.kind === 'claimed') {
            metrics.claims.inc({ result: 'won' });
            this.#claimed(record, outcome);
            return;
        }
        metrics.claims.inc({ result: 'refused' });
        logger.info({ job: record.job, code: outcome.code }, 'the claim was refused');
        if (PASSING_REFUSALS.has(outcome.code)) {
            const retryAt = this.#runtime.context.now() + REFUSED_MS;
            journal.jobs.transition(record.job, 'claiming', 'seen', { reason: outcome.code, retryAt });
        } else {
            const reason = outcome.code === 'state' ? 'taken' : outcome.code;
            journal.finish(record.job, 'claiming', 'skipped', { reason });
        }
    }

    #claimed(
        record: JobRecord,
        { claim, price, deadline }: { claim: number; price: bigint; deadline: number },
    ) {
        const { journal, logger } = this.#runtime.context;
        const due = record.mode === 'direct' ? { executeBy: deadline } : { keyBy: deadline };
        journal.jobs.transition(record.job, 'claiming', 'claimed', {
            claimNumber: claim,
            price,
            retryAt: null,
            lastError: null,
            ...due,
        });
        logger.info({ job: record.job, claim, price: price.toString(), items: record.items }, 'job claimed');
    }

    /** A claim that the journal does not know, as after the loss of a journal: the stake is locked, so it is worked on. */
    async #adopt(record: JobRecord, job: AnnouncedJob, data: JobData, force: AbortSignal): Promise<void> {
        const { journal, logger } = this.#runtime.context;
        if (!(await this.#input(record, job, force))) return;
        logger.warn(
            { job: record.job },
            'the node holds a claim that the journal does not know; taking it up',
        );
        const { collateral } = job.announcement.spec;
        journal.transaction(() => {
            journal.jobs.transition(record.job, 'seen', 'claiming', { collateral });
            this.#claimed(record, { claim: data.claims, price: data.price, deadline: data.deadline });
            if (data.keyGiven) journal.jobs.update(record.job, { executeBy: data.deadline });
        });
    }

    #skip(record: JobRecord, reason: string): void {
        const { journal, logger } = this.#runtime.context;
        journal.finish(record.job, 'seen', 'skipped', { reason });
        logger.debug({ job: record.job, reason }, 'job left alone');
    }

    #wait(
        record: JobRecord,
        reason: string,
        ms = this.#runtime.context.config.network.pollSeconds * 1000,
    ): void {
        const { journal, now } = this.#runtime.context;
        journal.jobs.update(record.job, { reason, retryAt: now() + ms });
    }
}

function isPayloadError(error: unknown): boolean {
    const code = error instanceof WorkerError ? '' : (error as { code?: unknown } | null)?.code;
    return typeof code === 'string' && code.startsWith('payload_');
}
