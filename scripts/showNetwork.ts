import type { NetworkProvider } from '@ton/blueprint';
import { type NetworkData, Node, type Registry } from 'cocoon-wrappers';
import { readGovernance } from '../tools/deploy/governance';
import { describeProposals } from '../tools/deploy/proposal-report';
import { openRegistry, openSession } from '../tools/deploy/session';
import { describeTerms } from '../tools/deploy/terms-report';
import { formatDuration, formatHash, formatTable, formatTime, formatTon } from '../tools/deploy/units';

/** Prints the state of a network: who governs, terms, models, proposals, nodes. Sends nothing. */
export async function run(provider: NetworkProvider, args: string[]): Promise<void> {
    const session = await openSession(provider, args, {
        script: 'showNetwork',
        values: ['registry', 'nodes'],
    });
    const registry = await openRegistry(session);
    const network = await registry.getNetwork();
    const { balance } = await provider.getContractState(registry.address);
    session.write(`Network ${session.network.name}, Registry ${registry.address}`);
    session.write(formatTable([...describeNetwork(network), ['balance', formatTon(balance)]]));
    session.write(`Terms ${formatHash(network.termsHash)}`);
    session.write(formatTable(describeTerms(await registry.getTerms())));
    for (const [id, model] of await registry.getModels()) {
        session.write(
            `Model ${model.name}  ${formatHash(id)}  ${model.manifestUri}  since ${formatTime(model.addedAt)}`,
        );
    }
    session.write(describeProposals(await readGovernance(session, registry.address)));
    const shown = Math.min(network.nodeCount, Number(session.args.value('nodes') ?? 20));
    for (let index = 0; index < shown; index++)
        session.write(await describeNode(provider, registry.address, index));
    if (shown < network.nodeCount)
        session.write(`… and ${network.nodeCount - shown} more nodes (--nodes <count>)`);
}

function describeNetwork(network: NetworkData): [string, string][] {
    const time = (at: number) => (at === 0 ? 'never' : formatTime(at));
    return [
        ['network id', String(network.networkId)],
        ['governor', network.governor.toString()],
        ['pending governor', network.pendingGovernor?.toString() ?? 'none'],
        ['guardian', network.guardian.toString()],
        ['timelock', formatDuration(network.timelock)],
        ['paused until', time(network.pausedUntil)],
        ['next pause possible', time(network.nextPauseAt)],
        ['Node release', `${network.releaseVersion} ${formatHash(network.releaseHash)}`],
        ['least registration', formatTon(network.minimumRegistration)],
        ['nodes', String(network.nodeCount)],
        ['terms so far', String(network.termsCount)],
    ];
}

async function describeNode(
    provider: NetworkProvider,
    registry: Registry['address'],
    index: number,
): Promise<string> {
    const contract = Node.fromIndex(registry, index);
    const node = await provider.open(contract).getNode();
    const state = node.exiting ? ', exiting' : '';
    return `Node ${index}  ${contract.address}  owner ${node.owner}  stake ${formatTon(node.stake)}, locked ${formatTon(node.locked)}${state}`;
}
