import type { NetworkProvider } from '@ton/blueprint';
import { registryBodies } from 'cocoon-wrappers';
import { GAS_SIMPLE, PROPOSAL_LIFE } from '../build/Registry/Registry_Registry';
import { sendToRegistry } from '../tools/deploy/governance';
import { loadPending } from '../tools/deploy/pending';
import { newQueryId, openRegistry, openSession } from '../tools/deploy/session';

/** Withdraws a pending proposal. The governor may at any time, anyone once it is stale. */
export async function run(provider: NetworkProvider, args: string[]): Promise<void> {
    const session = await openSession(provider, args, {
        script: 'cancelProposal',
        positionals: ['proposal'],
        values: ['registry'],
    });
    const registry = await openRegistry(session);
    const { id, executableAt } = await loadPending(session, registry);
    const { governor } = await registry.getNetwork();
    const stale = Date.now() > (executableAt + Number(PROPOSAL_LIFE)) * 1_000;
    await sendToRegistry(session, registry, {
        purpose: `Cancel proposal ${id}`,
        body: registryBodies.cancel({ queryId: await newQueryId(), id }),
        gas: GAS_SIMPLE,
        from: stale ? undefined : { role: 'governor', addresses: [governor] },
    });
}
