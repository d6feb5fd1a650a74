import { createHash } from 'node:crypto';
import type { Block } from '../../chain/types';

/** The only shard of a workchain: all of it. */
export const FULL_SHARD = '-9223372036854775808';

export interface BlockIdJson {
    '@type': 'ton.blockIdExt';
    workchain: number;
    shard: string;
    seqno: number;
    root_hash: string;
    file_hash: string;
}

export function blockIdJson(block: Pick<Block, 'seqno' | 'id'>, workchain = -1): BlockIdJson {
    const rootHash = createHash('sha256').update(block.id).update(`${workchain}:${FULL_SHARD}`).digest();
    return {
        '@type': 'ton.blockIdExt',
        workchain,
        shard: FULL_SHARD,
        seqno: block.seqno,
        root_hash: rootHash.toString('base64'),
        file_hash: block.id.toString('base64'),
    };
}
