import type { NetworkProvider } from '@ton/blueprint';
import { Address, Cell, type OpenedContract } from '@ton/core';
import { getSecureRandomBytes } from '@ton/crypto';
import { Registry } from 'cocoon-wrappers';
import { parseScriptArgs, type ScriptArgs, type Usage } from './args';
import { type Chain, checkChain } from './chain';
import { DeployError } from './errors';
import { loadDeployed, loadNetwork, type NetworkFile } from './network-file';
import { parseTon } from './units';

/** What every script has at hand: its arguments, the network's file, the chain checked against it. */
export interface Session {
    provider: NetworkProvider;
    args: ScriptArgs;
    network: NetworkFile;
    chain: Chain;
    /** Undefined when the wallet's address is not known, as with deep links. */
    sender: Address | undefined;
    write(text: string): void;
}

/** The first positional argument of every script names the network file. */
export async function openSession(
    provider: NetworkProvider,
    args: readonly string[],
    usage: Usage,
): Promise<Session> {
    const positionals = ['network', ...(usage.positionals ?? [])];
    const parsed = parseScriptArgs(args, { ...usage, positionals });
    const network = loadNetwork(parsed.positional('network'));
    const chain = await checkChain(provider, network.networkId, network.file);
    const write = (text: string) => provider.ui().write(text);
    return { provider, args: parsed, network, chain, sender: provider.sender().address, write };
}

/** The network's Registry, found by the file of its deployment or `--registry`, and checked to be open and ours. */
export async function openRegistry(session: Session): Promise<OpenedContract<Registry>> {
    const { provider, network, write } = session;
    const address = registryAddress(session);
    const { state } = await provider.getContractState(address);
    if (state.type !== 'active') {
        throw new DeployError(
            `There is no Registry at ${address}.`,
            'Deploy it with deployProtocol, or check the network.',
        );
    }
    const registry = provider.open(Registry.fromAddress(address));
    const { networkId } = await registry.getNetwork();
    if (networkId !== network.networkId) {
        throw new DeployError(
            `The Registry at ${address} is of network ${networkId}, ${network.file} is for ${network.networkId}.`,
            'Use the file of that network.',
        );
    }
    const built = Registry.code().hash();
    const found = state.code ? hashOfBoc(state.code) : undefined;
    if (!found?.equals(built)) {
        write(
            `⚠ The Registry runs other code (${found?.toString('hex')}) than this build (${built.toString('hex')}).`,
        );
    }
    return registry;
}

function hashOfBoc(boc: Buffer): Buffer {
    return Cell.fromBoc(boc)[0]!.hash();
}

function registryAddress({ args, network }: Session): Address {
    const given = args.value('registry');
    if (given !== undefined) return parseAddress(given, '--registry');
    const deployed = loadDeployed(network);
    if (deployed) return deployed.registry;
    throw new DeployError(
        `Where the Registry of ${network.name} is, is not known.`,
        'Deploy it with deployProtocol, or name it with --registry <address>.',
    );
}

/** Random, so that the message can be found again by its body. */
export async function newQueryId(): Promise<bigint> {
    return (await getSecureRandomBytes(8)).readBigUInt64BE();
}

/** An amount in TON as nanoTON. */
export function parseAmount(text: string, name: string): bigint {
    const amount = parseTon(text);
    if (amount !== undefined && amount > 0n) return amount;
    throw new DeployError(`${name} ${text} is no amount of TON.`, 'Give one such as 1.5.');
}

export function parseAddress(text: string, name: string): Address {
    try {
        const address = Address.parse(text);
        if (address.workChain === 0) return address;
    } catch {
        // told below
    }
    throw new DeployError(`${name} ${text} is not an address in the basechain.`, 'Give one such as EQ….');
}
