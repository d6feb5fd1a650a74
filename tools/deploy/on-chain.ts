import type { NetworkProvider } from '@ton/blueprint';
import { Cell } from '@ton/core';
import { Registry } from 'cocoon-wrappers';
import type { Deployment } from './deployment';
import { DeployError } from './errors';
import type { NetworkFile } from './network-file';
import { compareTerms } from './terms-report';
import { formatDuration, formatHash, formatTable } from './units';

type Difference = [what: string, file: string, chain: string];

/**
 * What is at the address already: `absent`, `unopened` (only the StateInit, which anyone may bring) or `same`.
 * @throws DeployError when something else is there
 */
export async function checkOnChain(
    provider: NetworkProvider,
    network: NetworkFile,
    plan: Deployment,
): Promise<'absent' | 'unopened' | 'same'> {
    const { address } = plan.registry;
    const { state } = await provider.getContractState(address);
    if (state.type === 'frozen') {
        throw new DeployError(
            `The Registry's account ${address} is frozen.`,
            'Use another salt in the network file.',
        );
    }
    if (state.type !== 'active') return 'absent';
    const code = state.code && Cell.fromBoc(state.code)[0];
    if (!code?.hash().equals(Registry.code().hash())) {
        throw new DeployError(
            `At ${address} runs other code (${code ? code.hash().toString('hex') : 'none'}) than this build's Registry.`,
            'It was upgraded by governance: check out the version that is deployed. To start a new network, change salt.',
        );
    }
    if (!(await isOpen(provider, plan))) return 'unopened';
    const differences = await compare(provider, network, plan);
    if (differences.length === 0) return 'same';
    throw new DeployError(
        `A Registry is open at ${address}, but not as ${network.file} says:\n${formatTable([['', 'file', 'chain'], ...differences])}`,
        'To change it use proposeChange; to describe it correct the file; to start another network change salt.',
    );
}

/** `state` is the last bit of the data of a Registry that nobody opened. */
async function isOpen(provider: NetworkProvider, { registry }: Deployment): Promise<boolean> {
    const { state } = await provider.getContractState(registry.address);
    if (state.type !== 'active' || !state.data) return false;
    return !Cell.fromBoc(state.data)[0]!.equals(registry.init!.data!);
}

async function compare(
    provider: NetworkProvider,
    file: NetworkFile,
    plan: Deployment,
): Promise<Difference[]> {
    const registry = provider.open(Registry.fromAddress(plan.registry.address));
    const network = await registry.getNetwork();
    const differences: Difference[] = compareTerms(plan.terms, await registry.getTerms());
    const expect = (what: string, inFile: string, onChain: string) => {
        if (inFile !== onChain) differences.push([what, inFile, onChain]);
    };
    expect('terms hash', formatHash(plan.termsHash), formatHash(network.termsHash));
    expect('release hash', formatHash(plan.releaseHash), formatHash(network.releaseHash));
    expect('guardian', plan.guardian.toString(), network.guardian.toString());
    expect('timelock', formatDuration(file.timelock), formatDuration(network.timelock));
    const models = await registry.getModels();
    for (const [id, { name, manifestUri }] of file.models) {
        const found = models.get(id);
        const chain = found ? `${found.name} ${found.manifestUri}` : 'absent';
        expect(`model ${formatHash(id)}`, `${name} ${manifestUri}`, chain);
    }
    return differences;
}
