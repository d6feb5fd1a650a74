import { rmSync } from 'node:fs';
import { toNano } from '@ton/core';
import {
    type AnswerFrame,
    encodeReceipt,
    FrameDecoder,
    parseAnswerFrame,
    type SealedEnvelope,
} from 'cocoon-sdk';
import { bundleCli } from '../helpers/bundle';
import { seededRandom } from '../helpers/random';
import { temporaryDirectory } from '../helpers/temporary';
import { primitives, type TestClient } from './client';
import { PRICES, SessionNetwork, TOKEN } from './network';

const DEEP = process.env.COCOON_DEEP === '1';
const ROUNDS = DEEP ? 200 : 20;
const SEED = Number(process.env.COCOON_SEED ?? 20_261_122);
const CHUNK = 16n;
const LANES = 3;

const directory = temporaryDirectory();
const random = seededRandom(SEED);
const below = (limit: number) => Math.floor(random() * limit);

interface Attempt {
    sequence: bigint;
    sealed: SealedEnvelope;
    /** Cumulative in it. */
    promised: bigint;
    /** As received so far. */
    bytes: Buffer;
    frames: AnswerFrame[];
    done: boolean;
}

let cli: string;
let scene: SessionNetwork;
let client: TestClient;
let sequence = 0n;
/** Highest cumulative that the node has acknowledged by what it sent after it. */
let acknowledged = 0n;
let cumulative = 0n;
/** Every receipt that ever arrived, by sequence and chunk. */
const receipts = new Map<string, string>();
const attempts: Attempt[] = [];
let events = 0;
let killAt = Number.POSITIVE_INFINITY;

beforeAll(async () => {
    cli = await bundleCli();
    scene = await SessionNetwork.start({
        directory,
        cli,
        allocated: toNano('5000'),
        sessions: { redeem: { minAmount: '100000 TON' }, maxUnredeemed: '100000 TON' },
    });
    client = await scene.client();
}, 60_000);

afterAll(async () => {
    await scene?.close();
    rmSync(cli, { force: true });
});

/** Something happened that the node must remember; the round's kill comes at one of these. */
function event(): void {
    events += 1;
    if (events === killAt) scene.child!.kill('SIGKILL');
}

function take(attempt: Attempt, frame: AnswerFrame): void {
    attempt.frames.push(frame);
    if (frame.type === 'delta') return;
    attempt.done = frame.type === 'final' || frame.type === 'failure';
    if (frame.type === 'failure') return;
    const key = `${attempt.sequence}/${frame.receipt.chunk}`;
    const receipt = Buffer.from(encodeReceipt(frame.receipt)).toString('hex');
    // Two receipts for one chunk are what a node is slashed for.
    expect(receipts.get(key) ?? receipt).toBe(receipt);
    receipts.set(key, receipt);
}

/** Sends an attempt (again) and reads as far as it gets, paying chunk by chunk. */
async function follow(attempt: Attempt): Promise<void> {
    const answer = await client.post('requests', attempt.sealed);
    if (answer.status !== 200) {
        const chunks = [];
        for await (const chunk of answer.body) chunks.push(chunk);
        const { error } = JSON.parse(Buffer.concat(chunks).toString());
        if (error.code !== 'payment_required') throw new Error(`refused: ${error.code}`);
        cumulative = max(cumulative, BigInt(error.needed));
        attempt.sealed = seal(attempt.sequence, ++retries);
        attempt.promised = cumulative;
        return follow(attempt);
    }
    const decoder = new FrameDecoder(primitives, attempt.sealed.responseKey);
    const before = attempt.bytes;
    const known = attempt.frames.length;
    let bytes = Buffer.alloc(0);
    let seen = 0;
    for await (const chunk of answer.body) {
        bytes = Buffer.concat([bytes, chunk]);
        const both = Math.min(bytes.length, before.length);
        // The same bytes again are answered with the same frames.
        expect(bytes.subarray(0, both).equals(before.subarray(0, both))).toBe(true);
        if (bytes.length > attempt.bytes.length) attempt.bytes = bytes;
        acknowledged = max(acknowledged, attempt.promised);
        for (const frame of decoder.push(chunk)) {
            seen += 1;
            if (seen <= known) continue;
            const parsed = parseAnswerFrame(frame);
            take(attempt, parsed);
            event();
            if (parsed.type === 'receipt') await pay(attempt, parsed.receipt.chunk + 1);
        }
    }
    // An answer that a kill has cut stays cut: it is over for the client, too.
    if (seen <= known && before.length > 0) attempt.done = true;
}

let retries = 0;
function seal(number: bigint, counter: number): SealedEnvelope {
    const body = { messages: [{ role: 'user', content: `question ${number}` }], max_tokens: 40, seed: 1 };
    return client.sealRequest(body, { sequence: number, cumulative, counter, prices: PRICES });
}

async function pay(attempt: Attempt, chunk: number): Promise<void> {
    cumulative += CHUNK * TOKEN;
    const promised = cumulative;
    const { status } = await client.pay(attempt.sequence, chunk, promised);
    if (status === 204) acknowledged = max(acknowledged, promised);
    event();
}

async function lane(): Promise<void> {
    for (;;) {
        cumulative += (1n + CHUNK) * TOKEN;
        sequence += 1n;
        const sealed = seal(sequence, 0);
        const attempt = {
            sequence,
            sealed,
            promised: cumulative,
            bytes: Buffer.alloc(0),
            frames: [],
            done: false,
        };
        attempts.push(attempt);
        event();
        await follow(attempt);
    }
}

function max(a: bigint, b: bigint): bigint {
    return a > b ? a : b;
}

/** nanoTON of the tokens that arrived, paid or not. */
function served(): bigint {
    let sum = 0n;
    for (const { frames } of attempts) {
        if (frames.length === 0) continue;
        const tokens = frames.reduce(
            (n, frame) => n + (frame.type === 'delta' ? frame.delta.i!.length : 0),
            1,
        );
        sum += BigInt(tokens) * TOKEN;
    }
    return sum;
}

test(
    `killed ${ROUNDS} times (seed ${SEED}), it never signs two receipts for a chunk and redeems all that it served`,
    async () => {
        for (let round = 0; round < ROUNDS; round++) {
            await scene.serve();
            // What the last kill has cut is asked for again, with the same bytes.
            killAt = Number.POSITIVE_INFINITY;
            for (const attempt of attempts.filter(({ done }) => !done)) await follow(attempt);
            const { info } = await client.control('state', Math.floor(Date.now() / 1000));
            expect(info!.cumulative).toBeGreaterThanOrEqual(acknowledged);
            cumulative = max(cumulative, info!.owed);
            killAt = events + 1 + below(60);
            // Besides after an event, it dies between two of them.
            const timer =
                random() < 0.5 ? setTimeout(() => scene.child!.kill('SIGKILL'), 20 + below(150)) : undefined;
            const lanes = Array.from({ length: LANES }, () => lane());
            const ends = await Promise.allSettled(lanes);
            clearTimeout(timer);
            for (const end of ends) {
                if (end.status === 'rejected')
                    expect(String(end.reason)).toMatch(/fetch failed|terminated|aborted/);
            }
            await scene.end('SIGKILL');
        }
        await scene.serve();
        const { info } = await client.control('state', Math.floor(Date.now() / 1000));
        expect(await scene.end('SIGTERM')).toBe(0);
        const claimed = await scene.claimed();
        expect(claimed).toBe(info!.cumulative);
        expect(claimed).toBeGreaterThanOrEqual(acknowledged);
        expect(claimed + CHUNK * TOKEN).toBeGreaterThanOrEqual(served());
        expect(receipts.size).toBeGreaterThan(ROUNDS);
        expect(scene.output).not.toContain('question');
    },
    DEEP ? 1_800_000 : 300_000,
);
