import type { Cell } from '@ton/core';
import { type CodeId, cellHash, codeId, decodeRelease, Registry, type Release } from 'cocoon-wrappers';
import type { CocoonClient } from '../../client/client';
import type { RpcError } from '../../rpc';

export type GetReleaseReturnType = {
    readonly cell: Cell;
    /** What RegisterNode and RequestUpgrade name. */
    readonly hash: bigint;
    readonly release: Release;
    readonly code: CodeId;
};
export type GetReleaseErrorType = RpcError;

/** Node code that the Registry offers. */
export async function getRelease(client: CocoonClient): Promise<GetReleaseReturnType> {
    const cell = await client.open(Registry.fromAddress(client.registry)).getReleaseCell();
    const release = decodeRelease(cell);
    return { cell, hash: cellHash(cell), release, code: codeId(release.code) };
}
