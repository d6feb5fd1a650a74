import type { NetworkProvider } from '@ton/blueprint';
import type { Transaction } from '@ton/core';
import { decodeEvent, encodeProposal, registryBodies } from 'cocoon-wrappers';
import { GAS_PROPOSE } from '../build/Registry/Registry_Registry';
import { readChange } from '../tools/deploy/change-file';
import { sendToRegistry } from '../tools/deploy/governance';
import { saveProposal } from '../tools/deploy/proposal-file';
import { describeChange } from '../tools/deploy/proposal-report';
import { newQueryId, openRegistry, openSession } from '../tools/deploy/session';
import { formatTime } from '../tools/deploy/units';

/** Proposes what a file of changes says. It takes effect when it is executed, after the timelock. */
export async function run(provider: NetworkProvider, args: string[]): Promise<void> {
    const session = await openSession(provider, args, {
        script: 'proposeChange',
        positionals: ['change.json'],
        values: ['registry'],
    });
    const registry = await openRegistry(session);
    const parts = await readChange(session.args.positional('change.json'), registry);
    session.write(await describeChange(registry, parts));
    const proposal = encodeProposal(parts);
    const { governor } = await registry.getNetwork();
    const transaction = await sendToRegistry(session, registry, {
        purpose: 'Propose these changes',
        body: registryBodies.propose({ queryId: await newQueryId(), proposal }),
        gas: GAS_PROPOSE,
        from: { role: 'governor', addresses: [governor] },
    });
    if (!transaction) return;
    const { id, executableAt } = queuedIn(transaction);
    const file = saveProposal(session.network, id, executableAt, proposal);
    session.write(
        `Proposal ${id} can be executed from ${formatTime(executableAt)}; its content is in ${file}.`,
    );
}

function queuedIn(transaction: Transaction): { id: number; executableAt: number } {
    for (const message of transaction.outMessages.values()) {
        const event = message.info.type === 'external-out' ? decodeEvent(message.body) : null;
        if (event?.$$type === 'ProposalQueued') {
            return { id: Number(event.id), executableAt: Number(event.executableAt) };
        }
    }
    throw new Error('The Registry accepted the proposal without an event; see its transaction.');
}
