import type { NetworkProvider } from '@ton/blueprint';
import { DeployError } from '../tools/deploy/errors';
import { readSdk, withSdkErrors } from '../tools/deploy/sdk';
import { openRegistry, openSession, parseAddress } from '../tools/deploy/session';
import { formatDuration, formatTable, formatTime, formatTon } from '../tools/deploy/units';

/** Prints balance and allocations of a vault. Sends nothing. */
export async function run(provider: NetworkProvider, args: string[]): Promise<void> {
    const session = await openSession(provider, args, {
        script: 'showVault',
        positionals: ['vault'],
        values: ['registry'],
    });
    const vault = parseAddress(session.args.positional('vault'), 'The vault');
    const registry = await openRegistry(session);
    const { vaults } = await readSdk(session, registry.address);
    const info = await withSdkErrors(vaults.get({ vault }));
    if (!info) {
        throw new DeployError(`There is no open vault at ${vault}.`, 'Check the address and the network.');
    }
    const genuine = await withSdkErrors(vaults.isGenuine({ vault }));
    const rows = [
        ['client', info.identity.client.toString()],
        ['terms', genuine ? 'current' : 'not the current ones of this Registry'],
        ['free', formatTon(info.free)],
        ['reserved', formatTon(info.reserved)],
        ['fees owed', formatTon(info.feesOwed)],
        ['release delay', formatDuration(info.releaseDelay)],
        ['can be destroyed', `from ${formatTime(info.identity.openBefore)}, without allocations`],
    ];
    session.write(`Vault ${vault}\n${formatTable(rows)}`);
    const allocations = [...(await withSdkErrors(vaults.getAllocations({ vault }))).values()];
    if (allocations.length === 0) {
        session.write('No allocations.');
        return;
    }
    const table = allocations.map(({ slot, generation, node, allocated, claimed, releaseAt }) => [
        String(slot),
        String(generation),
        node.toString(),
        formatTon(allocated),
        formatTon(claimed),
        releaseAt === 0 ? '' : `release from ${formatTime(releaseAt)}`,
    ]);
    session.write(formatTable([['slot', 'generation', 'node', 'allocated', 'redeemed', ''], ...table]));
}
