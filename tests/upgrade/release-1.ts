import { beginCell, Cell, contractAddress, type StateInit, toNano } from '@ton/core';
import type { Blockchain } from '@ton/sandbox';
import {
    cellHash,
    codeId,
    encodeJobSpec,
    encodeRelease,
    encodeTerms,
    Job,
    Node,
    Registry,
    registryBodies,
    type Terms,
    Vault,
    vaultBodies,
} from 'cocoon-wrappers';
import { createBlockchain } from '../helpers/blockchain';
import { draftJob, escrowOf, type PostedJob, type PostOptions, postBody } from '../helpers/job';
import type { Protocol } from '../helpers/protocol';
import { registerOperator, type Scene } from '../helpers/scene';
import { defaultTerms, HOUR } from '../helpers/terms';
import { AMPLE } from '../helpers/trace';
import { allocation, DEPOSIT, draftVault, type OpenedVault } from '../helpers/vault';
import file from './release-1.json';

// The network before disputes: codes of then, terms of layout 1.

const code = (name: keyof typeof file.codes): Cell => Cell.fromBase64(file.codes[name]);

export const OLD = {
    registry: code('Registry'),
    bootstrap: code('NodeBootstrap'),
    node: code('Node'),
    market: code('Market'),
    job: code('Job'),
    vault: code('Vault'),
};

/** Layout 1: the kinds end before the parameters of disputes. */
function encodeTermsV1(terms: Terms): Cell {
    const cell = encodeTerms({
        ...terms,
        layout: 1,
        kinds: { ...terms.kinds, dispute: null, disputes: null },
    });
    const slice = cell.beginParse();
    const fields = beginCell().storeBits(slice.loadBits(slice.remainingBits));
    const [jobParams, stakeParams, kinds] = [slice.loadRef(), slice.loadRef(), slice.loadRef().beginParse()];
    const shorter = beginCell()
        .storeBits(kinds.loadBits(kinds.remainingBits - 1))
        .endCell();
    return fields.storeRef(jobParams).storeRef(stakeParams).storeRef(shorter).endCell();
}

function initOf(contract: { init?: StateInit }, code: Cell): StateInit {
    return { code, data: contract.init!.data! };
}

/** A network of release 1 with two nodes. */
export async function createOldScene(): Promise<Scene> {
    const blockchain = await createBlockchain();
    const wallet = (name: string) => blockchain.treasury(name);
    const protocol = await deployOld(blockchain);
    const scene: Scene = {
        blockchain,
        protocol,
        client: await wallet('client'),
        keeper: await wallet('keeper'),
        stranger: await wallet('stranger'),
        nodes: [],
    };
    for (let i = 0; i < 2; i++) scene.nodes.push(await registerOperator(scene));
    return scene;
}

async function deployOld(blockchain: Blockchain): Promise<Protocol> {
    const [governor, guardian, treasury] = await Promise.all([
        blockchain.treasury('governor'),
        blockchain.treasury('guardian'),
        blockchain.treasury('protocol-treasury'),
    ]);
    const terms: Terms = {
        ...defaultTerms({ jobParams: { treasury: treasury.address } }),
        layout: 1,
        job: codeId(OLD.job),
        market: codeId(OLD.market),
        kinds: {
            vault: codeId(OLD.vault),
            releaseDelay: 6 * HOUR,
            dispute: null,
            attestor: null,
            disputes: null,
        },
    };
    const termsCell = encodeTermsV1(terms);
    const release = { version: 1, code: OLD.node, migrator: null };
    const releaseCell = encodeRelease(release);
    const config = { governor: governor.address, salt: 0n, bootstrap: OLD.bootstrap };
    const init = initOf(Registry.fromConfig(config), OLD.registry);
    const registry = blockchain.openContract(new Registry(contractAddress(0, init), init));
    const result = await registry.sendMessage(
        governor.getSender(),
        toNano('10'),
        registryBodies.init({
            guardian: guardian.address,
            timelock: HOUR,
            terms: termsCell,
            release: releaseCell,
            bootstrap: OLD.bootstrap,
        }),
    );
    expect(result.transactions).toHaveTransaction({ to: registry.address, success: true, deploy: true });
    return {
        registry,
        governor,
        guardian,
        treasury,
        terms,
        termsCell,
        termsHash: cellHash(termsCell),
        release,
        releaseCell,
        releaseHash: cellHash(releaseCell),
        timelock: HOUR,
    };
}

/** A job under the old terms, posted. */
export async function postOldJob(scene: Scene, options: PostOptions = {}): Promise<PostedJob> {
    const draft = draftJob(scene, options);
    const init = initOf(Job.fromIdentity(draft.identity), OLD.job);
    const job = scene.blockchain.openContract(new Job(contractAddress(0, init), init));
    const posted = { ...draft, job, specHash: cellHash(encodeJobSpec(draft.spec)) };
    const value = escrowOf(draft.spec, scene.protocol.terms) + AMPLE;
    const result = await job.sendMessage(scene.client.getSender(), value, postBody(scene, posted));
    expect(result.transactions).toHaveTransaction({ to: job.address, success: true, deploy: true });
    return posted;
}

/** A vault under the old terms, opened with ten TON for the first node. */
export async function openOldVault(scene: Scene): Promise<OpenedVault> {
    const { identity } = draftVault(scene);
    const init = initOf(Vault.fromIdentity(identity), OLD.vault);
    const vault = scene.blockchain.openContract(new Vault(contractAddress(0, init), init));
    const body = vaultBodies.open({ terms: scene.protocol.termsCell, allocations: [allocation(scene)] });
    const result = await vault.sendMessage(scene.client.getSender(), DEPOSIT, body);
    expect(result.transactions).toHaveTransaction({ to: vault.address, success: true, deploy: true });
    return { vault, identity };
}

/** The codes of this build, as the governor offers them: terms of layout 2, and the release that they demand. */
export function nextNetwork(scene: Scene): {
    terms: Terms;
    termsCell: Cell;
    releaseCell: Cell;
    releaseHash: bigint;
} {
    const { treasury } = scene.protocol;
    const terms = { ...defaultTerms({ jobParams: { treasury: treasury.address } }), minNodeVersion: 2 };
    const releaseCell = encodeRelease({ version: 2, code: Node.code(), migrator: null });
    return { terms, termsCell: encodeTerms(terms), releaseCell, releaseHash: cellHash(releaseCell) };
}

/** The same scene as those see it that use the new terms. */
export function underNewTerms(scene: Scene): Scene {
    const { terms, termsCell } = nextNetwork(scene);
    return { ...scene, protocol: { ...scene.protocol, terms, termsCell, termsHash: cellHash(termsCell) } };
}
