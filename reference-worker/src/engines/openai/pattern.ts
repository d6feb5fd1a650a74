const CONTENT = '"content":"';
/** What ends a JSON string, or stands for something else in it. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON allows none of them in a string.
const NOT_PLAIN = /["\\\u0000-\u001f]/;
const PROBE = 'probe';

/**
 * Servers repeat one chunk with another word in it. Once the text around the word is known, the word can be cut out
 * without reading the rest as JSON again, which is two thirds of this engine's work otherwise.
 */
export class ChunkPattern {
    private constructor(
        private readonly before: string,
        private readonly after: string,
    ) {}

    /** @param payload of a chunk that says nothing but `text`. Undefined when the place of the text is not certain. */
    static learn(payload: string, text: string): ChunkPattern | undefined {
        const start = payload.indexOf(CONTENT) + CONTENT.length;
        if (start < CONTENT.length || !payload.startsWith(`${text}"`, start)) return undefined;
        const before = payload.slice(0, start);
        const after = payload.slice(start + text.length);
        return said(JSON.parse(before + PROBE + after)) === PROBE
            ? new ChunkPattern(before, after)
            : undefined;
    }

    /** The word of a payload that is otherwise the same; undefined: it is another one. */
    match(payload: string): string | undefined {
        const end = payload.length - this.after.length;
        if (end <= this.before.length) return undefined;
        if (!payload.startsWith(this.before) || !payload.endsWith(this.after)) return undefined;
        const word = payload.slice(this.before.length, end);
        return NOT_PLAIN.test(word) ? undefined : word;
    }
}

function said(chunk: { choices?: { delta?: { content?: unknown } }[] }): unknown {
    return chunk.choices?.[0]?.delta?.content;
}
