import type { Address } from '@ton/core';
import type { Blockchain, SendMessageResult } from '@ton/sandbox';
import * as disputeConstants from '../../build/Dispute/Dispute_Dispute';
import * as jobConstants from '../../build/Job/Job_Job';
import * as marketConstants from '../../build/Market/Market_Market';
import * as nodeConstants from '../../build/Node/Node_Node';
import * as vaultConstants from '../../build/Vault/Vault_Vault';
import { gasOfTransaction } from '../helpers/blockchain';
import { transactionsOn } from '../helpers/trace';

const constants: Record<string, unknown> = {
    ...disputeConstants,
    ...jobConstants,
    ...marketConstants,
    ...nodeConstants,
    ...vaultConstants,
};

/** A number that a contract computes fees with, by its name there. */
export function constant(name: string): number {
    const value = constants[name];
    if (typeof value !== 'bigint') throw new Error(`No contract has a constant ${name}.`);
    return Number(value);
}

/** Gas of the n-th transaction of an account in a trace. */
export function gasOn(result: SendMessageResult, account: Address, n = 0): number {
    const transaction = transactionsOn(result, account)[n];
    if (!transaction) throw new Error('There is no such transaction.');
    return Number(gasOfTransaction(transaction));
}

/** The constant must be the measured maximum, rounded up to a step: neither too little nor more than users have to lend. */
export function expectConstant(name: string, measured: number, step = 500): void {
    const value = constant(name);
    const wanted = Math.ceil(measured / step) * step;
    if (value !== wanted) {
        throw new Error(`${name} is ${value}, but ${measured} was measured at the worst: write ${wanted}.`);
    }
    expect(value).toBeLessThan(400_000);
}

/** What an account takes up, code and data together, as the network counts it for storage fees. */
export async function sizeOf(
    blockchain: Blockchain,
    account: Address,
): Promise<{ cells: number; bits: number }> {
    const used = (await blockchain.getContract(account)).account.account?.storageStats.used;
    if (!used) throw new Error('There is no such account.');
    return { cells: Number(used.cells), bits: Number(used.bits) };
}
