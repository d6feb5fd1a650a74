import type { NetworkProvider } from '@ton/blueprint';
import { connectSdk, withSdkErrors } from '../tools/deploy/sdk';
import { askToSend } from '../tools/deploy/send';
import { newQueryId, openRegistry, openSession, parseAddress, parseAmount } from '../tools/deploy/session';

/** Takes TON out of a vault: the amount, or all that is free. From the wallet that opened it. */
export async function run(provider: NetworkProvider, args: string[]): Promise<void> {
    const session = await openSession(provider, args, {
        script: 'withdrawVault',
        positionals: ['vault', 'amount?'],
        values: ['registry'],
    });
    const vault = parseAddress(session.args.positional('vault'), 'The vault');
    const text = session.args.optional('amount');
    const amount = text === undefined ? undefined : parseAmount(text, 'The amount');
    const order = { vault, amount, queryId: await newQueryId() };
    const registry = await openRegistry(session);
    const cocoon = await connectSdk(session, registry.address);
    if (session.args.flag('dry-run')) {
        const message = await withSdkErrors(cocoon.vaults.getWithdrawTxParams(order));
        await askToSend(session, { purpose: `Withdraw from the vault at ${vault}`, ...message });
        return;
    }
    await withSdkErrors(cocoon.vaults.withdraw(order));
    session.write(`✓ ${text === undefined ? 'All that was free' : `${text} TON`} went to the client.`);
}
