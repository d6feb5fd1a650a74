import { toNano } from '@ton/core';
import { cellHash, encodeRelease, encodeTerms, Node, nodeBodies } from 'cocoon-wrappers';
import { OFFER } from '../../../tests/helpers/protocol';
import { defaultTerms } from '../../../tests/helpers/terms';
import { costOf } from '../measure';
import { pretendNodes, register, send, succeed, type World, wait } from '../world';
import type { Operation } from './operation';
import { enact } from './registry';

type Bodies = (world: World) => Parameters<typeof send>[2];

/** The owner's last of several messages. */
function owner(name: string, ...bodies: Bodies[]): Operation {
    return {
        name,
        async run(world) {
            let cost = { gas: 0, tx: 0, feeNano: 0 };
            for (const body of bodies) {
                cost = costOf(
                    await succeed(send(world.owner, world.node.address, body(world), toNano('20'))),
                );
            }
            return cost;
        },
    };
}

const unbond: Bodies = () => nodeBodies.unbond({ amount: toNano('50') });
const offerOwnership: Bodies = ({ client }) => nodeBodies.transferOwnership({ newOwner: client.address });

/** Terms that follow, executed by the Registry. */
async function secondTerms(world: World) {
    const { treasury, terms } = world.protocol;
    const next = encodeTerms(defaultTerms({ jobParams: { treasury: treasury.address, feeBps: 400 } }));
    if (cellHash(next) === cellHash(encodeTerms(terms))) throw new Error('The terms are the same.');
    await enact(world, { terms: next });
    return next;
}

export const nodeOperations: Operation[] = [
    registration('register node'),
    registration('register node, 1,000 nodes', 1_000),
    registration('register node, 100,000 nodes', 100_000),
    owner('add stake', () => nodeBodies.addStake({ amount: toNano('10') })),
    owner('unbond', unbond),
    owner('withdraw unbonded', unbond, (world) => {
        wait(world, world.protocol.terms.stakeParams.unbondingPeriod);
        return nodeBodies.withdrawUnbonded();
    }),
    owner('update profile', () =>
        nodeBodies.updateProfile({ offers: [[0, { ...OFFER, completionPrice: 30_000_000n }]] }),
    ),
    owner('rotate keys', ({ operator }) =>
        nodeBodies.rotateKeys({ operator: operator.address, operatorKey: 2n, encryptionKey: 3n }),
    ),
    owner('transfer ownership', offerOwnership),
    {
        name: 'accept ownership',
        async run(world) {
            await succeed(send(world.owner, world.node.address, offerOwnership(world)));
            const body = nodeBodies.acceptOwnership();
            return costOf(await succeed(send(world.client, world.node.address, body)));
        },
    },
    {
        name: 'adopt terms',
        async run(world) {
            const body = nodeBodies.adoptTerms({ terms: await secondTerms(world) });
            return costOf(await succeed(send(world.owner, world.node.address, body)));
        },
    },
    {
        name: 'drop terms',
        async run(world) {
            const adopt = nodeBodies.adoptTerms({ terms: await secondTerms(world) });
            await succeed(send(world.owner, world.node.address, adopt));
            const body = nodeBodies.dropTerms({ termsHash: world.protocol.termsHash });
            return costOf(await succeed(send(world.owner, world.node.address, body)));
        },
    },
    {
        name: 'request upgrade',
        async run(world) {
            const release = encodeRelease({ version: 2, code: Node.code(), migrator: null });
            await enact(world, { release });
            const body = nodeBodies.requestUpgrade({ releaseHash: cellHash(release) });
            return costOf(await succeed(send(world.owner, world.node.address, body)));
        },
    },
];

function registration(name: string, nodes?: number): Operation {
    return {
        name,
        async run(world) {
            if (nodes !== undefined) await pretendNodes(world, nodes);
            return costOf(await succeed(register(world)));
        },
    };
}
