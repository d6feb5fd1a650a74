import { toNano } from '@ton/core';
import { nodeBodies } from 'cocoon-wrappers';
import type { Action } from '../actions';
import { nativeKey } from '../keys';
import type { NodeModel } from '../models/node';
import { AMPLE } from '../models/surroundings';
import { wallet } from '../network';
import type { World } from '../world';
import { type Draft, keeper } from './draft';

/** What an owner asks of a node. */
export function ofOwner(world: World, node: NodeModel, { kind, detail, flaw }: Action): Draft | undefined {
    const from = node.owner;
    const to = node.address;
    const share = [toNano('20'), toNano('90'), node.unlocked, node.stake][detail % 4] as bigint;
    const amount = flaw === 'content' ? 0n : share;
    const terms = [...world.network.allTerms.keys()];
    const termsHash = terms[detail % terms.length] as bigint;
    const someone = wallet(`${node.index} after ${detail}`);
    switch (kind) {
        case 'addStake':
            return {
                from: keeper,
                to,
                body: nodeBodies.addStake({ amount }),
                value: amount + AMPLE,
                note: { kind, amount },
            };
        case 'unbond':
            return { from, to, body: nodeBodies.unbond({ amount }), note: { kind, amount } };
        case 'withdraw':
            return { from, to, body: nodeBodies.withdrawUnbonded(), note: { kind } };
        case 'rotate': {
            const operator = someone;
            const encryptionKey = BigInt(detail + 1);
            const operatorKey = nativeKey(`operator key ${node.index} of ${detail % 8}`).id;
            const keys = { operator, operatorKey, encryptionKey };
            return { from, to, body: nodeBodies.rotateKeys(keys), note: { kind, ...keys } };
        }
        case 'payout':
            return {
                from,
                to,
                body: nodeBodies.updateProfile({ payout: someone }),
                note: { kind, payout: someone },
            };
        case 'jurorStake': {
            const stake = [0n, toNano('60'), toNano('100'), toNano('160')][detail % 4] as bigint;
            const body = nodeBodies.setJurorStake({ amount: stake });
            return { from, to, body, note: { kind, amount: stake } };
        }
        case 'transferOwnership': {
            const body = nodeBodies.transferOwnership({ newOwner: someone });
            return { from, to, body, note: { kind, to: someone } };
        }
        case 'acceptOwnership': {
            const heir = flaw === 'content' ? someone : (node.pendingOwner ?? someone);
            return { from: heir, to, body: nodeBodies.acceptOwnership(), note: { kind } };
        }
        case 'adopt': {
            const cell = world.network.allTerms.get(termsHash)?.cell;
            if (!cell || world.termsOf(termsHash).minNodeVersion > node.adoption.version) return undefined;
            return { from, to, body: nodeBodies.adoptTerms({ terms: cell }), note: { kind, termsHash } };
        }
        case 'dropTerms': {
            const body = nodeBodies.dropTerms({ termsHash });
            return { from, to, body, note: { kind: 'drop', termsHash } };
        }
        case 'upgrade': {
            const { release } = world.registryModel;
            const releaseHash = flaw === 'content' ? release.hash + 1n : release.hash;
            const body = nodeBodies.requestUpgrade({ releaseHash });
            return { from, to, body, note: { kind, releaseHash } };
        }
    }
    return undefined;
}
