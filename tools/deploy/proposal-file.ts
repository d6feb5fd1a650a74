import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { NetworkProvider } from '@ton/blueprint';
import { type Address, Cell } from '@ton/core';
import { cellHash } from 'cocoon-wrappers';
import { opcodes } from '../../build/artifacts';
import { loadPropose } from '../../build/Registry/Registry_Registry';
import { DeployError } from './errors';
import type { NetworkFile } from './network-file';
import { formatHash, formatTime } from './units';

/** The chain keeps only a proposal's hash; who executes it must bring its cell. This file keeps it. */
export function saveProposal(network: NetworkFile, id: number, executableAt: number, proposal: Cell): string {
    const file = fileOf(network, id);
    mkdirSync(dirname(file), { recursive: true });
    const content = {
        id,
        hash: formatHash(cellHash(proposal)),
        executableAt: formatTime(executableAt),
        proposal: proposal.toBoc().toString('base64'),
    };
    writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);
    return file;
}

/** From the file, else from the transaction that proposed it. */
export async function findProposal(
    provider: NetworkProvider,
    network: NetworkFile,
    registry: Address,
    id: number,
    hash: bigint,
): Promise<Cell> {
    const saved = loadSaved(fileOf(network, id));
    if (saved && cellHash(saved) === hash) return saved;
    const found = await findOnChain(provider, registry, hash);
    if (found) return found;
    throw new DeployError(
        `The content of proposal ${id} is neither in ${fileOf(network, id)} nor in the history of the endpoint.`,
        'Get the file from whoever proposed it, or use an archival endpoint.',
    );
}

function fileOf(network: NetworkFile, id: number): string {
    return join(dirname(network.file), `${network.name}.proposals`, `${id}.json`);
}

function loadSaved(file: string): Cell | undefined {
    if (!existsSync(file)) return undefined;
    try {
        return Cell.fromBase64((JSON.parse(readFileSync(file, 'utf8')) as { proposal: string }).proposal);
    } catch {
        throw new DeployError(`${file} is damaged.`, 'Delete it: the proposal is looked up on chain then.');
    }
}

const PAGE = 50;
const MOST_PAGES = 100;

async function findOnChain(
    provider: NetworkProvider,
    registry: Address,
    hash: bigint,
): Promise<Cell | undefined> {
    let next = (await provider.getContractState(registry)).last;
    for (let page = 0; next && next.lt > 0n && page < MOST_PAGES; page++) {
        const transactions = await provider
            .provider(registry)
            .getTransactions(registry, next.lt, next.hash, PAGE);
        for (const { inMessage } of transactions) {
            const proposal = inMessage && proposalIn(inMessage.body);
            if (proposal && cellHash(proposal) === hash) return proposal;
        }
        const oldest = transactions.at(-1);
        if (!oldest) return undefined;
        next = {
            lt: oldest.prevTransactionLt,
            hash: Buffer.from(oldest.prevTransactionHash.toString(16).padStart(64, '0'), 'hex'),
        };
    }
    return undefined;
}

function proposalIn(body: Cell): Cell | undefined {
    const slice = body.beginParse();
    if (slice.remainingBits < 32 || slice.preloadUint(32) !== opcodes.Propose) return undefined;
    return loadPropose(slice).proposal;
}
