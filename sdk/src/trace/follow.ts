import type { Address, CommonMessageInfoInternal, Transaction } from '@ton/core';
import { type ChainReader, RpcNotSupportedError } from '../rpc';
import type { TraceProgress } from './errors';
import { findTransaction } from './message-hash';
import { type TraceNode, traceNode } from './node';
import { type FoundRoot, findRoot, type TraceRoot } from './root';

/**
 * Follows one trace. Each `step` looks for what is missing and keeps what it found, so that polling costs only the
 * messages that are on their way. Everything it knows comes from the chain: a new one reaches the same result.
 */
export class TraceFollower {
    private root: FoundRoot | undefined;
    private readonly results = new Map<string, Transaction>();
    private pending = 0;
    private locateSupported = true;

    constructor(
        private readonly reader: ChainReader,
        private readonly spec: TraceRoot,
    ) {}

    /** The complete tree, or undefined while something is missing. */
    async step(): Promise<TraceNode | undefined> {
        this.root ??= await findRoot(this.reader, this.spec);
        if (this.root === undefined) {
            return undefined;
        }
        this.pending = 0;
        const { tx, follows } = this.root;
        const tree = await this.expand(tx, this.spec.wallet, follows);
        return this.pending === 0 ? tree : undefined;
    }

    get progress(): TraceProgress {
        return this.root === undefined
            ? { found: 0, pending: null }
            : { found: 1 + this.results.size, pending: this.pending };
    }

    private async expand(
        tx: Transaction,
        address: Address,
        follows: (index: number) => boolean = () => true,
    ): Promise<TraceNode> {
        const children: TraceNode[] = [];
        for (const [index, { info }] of tx.outMessages.values().entries()) {
            if (info.type !== 'internal' || !follows(index)) {
                continue;
            }
            const result = await this.resultOf(info);
            if (result === undefined) {
                this.pending++;
            } else {
                children.push(await this.expand(result, info.dest));
            }
        }
        return traceNode(tx, address, children);
    }

    private async resultOf(info: CommonMessageInfoInternal): Promise<Transaction | undefined> {
        // (source, created lt) names a message uniquely.
        const key = `${info.src.toRawString()}@${info.createdLt}`;
        const known = this.results.get(key);
        if (known !== undefined) {
            return known;
        }
        const result = await this.locate(info);
        if (result !== undefined) {
            this.results.set(key, result);
        }
        return result;
    }

    private async locate(info: CommonMessageInfoInternal): Promise<Transaction | undefined> {
        if (this.locateSupported) {
            try {
                return (await this.reader.locateResultTx(info.src, info.dest, info.createdLt)) ?? undefined;
            } catch (error) {
                if (!(error instanceof RpcNotSupportedError)) throw error;
                this.locateSupported = false;
            }
        }
        return findTransaction(this.reader, info.dest, info.createdLt, ({ inMessage }) => {
            const candidate = inMessage?.info;
            return (
                candidate?.type === 'internal' &&
                candidate.createdLt === info.createdLt &&
                candidate.src.equals(info.src)
            );
        });
    }
}
