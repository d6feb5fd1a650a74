import {
    decodeEnvelope,
    decodeRequestContent,
    type EnvelopeHeader,
    type EnvelopeKind,
    type EnvelopeOpener,
    type OpenedEnvelope,
    SessionFormatError,
} from 'cocoon-sdk';
import { type Access, type Granted, released } from './access';
import type { Allocation } from './allocation';
import { sealed } from './answers';
import type { SessionEnvironment } from './environment';
import type { Ledger } from './ledger';
import { Refused } from './refused';
import { firstDemand, Running } from './running';
import type { UsedSequence } from './sequence-window';
import type { SessionAnswer, SessionCall } from './types';
import { readWork, type Work } from './work';

export interface RequestsOptions {
    env: SessionEnvironment;
    access: Access;
    ledger: Ledger;
    opener: EnvelopeOpener;
    /** No new work is taken. */
    isDraining: () => boolean;
}

/** Answers `POST /cocoon/v1/requests`: everything that must hold before an engine works, cheapest first. */
export class Requests {
    readonly #options: RequestsOptions;
    readonly #running = new Set<Running>();

    constructor(options: RequestsOptions) {
        this.#options = options;
    }

    get running(): ReadonlySet<Running> {
        return this.#running;
    }

    async handle({ body, signal }: SessionCall, calledAt: number): Promise<SessionAnswer> {
        const { env, access, ledger, opener } = this.#options;
        const { header } = decodeKind(body, 'request');
        const digest = env.primitives.sha256(body);
        const known = ledger.find(access.keyOf(header));
        const used = known?.window.get(header.sequence);
        if (used) return this.#again(used, digest, signal);
        this.#checkServing();
        const envelope = await opener.open(body);
        const content = decodeRequestContent(envelope.content);
        const granted = await access.grant(header);
        const { allocation, onChain } = granted;
        const isAuthorized = opener.isAuthorized({
            envelope,
            allocation: allocation.ref,
            voucherKey: onChain.voucherKey,
            authorization: content.authorization,
        });
        if (!isAuthorized)
            throw new Refused('signature_invalid', 'The voucher key has not signed this request.');
        if (!granted.isServed)
            throw new Refused('terms_unknown', 'The node does not serve under these terms.');
        if (allocation.record.state !== 'open') throw released();
        const { window } = allocation;
        checkSequence(allocation, header);
        // While this one waited, the same bytes may have come a second time.
        const twin = window.get(header.sequence);
        if (twin) return this.#again(twin, digest, signal);
        const entry: UsedSequence = { digest };
        window.use(header.sequence, entry);
        entry.starting = this.#start(granted, envelope, content, entry, calledAt);
        const running = await entry.starting;
        return sealed(200, running.answer.read(signal));
    }

    /** From here on the sequence is this request's; a refusal gives it back. */
    async #start(
        granted: Granted,
        envelope: OpenedEnvelope,
        content: Work['content'],
        entry: UsedSequence,
        calledAt: number,
    ): Promise<Running> {
        const { allocation } = granted;
        const { sequence } = envelope.header;
        try {
            const [work] = await Promise.all([
                readWork(this.#options.env, envelope, content),
                this.#options.access.accept(granted, content.voucher),
                allocation.marks.cover(sequence),
            ]);
            const running = this.#run(allocation, work, entry, calledAt);
            await running.started;
            return running;
        } catch (error) {
            allocation.window.free(sequence);
            throw error;
        } finally {
            entry.starting = undefined;
        }
    }

    #run(allocation: Allocation, work: Work, entry: UsedSequence, calledAt: number): Running {
        const { env } = this.#options;
        this.#checkServing();
        if (allocation.record.state !== 'open') throw released();
        const needed = allocation.needed(firstDemand(env, work));
        if (allocation.record.cumulative < needed) {
            throw new Refused('payment_required', 'The voucher does not cover the next chunk.', { needed });
        }
        if (needed - allocation.record.claimed > env.config.maxUnredeemed) {
            throw new Refused('chain_unavailable', 'Too much waits to be redeemed; ask another node.');
        }
        const { maxConcurrent } = env.config;
        const isFull = maxConcurrent !== undefined && this.#running.size >= maxConcurrent;
        if (isFull || !work.model.capacity.takeSession()) {
            throw new Refused('node_busy', 'All slots are taken; ask another node.', {
                retryAfterSeconds: 1,
            });
        }
        const running = new Running({
            env,
            allocation,
            work,
            digest: entry.digest,
            calledAt,
            onEnded: (id) => {
                entry.id = id;
                entry.running = undefined;
            },
        });
        entry.running = running;
        this.#running.add(running);
        running.done.then(() => this.#running.delete(running));
        return running;
    }

    #checkServing(): void {
        const { env, isDraining } = this.#options;
        if (isDraining()) throw new Refused('draining', 'The node is shutting down; ask another node.');
        if (env.isOperator()) return;
        throw new Refused(
            'draining',
            'The node’s keys were rotated, this one has the old ones; ask another node.',
        );
    }

    /** The same bytes get the same frames; anything else under a used sequence is refused. */
    async #again(used: UsedSequence, digest: Uint8Array, signal: AbortSignal): Promise<SessionAnswer> {
        const { env } = this.#options;
        if (Buffer.compare(used.digest, digest) !== 0) {
            throw new Refused('sequence_used', 'Another request has used this sequence; take a new one.');
        }
        const running = used.running ?? (await used.starting);
        env.metrics.replays.inc();
        if (running) return sealed(200, running.answer.read(signal));
        const frames = env.store.frames(used.id!);
        if (frames.length === 0) {
            throw new Refused('sequence_used', 'The answer to this request is not kept any more.');
        }
        return sealed(200, Buffer.concat(frames));
    }
}

function checkSequence({ window }: Allocation, { sequence }: EnvelopeHeader): void {
    if (window.isTooOld(sequence)) {
        throw new Refused('sequence_too_old', `The highest sequence is ${window.highest}; take a new one.`);
    }
    if (window.isDoubtful(sequence)) {
        throw new Refused('sequence_used', 'This sequence may have been used; take a new one.');
    }
}

/** Throws SessionFormatError for bytes that are no envelope of this kind. */
export function decodeKind(body: Uint8Array, kind: EnvelopeKind) {
    const envelope = decodeEnvelope(body);
    if (envelope.header.kind === kind) return envelope;
    throw new SessionFormatError(`An envelope of kind ${envelope.header.kind} does not belong here.`);
}
