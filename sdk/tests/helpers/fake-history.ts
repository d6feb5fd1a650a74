import { createHash } from 'node:crypto';
import type { Address, Transaction } from '@ton/core';
import type { Account, ChainReader, GetTransactionsOptions } from '../../src';
import { RpcUnreachableError } from '../../src';

/** One account's history, served page by page while it grows. */
export class FakeHistory {
    readonly transactions: Transaction[] = [];
    /** Called before each answer, so that a test can append, fail or lag in between. */
    beforeRead: () => void = () => undefined;
    /** How many of the newest transactions the endpoint does not know yet. */
    lag = 0;
    /** Places of transactions that the endpoint leaves out. */
    omitted = new Set<number>();
    /** How many of the oldest transactions the endpoint has dropped. */
    pruned = 0;
    private lt = 1_000n;

    /** Appends transactions whose lts have gaps, as on a real chain. */
    append(count = 1): void {
        for (let i = 0; i < count; i++) {
            const previous = this.transactions.at(-1);
            this.lt += 1n + (this.lt % 3n);
            const hash = createHash('sha256').update(String(this.lt)).digest();
            const tx = {
                lt: this.lt,
                hash: () => hash,
                prevTransactionLt: previous?.lt ?? 0n,
                prevTransactionHash: previous ? BigInt(`0x${previous.hash().toString('hex')}`) : 0n,
            };
            this.transactions.push(tx as Transaction);
        }
    }

    /** The account is deleted, and its history with it. */
    forget(): void {
        this.transactions.splice(0);
    }

    fail(): never {
        throw new RpcUnreachableError('down');
    }

    get reader(): ChainReader {
        const unused = () => Promise.reject(new Error('not part of this test'));
        return {
            getAccount: async () => {
                const last = this.visible().at(-1);
                return {
                    lastTransaction: last ? { lt: last.lt, hash: last.hash() } : null,
                } as unknown as Account;
            },
            getTransactions: (_: Address, options?: GetTransactionsOptions) => this.read(options),
            runGetMethod: unused,
            sendBoc: unused,
            locateResultTx: unused,
            getMasterchainInfo: unused,
            getConfigParam: unused,
        };
    }

    private async read({ from, toLt = 0n, limit = 20 }: GetTransactionsOptions = {}): Promise<Transaction[]> {
        this.beforeRead();
        return this.visible()
            .filter((tx) => tx.lt > toLt && (from === undefined || tx.lt <= from.lt))
            .slice(-limit)
            .reverse();
    }

    private visible(): Transaction[] {
        const end = this.transactions.length - this.lag;
        return this.transactions.filter((_, i) => i >= this.pruned && i < end && !this.omitted.has(i));
    }
}
