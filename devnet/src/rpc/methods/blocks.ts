import type { Chain } from '../../chain/chain';
import type { Block } from '../../chain/types';
import { invalidParameter, nodeError } from '../errors';
import { blockIdJson, FULL_SHARD } from '../json/block';
import type { Params } from '../params';
import type { Methods } from './types';

const DEFAULT_PAGE = 40;
const ZERO_BLOCK = { seqno: 0, id: Buffer.alloc(32) };

/** Every block is one masterchain block with one shard block of the same number. */
export const blockMethods: Methods = {
    getMasterchainInfo: (_params, { chain }) => ({
        '@type': 'blocks.masterchainInfo',
        last: blockIdJson(chain.head!),
        state_root_hash: chain.head!.id.toString('base64'),
        init: blockIdJson(ZERO_BLOCK),
    }),

    getConsensusBlock: (_params, { chain }) => ({
        consensus_block: chain.head!.seqno,
        timestamp: chain.head!.utime,
    }),

    shards: (params, { chain }) => ({
        '@type': 'blocks.shards',
        shards: [blockIdJson(blockBySeqno(chain, params), 0)],
    }),

    getBlockHeader: (params, { chain }) => {
        const block = blockBySeqno(chain, params);
        return {
            '@type': 'blocks.header',
            id: blockIdJson(block, workchainOf(params)),
            gen_utime: block.utime,
            start_lt: String(block.startLt),
            end_lt: String(block.endLt),
        };
    },

    lookupBlock: (params, { chain }) => blockIdJson(findBlock(chain, params), workchainOf(params)),

    getBlockTransactions: (params, { chain }) => {
        const block = blockBySeqno(chain, params);
        const workchain = workchainOf(params);
        const ofWorkchain = block.transactions.filter(({ address }) => address.startsWith(`${workchain}:`));
        const count = params.integer('count', DEFAULT_PAGE, 1, 10_000);
        const afterLt = params.has('after_lt') ? params.bigint('after_lt') : undefined;
        const from = afterLt === undefined ? 0 : ofWorkchain.findIndex(({ lt }) => lt === afterLt) + 1;
        return {
            '@type': 'blocks.transactions',
            id: blockIdJson(block, workchain),
            req_count: count,
            incomplete: from + count < ofWorkchain.length,
            transactions: ofWorkchain.slice(from, from + count).map(({ address, lt, hash }) => ({
                '@type': 'blocks.shortTxId',
                mode: 135,
                account: address,
                lt: String(lt),
                hash: hash.toString('base64'),
            })),
        };
    },
};

function workchainOf(params: Params): number {
    const workchain = params.integer('workchain', -1, -1, 0);
    if (params.has('shard') && params.string('shard') !== FULL_SHARD) {
        throw invalidParameter(`this network has one shard a workchain, ${FULL_SHARD}`);
    }
    return workchain;
}

function blockBySeqno(chain: Chain, params: Params): Block {
    const seqno = params.integer('seqno');
    const block = chain.blocks[seqno - 1];
    if (!block) throw nodeError(`LITE_SERVER_NOTREADY: block ${seqno} is not applied`);
    return block;
}

function findBlock(chain: Chain, params: Params): Block {
    if (params.has('seqno')) return blockBySeqno(chain, params);
    const block = params.has('lt')
        ? firstWith(chain, params.bigint('lt'), ({ endLt }) => endLt)
        : firstWith(chain, params.integer('unixtime'), ({ utime }) => utime);
    if (!block) throw nodeError('LITE_SERVER_NOTREADY: block is not applied');
    return block;
}

/** The first block whose value, which grows from block to block, reaches `target`. */
function firstWith<T extends number | bigint>(
    chain: Chain,
    target: T,
    keyOf: (block: Block) => T,
): Block | undefined {
    let low = 0;
    let high = chain.blocks.length;
    while (low < high) {
        const middle = (low + high) >> 1;
        if (keyOf(chain.blocks[middle]!) >= target) high = middle;
        else low = middle + 1;
    }
    return chain.blocks[low];
}
