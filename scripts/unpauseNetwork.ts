import type { NetworkProvider } from '@ton/blueprint';
import { registryBodies } from 'cocoon-wrappers';
import { GAS_SIMPLE } from '../build/Registry/Registry_Registry';
import { sendToRegistry } from '../tools/deploy/governance';
import { newQueryId, openRegistry, openSession } from '../tools/deploy/session';

/** Ends a pause before its time. Guardian or governor. */
export async function run(provider: NetworkProvider, args: string[]): Promise<void> {
    const session = await openSession(provider, args, { script: 'unpauseNetwork', values: ['registry'] });
    const registry = await openRegistry(session);
    const { guardian, governor } = await registry.getNetwork();
    await sendToRegistry(session, registry, {
        purpose: 'End the pause',
        body: registryBodies.unpause({ queryId: await newQueryId() }),
        gas: GAS_SIMPLE,
        from: { role: 'guardian or governor', addresses: [guardian, governor] },
    });
}
