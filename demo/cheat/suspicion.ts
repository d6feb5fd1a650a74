import type {
    AnswerEvidence,
    ChatRequest,
    ChatResult,
    ClaimedAnswer,
    ClaimedRequest,
    Verdict,
    VerifierEngine,
} from 'cocoon-sdk';
import { answerOfResult, bytesToHex, claimOf, openDisclosedAnswer, verifyCompletion } from 'cocoon-sdk';
import { createEngine, type Engine, readManifest, verifierEngine } from 'cocoon-worker';
import { MODEL } from '../model';
import { paths } from '../paths';

const LENGTH_BYTES = 4;

/** A client that has the model itself: it re-scores answers before it accuses anybody. */
export class Suspicion {
    private constructor(
        private readonly engine: Engine,
        private readonly verifier: VerifierEngine,
        private readonly maxItemBytes: number,
    ) {}

    static async open(maxItemBytes: number): Promise<Suspicion> {
        const { weights } = paths;
        const engine = await createEngine(
            {
                name: MODEL.name,
                manifest: MODEL.manifestUri,
                engine: {
                    type: 'llama',
                    path: weights,
                    contextSize: 1_024,
                    contexts: 1,
                    threads: 1,
                    gpu: false,
                    embeddings: false,
                },
                pricing: { minPricePerItem: 0n, promptPer1M: 0n, completionPer1M: 0n },
            },
            weights,
        );
        const verifier = verifierEngine(engine);
        if (verifier === undefined) throw new Error('The engine cannot score answers.');
        return new Suspicion(engine, verifier, maxItemBytes);
    }

    /** What a jury would find of one answer of a job. */
    ofResult(request: ChatRequest, result: ChatResult): Promise<Verdict> {
        return this.judge({ task: 'chat', body: request }, answerOfResult(result, this.maxItemBytes));
    }

    /** What a jury would find of a session's answer. */
    ofAnswer(evidence: AnswerEvidence): Promise<Verdict> {
        const disclosed = openDisclosedAnswer({
            modelId: BigInt(`0x${bytesToHex(evidence.modelId)}`),
            task: 1,
            json: evidence.json,
            deltas: framed(evidence.deltas ?? []),
        });
        if (disclosed.kind === 'fault') throw new Error(`The evidence is no exchange: ${disclosed.reason}.`);
        const { request, answer } = claimOf(disclosed, this.maxItemBytes);
        return this.judge(request, answer);
    }

    close(): Promise<void> {
        return this.engine.close();
    }

    private judge(request: ClaimedRequest, answer: ClaimedAnswer): Promise<Verdict> {
        return verifyCompletion(request, answer, readManifest(paths.manifest), this.verifier);
    }
}

function framed(deltas: readonly Uint8Array[]): Uint8Array {
    return Buffer.concat(
        deltas.flatMap((delta) => {
            const length = Buffer.alloc(LENGTH_BYTES);
            length.writeUInt32BE(delta.length);
            return [length, delta];
        }),
    );
}
