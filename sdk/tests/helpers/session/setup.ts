import {
    type AllocationRef,
    Channel,
    type ChannelStore,
    type EvidenceStore,
    encryptionKeyPair,
    SessionClient,
    type SessionEvidence,
    type SessionMarks,
    type SessionRequest,
    type Transport,
} from '../../../src';
import { nativePrimitives } from '../../../src/node';
import { seededBytes } from '../random';
import { StepClock } from '../step-clock';
import { memoryTransport } from './memory-transport';
import { type Lies, ScriptedNode, type Step } from './scripted-node';

export const primitives = nativePrimitives();
const bytes = seededBytes(11);
const operatorSecretKey = bytes(32);
const voucherSecretKey = bytes(32);
export const keys = {
    operatorSecretKey,
    operatorKey: primitives.publicKeyEd25519(operatorSecretKey),
    voucherSecretKey,
    voucherKey: primitives.publicKeyEd25519(voucherSecretKey),
    encryption: encryptionKeyPair(bytes(32)),
};
export const allocation: AllocationRef = {
    networkId: -3,
    node: bytes(32),
    vault: bytes(32),
    slot: 5,
    generation: 9n,
};
export const MODEL = bytes(32);
/** 1, ½ and 2 nanoTON per token. */
export const PRICES = { prompt: 1_000_000n, cachedPrompt: 500_000n, completion: 2_000_000n };
export const CHUNK = 16;
export const PROMPT_TOKENS = 10;

/** `count` tokens, one a delta, with their ids. */
export const tokens = (count: number): Step[] =>
    Array.from({ length: count }, (_, index) => ({ delta: { t: `w${index} `, i: [index] }, tokens: 1 }));

export const ask = (change: Partial<SessionRequest> = {}): SessionRequest => ({
    task: 'chat',
    modelId: MODEL,
    body: { messages: [{ role: 'user', content: 'Hi there, how are you?' }] },
    prices: PRICES,
    maxCompletionTokens: 200,
    ...change,
});

/** Marks in memory. */
export class MemoryMarks implements ChannelStore {
    marks: SessionMarks = { cumulative: 0n, sequence: 0n };
    writes = 0;

    async raise(_: string, marks: SessionMarks): Promise<void> {
        this.writes++;
        const max = (a: bigint, b: bigint) => (a > b ? a : b);
        this.marks = {
            cumulative: max(this.marks.cumulative, marks.cumulative),
            sequence: max(this.marks.sequence, marks.sequence),
        };
    }
}

/** A client, its channel and a scripted node. */
export function setup(
    options: {
        script?: readonly Step[];
        lies?: Lies;
        allocated?: bigint;
        wrap?: (inner: Transport) => Transport;
    } = {},
) {
    const clock = new StepClock();
    const store = new MemoryMarks();
    const collected: SessionEvidence[] = [];
    const evidence: EvidenceStore = { put: (item) => void collected.push(item) };
    const node = new ScriptedNode({
        primitives,
        allocation,
        operatorSecretKey,
        encryptionKeys: [keys.encryption],
        voucherKey: keys.voucherKey,
        chunkTokens: CHUNK,
        promptTokens: PROMPT_TOKENS,
        script: options.script ?? tokens(40),
        now: () => Math.floor(clock.now() / 1_000),
        lies: options.lies,
    });
    const inner = memoryTransport(node.endpoint);
    const transport = options.wrap?.(inner) ?? inner;
    const client = () => new SessionClient({ transport, clock, evidence, patience: { silenceMs: 60_000 } });
    const channel = (used: ChannelStore = store, marks: SessionMarks | undefined = undefined) =>
        new Channel({
            id: 'channel',
            allocation,
            endpoint: 'http://node.test/',
            operatorKey: keys.operatorKey,
            encryptionKey: keys.encryption.publicKey,
            voucherSecretKey,
            allocated: options.allocated ?? 1_000_000n,
            marks,
            store: used,
            primitives,
        });
    return { clock, store, node, transport, evidence: collected, newClient: client, newChannel: channel };
}
