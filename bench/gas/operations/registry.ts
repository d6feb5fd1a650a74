import type { SendMessageResult } from '@ton/sandbox';
import { encodeTerms, type ProposalParts, registryBodies } from 'cocoon-wrappers';
import { defaultTerms } from '../../../tests/helpers/terms';
import { costOf } from '../measure';
import { send, succeed, type World, wait } from '../world';
import type { Operation } from './operation';

function propose({ protocol }: World, proposal: ProposalParts): Promise<SendMessageResult> {
    return succeed(send(protocol.governor, protocol.registry.address, registryBodies.propose({ proposal })));
}

/** Proposes, waits, executes; returns the execution. */
export async function enact(world: World, proposal: ProposalParts): Promise<SendMessageResult> {
    await propose(world, proposal);
    wait(world, world.protocol.timelock);
    const body = registryBodies.execute({ id: 0, proposal });
    return succeed(send(world.keeper, world.protocol.registry.address, body));
}

function newTerms({ protocol }: World): ProposalParts {
    const treasury = protocol.treasury.address;
    return { terms: encodeTerms(defaultTerms({ jobParams: { treasury, feeBps: 400 } })) };
}

export const registryOperations: Operation[] = [
    { name: 'propose', run: async (world) => costOf(await propose(world, newTerms(world))) },
    { name: 'execute terms', run: async (world) => costOf(await enact(world, newTerms(world))) },
    {
        name: 'cancel proposal',
        async run(world) {
            await propose(world, newTerms(world));
            const { governor, registry } = world.protocol;
            return costOf(await succeed(send(governor, registry.address, registryBodies.cancel({ id: 0 }))));
        },
    },
    {
        name: 'pause',
        async run({ protocol: { guardian, registry } }) {
            const body = registryBodies.pause({ duration: 3_600 });
            return costOf(await succeed(send(guardian, registry.address, body)));
        },
    },
];
