import {
    type ChannelBook,
    type FundingPolicy,
    type InferenceEvent,
    memoryChannelBook,
    type RoutingPolicy,
} from '../../../src';
import { createParts } from '../../../src/inference/create-parts';
import { NetworkInference } from '../../../src/inference/inference';
import type { DirectoryState, NodeEntry } from '../../../src/inference/nodes/entry';
import { nativePrimitives } from '../../../src/node';
import { seededBytes, seededRandom } from '../random';
import { VirtualClock } from '../virtual-clock';
import { FakeChain } from './fake-chain';
import { ScriptedSessions } from './scripted-sessions';

export const MODEL_ID = 77n;
export const MODEL = 'tiny';

/** A node by number, with the offer of one model. */
export function nodeEntry(
    number: number,
    offer: Partial<NodeEntry['offers'][number]> = {},
    stake = 10n,
): NodeEntry {
    return {
        account: String(number).padStart(64, '0'),
        operatorKey: 'aa'.repeat(32),
        encryptionKey: 'bb'.repeat(32),
        payee: 'cc'.repeat(32),
        endpoint: `https://node${number}.test`,
        stake,
        offers: [
            {
                modelId: MODEL_ID,
                promptPrice: 1_000_000n,
                cachedPromptPrice: 100_000n,
                completionPrice: 2_000_000n,
                contextLength: 4_096,
                slots: 8,
                region: 276,
                flags: 0,
                appearedAt: 1,
                ...offer,
            },
        ],
    };
}

/** Inference over a fake chain and scripted nodes, all of it seeded. */
export function setup(
    options: {
        nodes?: readonly NodeEntry[];
        routing?: RoutingPolicy;
        funding?: FundingPolicy;
        book?: ChannelBook;
        chain?: FakeChain;
        sessions?: ScriptedSessions;
        seed?: number;
        clock?: VirtualClock;
    } = {},
) {
    const {
        chain = new FakeChain(),
        sessions = new ScriptedSessions(),
        book = memoryChannelBook(),
        clock = new VirtualClock(),
        seed = 1,
    } = options;
    const events: InferenceEvent[] = [];
    const directory: { state: DirectoryState; error: Error | undefined; reads: number } = {
        state: {
            models: [{ name: MODEL, modelId: MODEL_ID, addedAt: 1_600_000_000 }],
            nodes: options.nodes ?? [1, 2, 3].map((number) => nodeEntry(number)),
        },
        error: undefined,
        reads: 0,
    };
    const parts = createParts({
        book,
        chain,
        openSession: sessions.open,
        readDirectory: async () => {
            directory.reads += 1;
            if (directory.error) throw directory.error;
            return directory.state;
        },
        primitives: nativePrimitives(),
        routing: options.routing ?? {},
        funding: options.funding ?? {},
        clock,
        random: seededRandom(seed),
        randomBytes: seededBytes(seed),
        onEvent: (event) => events.push(event),
    });
    const inference = new NetworkInference(parts);
    return { inference, parts, chain, sessions, book, clock, events, directory };
}

/** A chat whose conversation is its text. */
export function ask(text = 'Hi', body: Record<string, unknown> = {}) {
    return {
        task: 'chat' as const,
        model: MODEL,
        body: { messages: [{ role: 'user', content: text }], ...body },
    };
}

export async function textOf(answer: AsyncIterable<{ t?: string }>): Promise<string> {
    let text = '';
    for await (const { t } of answer) text += t ?? '';
    return text;
}
