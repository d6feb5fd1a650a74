import type { NetworkProvider } from '@ton/blueprint';
import { decodeProposal } from 'cocoon-wrappers';
import { hashOf } from '../tools/deploy/message';
import { loadPending } from '../tools/deploy/pending';
import { describeChange } from '../tools/deploy/proposal-report';
import { openRegistry, openSession } from '../tools/deploy/session';
import { formatTime } from '../tools/deploy/units';

/** Prints what a pending proposal would change. Sends nothing. */
export async function run(provider: NetworkProvider, args: string[]): Promise<void> {
    const session = await openSession(provider, args, {
        script: 'showProposal',
        positionals: ['proposal'],
        values: ['registry'],
    });
    const registry = await openRegistry(session);
    const { id, executableAt, proposal } = await loadPending(session, registry);
    session.write(`Proposal ${id}, ${hashOf(proposal)}, executable from ${formatTime(executableAt)}`);
    session.write(await describeChange(registry, decodeProposal(proposal)));
}
