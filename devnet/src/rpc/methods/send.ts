import { beginCell, type Cell, loadMessage, storeMessage } from '@ton/core';
import { parseExternal } from '../../chain/messages';
import type { ExternalMessage } from '../../chain/types';
import type { Devnet } from '../../devnet';
import { nodeError } from '../errors';
import type { Params } from '../params';
import type { Methods } from './types';

const NO_SEED = Buffer.alloc(32);

export const sendMethods: Methods = {
    sendBoc: async (params, devnet) => {
        await send(params, devnet);
        return { '@type': 'ok' };
    },

    sendBocReturnHash: async (params, devnet) => {
        const { cell } = await send(params, devnet);
        return {
            '@type': 'raw.extMessageInfo',
            hash: cell.hash().toString('base64'),
            hash_norm: normalizedHash(cell).toString('base64'),
        };
    },
};

/** Like a node: a message that the account would not accept now is refused; one that it accepts may still fail. */
async function send(params: Params, devnet: Devnet): Promise<ExternalMessage> {
    const { chain } = devnet;
    const message = parse(params.bytes('boc'));
    const outcome = await chain.emulator.runTransaction({
        message: message.cell,
        address: message.destination,
        shardAccount: chain.accounts.get(message.destination).shardAccount,
        now: chain.now(),
        lt: chain.variables.nextLt,
        randomSeed: NO_SEED,
    });
    if (!outcome.accepted) {
        throw nodeError(
            'LITE_SERVER_UNKNOWN: cannot apply external message to current state : External message was not accepted\n' +
                `Cannot run message on account: ${outcome.error}` +
                (outcome.exitCode === undefined ? '' : `: exitcode=${outcome.exitCode}`),
        );
    }
    chain.addExternal(message);
    devnet.kick();
    return message;
}

function parse(boc: Buffer): ExternalMessage {
    try {
        return parseExternal(boc);
    } catch (error) {
        throw nodeError(`LITE_SERVER_UNKNOWN: failed to parse external message: ${(error as Error).message}`);
    }
}

/** The hash by which an external message is known whatever its sender's encoding (TEP-467). */
function normalizedHash(cell: Cell): Buffer {
    const message = loadMessage(cell.beginParse());
    if (message.info.type !== 'external-in') return cell.hash();
    const normalized = {
        info: { ...message.info, src: undefined, importFee: 0n },
        init: null,
        body: message.body,
    };
    return beginCell()
        .store(storeMessage(normalized, { forceRef: true }))
        .endCell()
        .hash();
}
