import type { Address, Cell } from '@ton/core';
import {
    type CodeId,
    cellHash,
    encodeRelease,
    encodeTerms,
    Node,
    Registry,
    registryBodies,
    type Terms,
} from 'cocoon-wrappers';
import { GAS_INIT } from '../../build/Registry/Registry_Registry';
import { checkBuild } from './build-check';
import { DeployError } from './errors';
import { operationFee, type Prices, registryStorage, withMargin } from './fees';
import type { OutMessage } from './message';
import type { ContractName, NetworkFile } from './network-file';
import { buildTerms } from './terms-file';

/** Everything that a deployment will put on chain, computed before anything is sent. */
export interface Deployment {
    registry: Registry;
    governor: Address;
    guardian: Address;
    treasury: Address;
    terms: Terms;
    termsHash: bigint;
    releaseHash: bigint;
    codes: Map<ContractName, CodeId>;
    /** Stays in the Registry as its storage reserve, nanoTON. */
    storage: bigint;
    /** Upper bound of what the transaction uses, nanoTON. */
    fee: bigint;
    message: OutMessage;
}

const FIRST_RELEASE = 1;

/** @throws DeployError when file, build and deployer do not fit together */
export function planDeployment(
    network: NetworkFile,
    deployer: Address | undefined,
    prices: Prices,
    queryId: bigint,
): Deployment {
    const codes = checkBuild(network);
    const governor = governorOf(network, deployer);
    const guardian = network.guardian === 'deployer' ? governor : network.guardian;
    const treasury = network.treasury === 'deployer' ? governor : network.treasury;
    const terms = buildTerms(network.networkId, treasury, network.terms);
    if (terms.minNodeVersion > FIRST_RELEASE) {
        throw new DeployError(
            `${network.file}: terms.minNodeVersion is ${terms.minNodeVersion}, above the first release's version.`,
            `Expected ${FIRST_RELEASE}.`,
        );
    }
    const termsCell = encodeTerms(terms);
    const release = encodeRelease({ version: FIRST_RELEASE, code: Node.code(), migrator: null });
    const bootstrap = Node.bootstrapCode();
    const registry = Registry.fromConfig({ governor, salt: network.salt, bootstrap });
    const body = registryBodies.init({
        queryId,
        guardian,
        timelock: network.timelock,
        terms: termsCell,
        release,
        bootstrap,
        models: network.models,
    });
    const storage = registryStorage(prices, release, network.models.size);
    const fee = operationFee(prices, GAS_INIT);
    return {
        registry,
        governor,
        guardian,
        treasury,
        terms,
        termsHash: cellHash(termsCell),
        releaseHash: cellHash(release),
        codes,
        storage,
        fee,
        message: initMessage(registry, network.name, withMargin(storage + fee), body),
    };
}

function initMessage(registry: Registry, name: string, value: bigint, body: Cell): OutMessage {
    const purpose = `Deploy the Registry of ${name} and open it`;
    return { purpose, to: registry.address, value, body, init: registry.init };
}

/** Only the governor in the Registry's identity may open it, so it must be the one who deploys. */
function governorOf({ governor, file }: NetworkFile, deployer: Address | undefined): Address {
    if (governor === 'deployer') {
        if (deployer) return deployer;
        throw new DeployError(
            'The first governor is "deployer", but the address of your wallet is not known.',
            'Use --mnemonic or --tonconnect, or put the address of the wallet into the file as governor.',
        );
    }
    if (!deployer || governor.equals(deployer)) return governor;
    throw new DeployError(
        `${file} names ${governor} as the first governor; this wallet is ${deployer}.`,
        'Deploy from that wallet; or leave governor out, deploy, and hand over with transferGovernance.',
    );
}
