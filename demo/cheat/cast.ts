import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toNano } from '@ton/core';
import { coarser, otherWeights } from '../../reference-worker/tests/verifier/gguf';
import { freePort } from '../free-port';
import { currentModelId, MODEL } from '../model';
import type { Network } from '../network';
import { type Operator, registerOperator, writeWorkerHome } from '../operators';
import { paths } from '../paths';
import { connect } from '../wallets';
import { type CrewMember, CrewProcess } from './crew-process';
import { JUROR_STAKE, PRICES } from './terms';

const JURORS = ['Grace', 'Linus', 'Edsger', 'Barbara', 'Donald', 'Margaret'];
/** Bits to which the cheating node rounds the weights: much less memory, and another model. */
const BITS = 3;
const POLL_SECONDS = 0.3;

/** Everybody who runs a node. */
export interface Cast {
    readonly cheater: Operator;
    readonly honest: Operator;
    readonly jurors: readonly Operator[];
}

/** Registers the nodes; the owners of the jurors let a part of their stake stand for their votes. */
export async function registerCast(network: Network): Promise<Cast> {
    const endpoint = `http://127.0.0.1:${await freePort()}`;
    const [cheater, honest, ...jurors] = (await Promise.all([
        registerOperator(network, 'Carlo', { endpoint, prices: PRICES }),
        ...['Ada', ...JURORS].map((name) => registerOperator(network, name)),
    ])) as [Operator, Operator, ...Operator[]];
    await Promise.all(
        jurors.map(({ owner, index }) =>
            connect(network, owner).disputes.setJurorStake({ node: index, amount: JUROR_STAKE }),
        ),
    );
    return { cheater, honest, jurors };
}

/** Starts the workers in two processes: those that answer, and those that judge. */
export async function startCast(network: Network, cast: Cast, directory: string): Promise<CrewProcess[]> {
    const { endpoint } = await connect(network, cast.honest.owner)
        .nodes.getNode({ node: cast.cheater.index })
        .then(({ profile }) => profile);
    const cheater = await writeWorkerHome(network, cast.cheater, directory, {
        ...cheap(writeOtherModel(directory)),
        sessions: { listen: { host: '127.0.0.1', port: Number(new URL(endpoint).port) }, chunkTokens: 32 },
    });
    const honest = await writeWorkerHome(network, cast.honest, directory);
    const judging: CrewMember[] = await Promise.all(
        cast.jurors.map((operator) =>
            writeWorkerHome(network, operator, directory, {
                juror: { stake: `${JUROR_STAKE / toNano(1)} TON`, pollSeconds: POLL_SECONDS },
            }),
        ),
    );
    return Promise.all([
        CrewProcess.start('serving', directory, [cheater, honest]),
        CrewProcess.start('judging', directory, judging),
    ]);
}

/** The same weights, rounded to fewer bits. */
function writeOtherModel(directory: string): string {
    const file = join(directory, 'other-model.gguf');
    writeFileSync(file, otherWeights(readFileSync(paths.weights), coarser(BITS)));
    return file;
}

/** What it takes to cheat: the id of one model over the file of another. */
function cheap(path: string) {
    return {
        models: [
            {
                name: MODEL.name,
                modelId: currentModelId().toString(16).padStart(64, '0'),
                // One for the job and one for the session that are asked at the same time.
                engine: { type: 'llama', path, contextSize: 1_024, contexts: 2, threads: 1 },
                pricing: {
                    minPricePerItem: '0.01 TON',
                    promptPer1M: '0.1 TON',
                    completionPer1M: '0.3 TON',
                },
            },
        ],
    };
}
