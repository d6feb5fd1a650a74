import type { NetworkProvider } from '@ton/blueprint';
import type { OpenedContract, Transaction } from '@ton/core';
import { decodeEvent, Node, type Registry, registryBodies } from 'cocoon-wrappers';
import { DeployError } from '../tools/deploy/errors';
import { hashOf } from '../tools/deploy/message';
import { askNode, loadNode, type NodeDescription } from '../tools/deploy/node-file';
import { waitForActive } from '../tools/deploy/outcome';
import { confirmAndSend } from '../tools/deploy/send';
import { newQueryId, openRegistry, openSession } from '../tools/deploy/session';
import { formatTon } from '../tools/deploy/units';

/** Registers a node; the wallet that sends becomes its owner. Without a file it asks for everything. */
export async function run(provider: NetworkProvider, args: string[]): Promise<void> {
    const session = await openSession(provider, args, {
        script: 'registerNode',
        positionals: ['node.json?'],
        values: ['registry'],
        flags: ['any-release'],
    });
    const registry = await openRegistry(session);
    const file = session.args.optional('node.json');
    const node = file === undefined ? await askNode(provider) : loadNode(file);
    await requireRelease(registry, session.args.flag('any-release'));
    const network = await registry.getNetwork();
    if (Date.now() < network.pausedUntil * 1_000) {
        session.write('⚠ The network is paused: registrations are refused.');
    }
    await checkStake(registry, node, session.write);
    const { minStake } = (await registry.getTerms()).stakeParams;
    const transaction = await confirmAndSend(session, {
        purpose: 'Register a node',
        to: registry.address,
        value: node.stake + network.minimumRegistration - minStake,
        rest: `what storage and fees leave of it becomes stake, at least ${formatTon(node.stake)}`,
        body: registryBodies.registerNode({
            queryId: await newQueryId(),
            releaseHash: network.releaseHash,
            termsHash: network.termsHash,
            operatorKey: node.operatorKey,
            hot: { operator: node.operator, payout: node.payout, encryptionKey: node.encryptionKey },
            endpoint: node.endpoint,
            offers: node.offers,
        }),
    });
    if (!transaction) return;
    const index = registeredIn(transaction);
    const contract = Node.fromIndex(registry.address, index);
    await waitForActive(provider, contract.address);
    const { stake, owner } = await provider.open(contract).getNode();
    session.write(`Node ${index} at ${contract.address}, owner ${owner}, stake ${formatTon(stake)}.`);
}

/** The owner's stake will obey this code, so it must be code that the owner can read: what is built here. */
async function requireRelease(registry: OpenedContract<Registry>, any: boolean): Promise<void> {
    const { code, version } = await registry.getRelease();
    if (any || code.hash().equals(Node.code().hash())) return;
    throw new DeployError(
        `The network's Node release ${version} has code ${hashOf(code)}; this build has ${hashOf(Node.code())}.`,
        'Check out the version of that release; or, if you know that code, repeat with --any-release.',
    );
}

async function checkStake(
    registry: OpenedContract<Registry>,
    { stake, offers }: NodeDescription,
    write: (text: string) => void,
): Promise<void> {
    const { minStake, reserve } = (await registry.getTerms()).stakeParams;
    if (stake < minStake) {
        throw new DeployError(
            `A stake of ${formatTon(stake)} is below the network's least, ${formatTon(minStake)}.`,
            `Stake more; to take jobs it must exceed the reserve of ${formatTon(reserve)} by their collateral.`,
        );
    }
    if (stake <= reserve) {
        write(
            `⚠ The reserve of ${formatTon(reserve)} takes all of this stake: the node cannot claim jobs that ask for collateral.`,
        );
    }
    const models = await registry.getModels();
    for (const { modelId } of offers) {
        if (!models.has(modelId))
            write(`⚠ Model 0x${modelId.toString(16).padStart(64, '0')} is not in the catalogue.`);
    }
}

function registeredIn(transaction: Transaction): number {
    for (const message of transaction.outMessages.values()) {
        const event = message.info.type === 'external-out' ? decodeEvent(message.body) : null;
        if (event?.$$type === 'NodeRegistered') return Number(event.index);
    }
    throw new Error('The Registry accepted the registration without an event; see its transaction.');
}
