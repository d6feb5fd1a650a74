import type { AccountState } from '@ton/core';
import type { Chain } from '../../chain/chain';
import { blockIdJson } from '../json/block';
import { toBase64 } from '../json/cells';
import type { Params } from '../params';
import type { Methods } from './types';

const STATE_NAMES = { active: 'active', uninit: 'uninitialized', frozen: 'frozen' } as const;

export const accountMethods: Methods = {
    getAddressInformation: (params, { chain }) => accountJson(params, chain),
    getAddressBalance: (params, { chain }) => accountJson(params, chain).balance,
    getAddressState: (params, { chain }) => accountJson(params, chain).state,

    getExtendedAddressInformation: (params, { chain }) => {
        const account = accountJson(params, chain);
        return {
            '@type': 'fullAccountState',
            address: { '@type': 'accountAddress', account_address: params.string('address') },
            balance: account.balance,
            extra_currencies: account.extra_currencies,
            last_transaction_id: account.last_transaction_id,
            block_id: account.block_id,
            sync_utime: account.sync_utime,
            account_state: {
                '@type': account.state === 'active' ? 'raw.accountState' : 'uninited.accountState',
                code: account.code,
                data: account.data,
                frozen_hash: account.frozen_hash,
            },
            revision: 0,
        };
    },
};

function accountJson(params: Params, chain: Chain) {
    const address = params.address('address');
    const { lastLt, lastHash } = chain.accounts.get(address);
    const { account } = chain.accounts.state(address);
    const state = account?.storage.state;
    const active = state?.type === 'active' ? state.state : undefined;
    const other = account?.storage.balance.other;
    return {
        '@type': 'raw.fullAccountState',
        balance: String(account?.storage.balance.coins ?? 0n),
        extra_currencies: other
            ? [...other].map(([id, amount]) => ({ '@type': 'extraCurrency', id, amount: String(amount) }))
            : [],
        code: active?.code ? toBase64(active.code) : '',
        data: active?.data ? toBase64(active.data) : '',
        last_transaction_id: {
            '@type': 'internal.transactionId',
            lt: String(lastLt),
            hash: lastHash.toString('base64'),
        },
        block_id: blockIdJson(chain.head!),
        frozen_hash: frozenHash(state),
        sync_utime: chain.head!.utime,
        state: STATE_NAMES[state?.type ?? 'uninit'],
    };
}

function frozenHash(state: AccountState | undefined): string {
    if (state?.type !== 'frozen') return '';
    return Buffer.from(state.stateHash.toString(16).padStart(64, '0'), 'hex').toString('base64');
}
