import {
    AbortedError,
    AllocationSpentError,
    type AnswerEvidence,
    type ChannelLease,
    type CocoonError,
    type Receipt,
    type SessionAnswer,
    type SessionDelta,
    type SessionRequest,
    type SessionResult,
} from '../../../src';
import type { NodeSession, OpenSession } from '../../../src/inference/funding/session';
import type { NodeEntry } from '../../../src/inference/nodes/entry';

/** What a node does with one request. */
export type Script = {
    /** Thrown before anything is delivered. */
    readonly refuse?: CocoonError;
    readonly deltas?: readonly SessionDelta[];
    /** Thrown after the deltas. */
    readonly fail?: CocoonError;
    /** Never says anything. */
    readonly silent?: boolean;
    readonly finish?: SessionResult['finish'];
    readonly price?: bigint;
    /** Given to requests that want it kept. */
    readonly evidence?: AnswerEvidence;
};

const PRICE = 1_000n;
const OK: Script = { deltas: [{ t: 'Hello' }, { t: ' there' }] };

/** Sessions that answer by script and promise money as real ones do: mark first, then promise. */
export class ScriptedSessions {
    /** By node; the last one is repeated. Nodes without a script answer. */
    readonly scripts = new Map<string, Script[]>();
    /** Nodes in the order in which they were asked. */
    readonly asked: string[] = [];
    readonly requests: SessionRequest[] = [];
    /** Promises that were signed, by voucher seed. */
    readonly promises = new Map<string, bigint[]>();
    /** Which nodes release when they are asked, and what happens then. */
    onRelease: (lease: ChannelLease) => void = () => undefined;
    onStep: (step: string) => void = () => undefined;

    readonly open: OpenSession = async (node, lease) => new ScriptedSession(this, node, lease);

    next(node: string): Script {
        const scripts = this.scripts.get(node) ?? [OK];
        return (scripts.length > 1 ? scripts.shift() : scripts[0]) ?? OK;
    }
}

class ScriptedSession implements NodeSession {
    private signed: bigint;
    private limit: bigint;

    constructor(
        private readonly sessions: ScriptedSessions,
        private node: NodeEntry,
        private readonly lease: ChannelLease,
    ) {
        this.signed = lease.record.cumulative;
        this.limit = lease.record.allocated;
    }

    left(): bigint {
        return this.limit - this.signed;
    }

    promised(): bigint {
        return this.signed;
    }

    grown(allocated: bigint): void {
        this.limit = allocated;
    }

    moved(node: NodeEntry): void {
        this.node = node;
    }

    async request(request: SessionRequest): Promise<SessionAnswer> {
        const script = this.sessions.next(this.node.account);
        this.sessions.asked.push(this.node.account);
        this.sessions.requests.push(request);
        if (request.signal?.aborted) throw new AbortedError();
        if (script.silent) {
            const never = aborted(request.signal);
            this.sessions.onStep('silent');
            await never;
        }
        if (script.refuse) throw script.refuse;
        const price = script.price ?? PRICE;
        await this.promise(price);
        return scriptedAnswer(script, price, request);
    }

    async release(): Promise<void> {
        this.sessions.onRelease(this.lease);
    }

    private async promise(price: bigint): Promise<void> {
        if (this.signed + price > this.limit) throw new AllocationSpentError(this.signed + price, this.limit);
        this.signed += price;
        const { signed } = this;
        await this.lease.raise({ cumulative: signed, sequence: this.lease.record.sequence + 1n });
        this.sessions.onStep('marked');
        const { voucherSeed } = this.lease.record;
        const promises = this.sessions.promises.get(voucherSeed) ?? [];
        promises.push(signed);
        this.sessions.promises.set(voucherSeed, promises);
        this.sessions.onStep('promised');
    }
}

function scriptedAnswer(script: Script, price: bigint, request: SessionRequest): SessionAnswer {
    const { signal } = request;
    const evidence = request.keepEvidence ? script.evidence : undefined;
    const { deltas = OK.deltas ?? [], fail, finish = 'stop' } = script;
    const usage = { prompt: 5, cached: 2, completion: deltas.length };
    const receipt = { usage, price } as Receipt;
    let settle: { resolve(result: SessionResult): void; reject(error: unknown): void } | undefined;
    const final = new Promise<SessionResult>((resolve, reject) => {
        settle = { resolve, reject };
    });
    final.catch(() => undefined);
    return {
        sequence: 1n,
        final,
        receipt,
        evidence,
        cancel: () => settle?.reject(new AbortedError()),
        collect: () => Promise.reject(new Error('not part of this test')),
        async *[Symbol.asyncIterator]() {
            let error: unknown = new AbortedError();
            try {
                for (const delta of deltas) {
                    if (signal?.aborted) throw new AbortedError();
                    yield delta;
                }
                if (fail) throw fail;
                settle?.resolve({ receipt, finish, seed: 7, usage, price, ...(evidence && { evidence }) });
            } catch (cause) {
                error = cause;
                throw cause;
            } finally {
                settle?.reject(error);
            }
        },
    };
}

function aborted(signal: AbortSignal | undefined): Promise<never> {
    return new Promise((_, reject) => {
        signal?.addEventListener('abort', () => reject(new AbortedError()));
    });
}
