import type { NetworkProvider } from '@ton/blueprint';
import { connectSdk, withSdkErrors } from '../tools/deploy/sdk';
import { askToSend } from '../tools/deploy/send';
import { newQueryId, openRegistry, openSession, parseAmount } from '../tools/deploy/session';
import { formatTon } from '../tools/deploy/units';

/** Opens a vault of the sending wallet with a deposit in TON; a gateway or the SDK allocates it to nodes. */
export async function run(provider: NetworkProvider, args: string[]): Promise<void> {
    const session = await openSession(provider, args, {
        script: 'openVault',
        positionals: ['deposit'],
        values: ['registry'],
    });
    const deposit = parseAmount(session.args.positional('deposit'), 'The deposit');
    const order = { deposit, queryId: await newQueryId() };
    const registry = await openRegistry(session);
    const cocoon = await connectSdk(session, registry.address);
    if (session.args.flag('dry-run')) {
        const message = await withSdkErrors(cocoon.vaults.getOpenTxParams(order));
        const rest = 'what storage and fees leave of it is the deposit';
        await askToSend(session, { purpose: `Open a vault at ${message.to}`, ...message, rest });
        return;
    }
    const { address } = await withSdkErrors(cocoon.vaults.open(order));
    session.write(`✓ Vault ${address} is open with ${formatTon(deposit)} to allocate.`);
}
