import type { NetworkProvider } from '@ton/blueprint';
import { registryBodies } from 'cocoon-wrappers';
import { GAS_SIMPLE } from '../build/Registry/Registry_Registry';
import { DeployError } from '../tools/deploy/errors';
import { sendToRegistry } from '../tools/deploy/governance';
import { newQueryId, openRegistry, openSession } from '../tools/deploy/session';

/** Takes over governance that was offered. A multisig sends what `--dry-run` prints. */
export async function run(provider: NetworkProvider, args: string[]): Promise<void> {
    const session = await openSession(provider, args, { script: 'acceptGovernance', values: ['registry'] });
    const registry = await openRegistry(session);
    const { governor, pendingGovernor } = await registry.getNetwork();
    if (!pendingGovernor) {
        throw new DeployError(
            `Governance was not offered to anyone; ${governor} holds it.`,
            'The governor offers it with transferGovernance.',
        );
    }
    const transaction = await sendToRegistry(session, registry, {
        purpose: `Take over governance from ${governor}`,
        body: registryBodies.acceptGovernance({ queryId: await newQueryId() }),
        gas: GAS_SIMPLE,
        from: { role: 'pending governor', addresses: [pendingGovernor] },
    });
    if (transaction) session.write(`The governor is now ${(await registry.getNetwork()).governor}.`);
}
