import type { NetworkProvider } from '@ton/blueprint';
import { decodeProposal, registryBodies } from 'cocoon-wrappers';
import { GAS_EXECUTE } from '../build/Registry/Registry_Registry';
import { sendToRegistry } from '../tools/deploy/governance';
import { loadPending, requireDue } from '../tools/deploy/pending';
import { describeChange } from '../tools/deploy/proposal-report';
import { newQueryId, openRegistry, openSession } from '../tools/deploy/session';

/** Executes a proposal whose timelock is over. Anyone may. */
export async function run(provider: NetworkProvider, args: string[]): Promise<void> {
    const session = await openSession(provider, args, {
        script: 'executeProposal',
        positionals: ['proposal'],
        values: ['registry'],
    });
    const registry = await openRegistry(session);
    const pending = await loadPending(session, registry);
    const parts = decodeProposal(pending.proposal);
    session.write(await describeChange(registry, parts));
    if (!session.args.flag('dry-run')) requireDue(pending);
    const { id, proposal } = pending;
    const { modelCount } = await registry.getNetwork();
    await sendToRegistry(session, registry, {
        purpose: `Execute proposal ${id}`,
        body: registryBodies.execute({ queryId: await newQueryId(), id, proposal }),
        gas: GAS_EXECUTE,
        after: { release: parts.release, models: modelCount + (parts.models?.size ?? 0) },
    });
}
