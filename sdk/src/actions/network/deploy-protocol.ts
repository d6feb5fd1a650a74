import type { Address } from '@ton/core';
import { Registry } from 'cocoon-wrappers';
import type { CocoonClient } from '../../client/client';
import { DeploymentMismatchError } from '../../client/errors';
import { sendTransactions, type WriteErrorType, type WriteResult } from '../write';
import { type DeploymentConfig, type DeploymentPlan, planDeployment } from './plan-deployment';

export type DeployProtocolParameters = {
    readonly config: DeploymentConfig;
    /** Who deploys, for a dry run without a sender. */
    readonly governor?: Address;
    /** Only computes: nothing is sent. */
    readonly dryRun?: boolean;
};
export type DeployProtocolReturnType = DeploymentPlan & {
    /** `planned`: dry run. `existing`: the same network was deployed before. */
    readonly status: 'planned' | 'deployed' | 'existing';
    readonly result?: WriteResult;
};
export type DeployProtocolErrorType = DeploymentMismatchError | WriteErrorType;

/**
 * Deploys and opens a Registry with the sender as governor; the client needs none (`registry: null`).
 * Calling again with the same config sends nothing. Throws DeploymentMismatchError before anything is sent when the
 * plan is not what `config.expected` says, or when another network is at the address.
 */
export async function deployProtocol(
    client: CocoonClient,
    { config, governor, dryRun = false }: DeployProtocolParameters,
): Promise<DeployProtocolReturnType> {
    const deployer = dryRun && governor ? governor : client.sender.address;
    const plan = planDeployment(config, deployer, await client.getPrices());
    checkExpectation(plan, config);
    if (await isDeployed(client, plan)) {
        await checkDeployed(client, plan);
        return { ...plan, status: 'existing' };
    }
    if (dryRun) return { ...plan, status: 'planned' };
    const result = await sendTransactions(client, [plan.message]);
    await checkDeployed(client, plan);
    return { ...plan, status: 'deployed', result };
}

function checkExpectation(plan: DeploymentPlan, { expected }: DeploymentConfig): void {
    if (expected === undefined) return;
    if (expected.registry !== undefined && !expected.registry.equals(plan.registry)) {
        throw new DeploymentMismatchError(
            'The address of the Registry',
            expected.registry.toString(),
            plan.registry.toString(),
        );
    }
    compare('The terms hash', expected.termsHash, plan.termsHash);
    compare('The release hash', expected.releaseHash, plan.releaseHash);
    for (const [kind, hash] of Object.entries(expected.codes ?? {})) {
        compare(`The code hash of ${kind}`, hash, plan.codes[kind as keyof DeploymentPlan['codes']].hash);
    }
}

/** A Registry without state was deployed by somebody else's StateInit: it can still be opened. */
async function isDeployed(client: CocoonClient, plan: DeploymentPlan): Promise<boolean> {
    const { state, data } = await client.reader.getAccount(plan.registry);
    return state === 'active' && data !== null && !data.equals(plan.message.init!.data!);
}

async function checkDeployed(client: CocoonClient, plan: DeploymentPlan): Promise<void> {
    const network = await client.open(Registry.fromAddress(plan.registry)).getNetwork();
    compare('The terms hash on chain', plan.termsHash, network.termsHash);
    compare('The release hash on chain', plan.releaseHash, network.releaseHash);
}

function compare(what: string, expected: bigint | undefined, found: bigint): void {
    if (expected !== undefined && expected !== found) {
        throw new DeploymentMismatchError(what, hex(expected), hex(found));
    }
}

function hex(hash: bigint): string {
    return `0x${hash.toString(16).padStart(64, '0')}`;
}
