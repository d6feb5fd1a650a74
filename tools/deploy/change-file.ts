import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Cell, type OpenedContract } from '@ton/core';
import {
    codeId,
    Dispute,
    decodeTerms,
    encodeRelease,
    encodeTerms,
    Job,
    Market,
    Node,
    type ProposalParts,
    Registry,
    TERMS_LAYOUT,
    Vault,
} from 'cocoon-wrappers';
import { DeployError } from './errors';
import { JsonFields } from './json-fields';
import { readModels } from './network-file';
import { DEFAULT_RELEASE_DELAY, readTermsParams, readTimelock } from './terms-file';

/**
 * Reads a file of changes into a proposal. What the file leaves out stays as it is on chain; "built" stands for the code of
 * this build, anything else for the path of a bag of cells, relative to the file.
 */
export async function readChange(file: string, registry: OpenedContract<Registry>): Promise<ProposalParts> {
    const fields = JsonFields.load(file);
    const { networkId } = await registry.getNetwork();
    const parts: ProposalParts = {
        guardian: fields.has('guardian') ? fields.address('guardian') : undefined,
        timelock: fields.has('timelock') ? readTimelock(fields, networkId) : undefined,
        terms: fields.has('terms') ? await readTermsChange(fields.object('terms'), registry) : undefined,
        release: fields.has('release') ? await readRelease(fields.object('release'), registry) : undefined,
        models: fields.has('models') ? readModels(fields) : undefined,
        removedModels: fields.has('removedModels') ? fields.hashes('removedModels') : undefined,
        ...(fields.has('registry') ? readRegistryCode(fields.object('registry')) : {}),
    };
    fields.done();
    if (Object.values(parts).every((part) => part === undefined)) {
        throw new DeployError(
            `${file} changes nothing.`,
            'Give at least one of: guardian, timelock, terms, release, models, removedModels, registry.',
        );
    }
    return parts;
}

async function readTermsChange(fields: JsonFields, registry: OpenedContract<Registry>): Promise<Cell> {
    const present = decodeTerms(await registry.getTermsCell());
    const treasury = fields.has('treasury') ? fields.address('treasury') : present.jobParams.treasury;
    const built = fields.has('contracts') && fields.string('contracts', '"built"') === 'built';
    if (fields.has('contracts') && !built) fields.fail('contracts', '"built"');
    const { kinds } = present;
    const vaultParams = { releaseDelay: kinds.vault ? kinds.releaseDelay : DEFAULT_RELEASE_DELAY };
    const params = readTermsParams(fields, present.networkId, {
        ...present,
        vaultParams,
        disputeParams: kinds.disputes,
    });
    const vault = built ? codeId(Vault.code()) : kinds.vault;
    const disputes = params.disputeParams;
    return encodeTerms({
        ...present,
        layout: TERMS_LAYOUT,
        ...(built ? { job: codeId(Job.code()), market: codeId(Market.code()) } : {}),
        minNodeVersion: params.minNodeVersion,
        marketShards: params.marketShards,
        jobParams: { ...params.jobParams, treasury },
        stakeParams: params.stakeParams,
        kinds: {
            ...kinds,
            vault,
            releaseDelay: vault ? params.vaultParams.releaseDelay : 0,
            dispute: built || !kinds.dispute ? disputes && codeId(Dispute.code()) : kinds.dispute,
            disputes,
        },
    });
}

async function readRelease(fields: JsonFields, registry: OpenedContract<Registry>): Promise<Cell> {
    const { version } = await registry.getRelease();
    const code = readCode(fields, 'code', Node.code);
    const migrator = fields.has('migrator') ? readCode(fields, 'migrator') : null;
    fields.done();
    return encodeRelease({ version: version + 1, code, migrator });
}

function readRegistryCode(fields: JsonFields): Pick<ProposalParts, 'code' | 'migrator'> {
    const code = readCode(fields, 'code', Registry.code);
    const migrator = fields.has('migrator') ? readCode(fields, 'migrator') : undefined;
    fields.done();
    return { code, migrator };
}

function readCode(fields: JsonFields, name: string, built?: () => Cell): Cell {
    const choice = built ? '"built", or the path of a bag of cells' : 'the path of a bag of cells';
    const path = fields.string(name, choice);
    if (path === 'built' && built) return built();
    try {
        return Cell.fromBoc(readFileSync(resolve(dirname(fields.file), path)))[0]!;
    } catch {
        return fields.fail(name, choice);
    }
}
