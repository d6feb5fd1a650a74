import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Address } from '@ton/core';
import type { NewModel } from 'cocoon-wrappers';
import * as bounds from '../../build/Registry/Registry_Registry';
import { DeployError } from './errors';
import { JsonFields } from './json-fields';
import { readTermsParams, readTimelock, type TermsParams } from './terms-file';

export const contractNames = ['Registry', 'NodeBootstrap', 'Node', 'Market', 'Job', 'Vault'] as const;
export type ContractName = (typeof contractNames)[number];

/** A network as its file in networks/ describes it. "deployer" stands for the wallet that deploys. */
export interface NetworkFile {
    file: string;
    /** The file's name without .json. */
    name: string;
    networkId: number;
    salt: bigint;
    governor: Address | 'deployer';
    guardian: Address | 'deployer';
    treasury: Address | 'deployer';
    /** Seconds. */
    timelock: number;
    terms: TermsParams;
    models: Map<bigint, NewModel>;
    /** Code hashes that the build must have, for deployments of an audited version. */
    codes: Map<ContractName, bigint>;
}

/** What stands where after a deployment; beside the network's file, to be committed with it. */
export interface DeployedFile {
    networkId: number;
    registry: Address;
}

/** `name` is a path, or a name for networks/<name>.json. */
export function loadNetwork(name: string): NetworkFile {
    const file = name.endsWith('.json') ? name : join('networks', `${name}.json`);
    const fields = JsonFields.load(file);
    const networkId = fields.integer('networkId', { min: -0x8000_0000, max: 0x7fff_ffff });
    const network: NetworkFile = {
        file,
        name: nameOf(file),
        networkId,
        salt: fields.has('salt') ? BigInt(fields.integer('salt', { min: 0 })) : 0n,
        governor: fields.has('governor') ? fields.addressOr('governor', 'deployer') : 'deployer',
        guardian: fields.addressOr('guardian', 'deployer'),
        treasury: fields.addressOr('treasury', 'deployer'),
        timelock: readTimelock(fields, networkId),
        terms: readTermsParams(fields.object('terms'), networkId),
        models: fields.has('models') ? readModels(fields) : new Map(),
        codes: fields.has('codes') ? readCodes(fields.object('codes')) : new Map(),
    };
    fields.done();
    return network;
}

function nameOf(file: string): string {
    return file.replace(/^.*[\\/]/, '').replace(/\.json$/, '');
}

export function readModels(fields: JsonFields): Map<bigint, NewModel> {
    const models = new Map<bigint, NewModel>();
    const entries = fields.objects('models');
    const most = Number(bounds.MAX_MODEL_CHANGES);
    if (entries.length > most) fields.fail('models', `at most ${most} models; propose further ones later`);
    for (const entry of entries) {
        const modelId = entry.hash('modelId');
        if (models.has(modelId)) entry.fail('modelId', 'each model once');
        models.set(modelId, { name: readName(entry), manifestUri: entry.string('manifestUri', 'a URI') });
        entry.done();
    }
    return models;
}

function readName(entry: JsonFields): string {
    const name = entry.string('name', 'the name of the model');
    if (name.includes('\n')) entry.fail('name', 'a name in one line');
    return name;
}

function readCodes(fields: JsonFields): Map<ContractName, bigint> {
    const codes = new Map<ContractName, bigint>();
    for (const name of contractNames) if (fields.has(name)) codes.set(name, fields.hash(name));
    fields.done();
    return codes;
}

export function deployedFileOf(network: NetworkFile): string {
    return join(dirname(network.file), `${network.name}.deployed.json`);
}

/** Undefined before the first deployment. */
export function loadDeployed(network: NetworkFile): DeployedFile | undefined {
    const file = deployedFileOf(network);
    if (!existsSync(file)) return undefined;
    const { networkId, registry } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
    if (networkId !== network.networkId || typeof registry !== 'string') {
        throw new DeployError(
            `${file} belongs to network ${String(networkId)}, ${network.file} to ${network.networkId}.`,
            'Restore the file that belongs to this network, or move it away if the network is a new one.',
        );
    }
    return { networkId, registry: Address.parse(registry) };
}

export function saveDeployed(network: NetworkFile, content: Record<string, unknown>): string {
    const file = deployedFileOf(network);
    writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);
    return file;
}
