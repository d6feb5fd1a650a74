import type { PolicyChange } from '../options';
import { invalidParameter } from '../rpc/errors';
import type { Methods } from '../rpc/methods/types';
import type { Params } from '../rpc/params';

/** The control API: what a test or a developer does to the network itself. */
export const controlMethods: Methods = {
    devnet_fund: async (params, devnet) => {
        await devnet.fund(params.address('address'), params.bigint('amount'));
        return true;
    },
    devnet_time: (_params, devnet) => devnet.now(),
    devnet_increaseTime: (params, devnet) => devnet.increaseTime(params.integer('seconds')),
    devnet_mine: (params, devnet) => devnet.mine(params.integer('blocks', 1, 1, 100_000)),
    devnet_settle: async (_params, devnet) => {
        await devnet.settle();
        return true;
    },
    devnet_snapshot: (_params, devnet) => devnet.snapshot(),
    devnet_revert: async (params, devnet) => {
        await devnet.revert(params.integer('id'));
        return true;
    },
    devnet_pause: async (params, devnet) => {
        await devnet.pause({
            source: params.has('source') ? params.address('source') : undefined,
            destination: params.has('destination') ? params.address('destination') : undefined,
        });
        return true;
    },
    devnet_resume: async (_params, devnet) => {
        await devnet.resume();
        return true;
    },
    devnet_shuffle: (params, devnet) =>
        devnet.setPolicy({ order: 'shuffle', seed: params.integer('seed', undefined, -(2 ** 31)) }),
    devnet_hop: (params, devnet) =>
        devnet.setPolicy({
            hop: [params.integer('min'), params.integer('max', params.integer('min'))],
        }),
    devnet_setPolicy: (params, devnet) => devnet.setPolicy(policyChange(params)),
    devnet_setAccount: async (params, devnet) => {
        const account = {
            code: params.cell('code'),
            data: params.cell('data'),
            balance: params.bigint('balance', 0n),
        };
        await devnet.setAccount(params.address('address'), account);
        return true;
    },
    devnet_supply: (_params, devnet) => devnet.supply(),
    devnet_stats: (_params, devnet) => devnet.stats(),
};

function policyChange(params: Params): PolicyChange {
    const change: PolicyChange = {};
    if (params.has('hop')) change.hop = hopOf(params.raw('hop'));
    if (params.has('order')) change.order = params.string('order') as PolicyChange['order'];
    if (params.has('seed')) change.seed = params.integer('seed', undefined, -(2 ** 31));
    if (params.has('dropExternal')) change.dropExternal = params.number('dropExternal');
    if (params.has('maxTransactionsPerBlock')) {
        change.maxTransactionsPerBlock = params.integer('maxTransactionsPerBlock');
    }
    return change;
}

/** `[min, max]`, or `min,max` in a query string. */
function hopOf(value: unknown): [number, number] {
    const [min, max] = Array.isArray(value) ? value : String(value).split(',');
    if (min === undefined || max === undefined) throw invalidParameter('hop must be [min, max]');
    return [Number(min), Number(max)];
}
