import { Address, Cell, loadTransaction, type Transaction } from '@ton/core';
import { messageCell } from '../../chain/messages';
import { nodeError } from '../errors';
import type { Params } from '../params';
import type { Methods } from './types';

const NO_SEED = Buffer.alloc(32);

export const feeMethods: Methods = {
    /** Runs the message without keeping the result. */
    estimateFee: async (params, { chain }) => {
        const address = params.address('address');
        const outcome = await chain.emulator.runTransaction({
            message: externalMessage(params, address),
            address,
            shardAccount: chain.accounts.get(address).shardAccount,
            now: chain.now(),
            lt: chain.variables.nextLt,
            randomSeed: NO_SEED,
            ignoreSignature: params.boolean('ignore_chksig', true),
        });
        if (!outcome.accepted) {
            throw nodeError(`LITE_SERVER_UNKNOWN: External message was not accepted: ${outcome.error}`);
        }
        const transaction = loadTransaction(Cell.fromBase64(outcome.transaction).beginParse());
        return { '@type': 'query.fees', source_fees: feesJson(transaction), destination_fees: [] };
    },
};

function externalMessage(params: Params, address: string): Cell {
    const init = params.has('init_code')
        ? { code: params.cell('init_code'), data: params.has('init_data') ? params.cell('init_data') : null }
        : null;
    return messageCell({
        info: { type: 'external-in', dest: Address.parseRaw(address), importFee: 0n },
        init,
        body: params.cell('body'),
    });
}

function feesJson(transaction: Transaction) {
    const { description, totalFees } = transaction;
    if (description.type !== 'generic') throw nodeError('not an ordinary transaction');
    const gasFee = description.computePhase.type === 'vm' ? description.computePhase.gasFees : 0n;
    const storageFee = description.storagePhase?.storageFeesCollected ?? 0n;
    const actionFee = description.actionPhase?.totalActionFees ?? 0n;
    return {
        '@type': 'fees',
        in_fwd_fee: Number(totalFees.coins - gasFee - storageFee - actionFee),
        storage_fee: Number(storageFee),
        gas_fee: Number(gasFee),
        fwd_fee: Number(description.actionPhase?.totalFwdFees ?? 0n),
    };
}
