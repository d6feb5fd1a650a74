import { Answer } from '../../src/engines/openai/answer';
import { readChunk } from '../../src/engines/openai/chunk';
import { ChunkPattern } from '../../src/engines/openai/pattern';
import { EventParser } from '../../src/engines/openai/sse';
import { seededRandom } from '../helpers/random';

const chunk = (content: string, extra: object = {}) => ({
    id: 'content":"x',
    choices: [{ index: 0, delta: { content }, finish_reason: null }],
    ...extra,
});
const WORDS = [
    'plain',
    ' two words',
    'é',
    '😀',
    '"quoted"',
    'back\\slash',
    'line\nend',
    '\u2028',
    '',
    'data: x',
    '","',
];
const PAYLOADS = WORDS.map((word) => JSON.stringify(chunk(word)));
const END = JSON.stringify({ choices: [{ delta: {}, finish_reason: 'stop' }] });
const BYTES = Buffer.from(
    `: comment\r\n\r\n${PAYLOADS.map((each) => `event: message\r\nid: 7\ndata: ${each}\r\n\r\n`).join('')}data:${END}\n\ndata: [DONE]\n\n`,
);
const EXPECTED = [...PAYLOADS, END, '[DONE]'];

/** Cuts bytes at random places, some reads of several parts. */
function cut(bytes: Buffer, random: () => number): Buffer[][] {
    const reads: Buffer[][] = [];
    for (let start = 0; start < bytes.length; ) {
        const read: Buffer[] = [];
        for (let parts = 1 + Math.floor(random() * 3); parts > 0 && start < bytes.length; parts--) {
            const end = Math.min(bytes.length, start + 1 + Math.floor(random() * 40));
            read.push(bytes.subarray(start, end));
            start = end;
        }
        reads.push(read);
    }
    return reads;
}

test('events come out the same whole, byte by byte, and cut at random', () => {
    expect(new EventParser().push([BYTES])).toEqual(EXPECTED);
    const slow = new EventParser();
    expect([...BYTES].flatMap((byte) => slow.push([Buffer.of(byte)]))).toEqual(EXPECTED);
    for (let seed = 1; seed <= 200; seed++) {
        const parser = new EventParser();
        const found = cut(BYTES, seededRandom(seed)).flatMap((read) => parser.push(read));
        expect({ seed, found }).toEqual({ seed, found: EXPECTED });
    }
});

test('an event comes as soon as its line ends, whatever stands behind it; the last line needs no end', () => {
    const parser = new EventParser();
    expect(parser.push([Buffer.from('data: 1\nda'), Buffer.from('ta: 2')])).toEqual(['1']);
    expect(parser.finish()).toEqual(['2']);
});

test('a line without an end is refused before it fills the memory', () => {
    const parser = new EventParser();
    const megabyte = Buffer.alloc(1024 * 1024, 'x');
    const flood = () => {
        for (let part = 0; part < 64; part++) parser.push([megabyte]);
    };
    expect(flood).toThrow(expect.objectContaining({ code: 'server_error' }));
});

test('an answer is the same however it is cut', () => {
    const whole = new Answer(0).push([BYTES]);
    expect(whole.map(({ text }) => text)).toEqual(WORDS.filter((word) => word !== ''));
    for (let seed = 1; seed <= 100; seed++) {
        const answer = new Answer(0);
        const tokens = cut(BYTES, seededRandom(seed)).flatMap((read) => answer.push(read));
        expect({ seed, tokens, done: answer.done }).toEqual({ seed, tokens: whole, done: true });
        expect(answer.end(1)).toMatchObject({
            finishReason: 'stop',
            usage: { completionTokens: whole.length },
        });
    }
});

describe('a learned pattern', () => {
    const learn = (content: string, extra: object = {}) =>
        ChunkPattern.learn(JSON.stringify(chunk(content, extra)), content);

    test('finds what reading the JSON finds, or leaves it to that', () => {
        const pattern = ChunkPattern.learn(JSON.stringify({ choices: [{ delta: { content: 'a' } }] }), 'a')!;
        let found = 0;
        for (const word of WORDS) {
            const payload = JSON.stringify({ choices: [{ delta: { content: word } }] });
            const cheap = pattern.match(payload);
            if (cheap === undefined) continue;
            found += 1;
            expect(cheap).toBe(readChunk(payload, 0).tokens[0]!.text);
        }
        expect(found).toBe(WORDS.filter((word) => word !== '' && !/["\\\n]/.test(word)).length);
    });

    test('takes no chunk that says anything else', () => {
        const pattern = ChunkPattern.learn(JSON.stringify({ choices: [{ delta: { content: 'a' } }] }), 'a')!;
        const others: object[] = [
            { choices: [{ delta: { content: 'a' }, finish_reason: 'stop' }] },
            { choices: [{ delta: { content: 'a', tool_calls: [] } }] },
            { choices: [{ delta: { content: 'a' } }], usage: null },
            { error: 'a', choices: [{ delta: { content: 'a' } }] },
        ];
        for (const other of others) expect(pattern.match(JSON.stringify(other))).toBeUndefined();
        // Raw control characters are no JSON.
        expect(pattern.match('{"choices":[{"delta":{"content":"a\nb"}}]}')).toBeUndefined();
    });

    test('is not learned where the text could stand elsewhere', () => {
        const twice = JSON.stringify({ note: { content: 'a' }, choices: [{ delta: { content: 'a' } }] });
        expect(ChunkPattern.learn(twice, 'a')).toBeUndefined();
        expect(learn('a')).toBeDefined();
        expect(learn('"')).toBeUndefined();
    });
});
