import type { NetworkProvider } from '@ton/blueprint';
import { registryBodies } from 'cocoon-wrappers';
import { GAS_SIMPLE } from '../build/Registry/Registry_Registry';
import { sendToRegistry } from '../tools/deploy/governance';
import { newQueryId, openRegistry, openSession, parseAddress } from '../tools/deploy/session';

/** Offers governance to an address, as a multisig's. It changes hands when that address accepts. */
export async function run(provider: NetworkProvider, args: string[]): Promise<void> {
    const session = await openSession(provider, args, {
        script: 'transferGovernance',
        positionals: ['newGovernor'],
        values: ['registry'],
    });
    const registry = await openRegistry(session);
    const newGovernor = parseAddress(session.args.positional('newGovernor'), 'The new governor');
    if (!(await provider.isContractDeployed(newGovernor))) {
        session.write(`⚠ ${newGovernor} is not deployed yet; it can accept only once it is.`);
    }
    const { governor } = await registry.getNetwork();
    const transaction = await sendToRegistry(session, registry, {
        purpose: `Offer governance to ${newGovernor}`,
        body: registryBodies.transferGovernance({ queryId: await newQueryId(), newGovernor }),
        gas: GAS_SIMPLE,
        from: { role: 'governor', addresses: [governor] },
    });
    if (transaction)
        session.write(
            'Nothing has changed until it accepts: run acceptGovernance (for a multisig with --dry-run).',
        );
}
