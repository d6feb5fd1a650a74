import type { NetworkProvider } from '@ton/blueprint';
import { Registry } from 'cocoon-wrappers';
import { type Deployment, planDeployment } from '../tools/deploy/deployment';
import { describeDeployment } from '../tools/deploy/deployment-report';
import { DeployError } from '../tools/deploy/errors';
import { readPrices } from '../tools/deploy/fees';
import { deployedFileOf, loadDeployed, saveDeployed } from '../tools/deploy/network-file';
import { checkOnChain } from '../tools/deploy/on-chain';
import { confirmAndSend, walletFees } from '../tools/deploy/send';
import { newQueryId, openSession, type Session } from '../tools/deploy/session';
import { formatHash } from '../tools/deploy/units';

/**
 * Deploys a network as its file describes it. Always shows first what it will do and compares file, build and chain;
 * goes no further on any difference.
 */
export async function run(provider: NetworkProvider, args: string[]): Promise<void> {
    const session = await openSession(provider, args, { script: 'deployProtocol' });
    const { network, sender, write } = session;
    const plan = planDeployment(network, sender, await readPrices(provider), await newQueryId());
    write(describeDeployment(network, plan, await walletFees(provider, plan.message)));
    requireSameRegistry(session, plan);
    const found = await checkOnChain(provider, network, plan);
    if (found === 'same') {
        write('This network is deployed already, exactly as described. Nothing to do.');
        if (!session.args.flag('dry-run')) record(session, plan);
        return;
    }
    if (found === 'unopened') write('Its StateInit is on chain already; it only has to be opened.');
    if (!(await confirmAndSend(session, plan.message))) return;
    await verify(provider, plan);
    record(session, plan);
}

/** Another wallet or salt makes another Registry: two networks under one name would mislead everyone. */
function requireSameRegistry({ network }: Session, { registry }: Deployment): void {
    const deployed = loadDeployed(network);
    if (!deployed || deployed.registry.equals(registry.address)) return;
    throw new DeployError(
        `${network.name} is deployed already, at ${deployed.registry}; this would be ${registry.address}.`,
        `Deploy from the wallet that did, with its salt; for another network move ${deployedFileOf(network)} away.`,
    );
}

/** What is on chain now is what was shown. */
async function verify(provider: NetworkProvider, plan: Deployment): Promise<void> {
    const network = await provider.open(Registry.fromAddress(plan.registry.address)).getNetwork();
    if (network.termsHash !== plan.termsHash || network.releaseHash !== plan.releaseHash) {
        throw new Error('The Registry opened with other terms than it was sent: do not use it.');
    }
}

function record({ network, write }: Session, plan: Deployment): void {
    const codes = [...plan.codes].map(([name, { hash, depth }]) => [name, { hash: formatHash(hash), depth }]);
    const file = saveDeployed(network, {
        networkId: network.networkId,
        registry: plan.registry.address.toString(),
        governor: plan.governor.toString(),
        salt: Number(network.salt),
        termsHash: formatHash(plan.termsHash),
        releaseHash: formatHash(plan.releaseHash),
        codes: Object.fromEntries(codes),
    });
    write(`Registry ${plan.registry.address}; written to ${file}.`);
}
