import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Cell } from '@ton/core';
import { type CodeId, codeId } from 'cocoon-wrappers';
import { codes } from '../../build/artifacts';
import { DeployError } from './errors';
import { type ContractName, contractNames, type NetworkFile } from './network-file';
import { formatHash } from './units';

/**
 * Identities of all contracts as they will be deployed.
 * @throws DeployError when the build contradicts itself or the hashes that the network's file pins
 */
export function checkBuild(network: NetworkFile, buildDirectory = 'build'): Map<ContractName, CodeId> {
    return new Map(
        contractNames.map((name) => {
            const id = codeId(Cell.fromBase64(codes[name].boc));
            const compiled = compiledCode(buildDirectory, name);
            if (compiled !== undefined && compiled !== id.hash) {
                throw mismatch(
                    name,
                    id.hash,
                    'what the compiler left in build/',
                    compiled,
                    'Run npm run setup to build afresh.',
                );
            }
            const pinned = network.codes.get(name);
            if (pinned !== undefined && pinned !== id.hash) {
                const remedy = 'Check out the version that these hashes belong to, or correct them.';
                throw mismatch(name, id.hash, `codes.${name} in ${network.file}`, pinned, remedy);
            }
            return [name, id];
        }),
    );
}

/** Hash of the compiler's own output, which a later build may have replaced. */
function compiledCode(directory: string, name: ContractName): bigint | undefined {
    const file = join(directory, name, `${name}_${name}.code.boc`);
    return existsSync(file) ? codeId(Cell.fromBoc(readFileSync(file))[0]!).hash : undefined;
}

function mismatch(name: string, built: bigint, what: string, other: bigint, remedy: string): DeployError {
    return new DeployError(
        `The code of ${name} is ${formatHash(built)}, but ${what} says ${formatHash(other)}.`,
        remedy,
    );
}
