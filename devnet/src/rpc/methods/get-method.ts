import { getMethodId } from '@ton/core';
import { invalidParameter, nodeError } from '../errors';
import { blockIdJson } from '../json/block';
import { parseStack, stackJson } from '../json/stack';
import type { Params } from '../params';
import type { Methods } from './types';

/** What toncenter answers for an account without code. */
const EXIT_NO_CODE = -13;

export const getMethodMethods: Methods = {
    runGetMethod: async (params, { chain }) => {
        const address = params.address('address');
        const methodId = methodIdOf(params);
        const stack = parseStack(params.raw('stack'));
        const { account } = chain.accounts.state(address);
        const state = account?.storage.state;
        const code = state?.type === 'active' ? state.state.code : undefined;
        const data = state?.type === 'active' ? state.state.data : undefined;
        if (!account || !code || !data) return result(0, [], EXIT_NO_CODE);
        const balance = account.storage.balance.coins;
        const now = chain.now();
        const outcome = await chain.emulator.runGetMethod({
            address,
            code,
            data,
            balance,
            methodId,
            stack,
            now,
        });
        if (!outcome.ok) throw nodeError(outcome.error);
        return {
            ...result(outcome.gasUsed, stackJson(outcome.stack), outcome.exitCode),
            block_id: blockIdJson(chain.head!),
        };
    },
};

function result(gasUsed: number, stack: unknown[], exitCode: number) {
    return { '@type': 'smc.runResult', gas_used: gasUsed, stack, exit_code: exitCode };
}

function methodIdOf(params: Params): number {
    const method = params.string('method');
    if (!/^\d+$/.test(method)) return getMethodId(method);
    const id = Number(method);
    if (!Number.isSafeInteger(id)) throw invalidParameter('method must be a name or a number');
    return id;
}
