import { malformed } from './failures';

const NEWLINE = 0x0a;
/** No chunk of an answer comes near; a server that sends no line end must not fill the memory. */
const MAX_LINE_BYTES = 16 * 1024 * 1024;

/** Cuts the bytes of a server-sent event stream into the payloads of its `data:` lines, whatever reads they come in. */
export class EventParser {
    /** Bytes after the last line end. */
    #rest: Buffer[] = [];
    #restLength = 0;

    /** The payloads that these bytes complete. */
    push(chunks: readonly Buffer[]): string[] {
        if (!chunks.some((chunk) => chunk.includes(NEWLINE))) {
            this.#keep(chunks);
            return [];
        }
        const parts = this.#restLength > 0 ? [...this.#rest, ...chunks] : chunks;
        const whole = parts.length === 1 ? parts[0]! : Buffer.concat(parts);
        const cut = whole.lastIndexOf(NEWLINE) + 1;
        this.#rest = [];
        this.#restLength = 0;
        if (cut < whole.length) this.#keep([whole.subarray(cut)]);
        return payloads(whole.toString('utf8', 0, cut));
    }

    /** The payload of a last line that had no end. */
    finish(): string[] {
        return this.push([Buffer.of(NEWLINE)]);
    }

    #keep(chunks: readonly Buffer[]): void {
        for (const chunk of chunks) {
            this.#rest.push(chunk);
            this.#restLength += chunk.length;
        }
        if (this.#restLength > MAX_LINE_BYTES) throw malformed('a line does not end');
    }
}

/** `text` ends with a line end. */
function payloads(text: string): string[] {
    const found: string[] = [];
    for (let start = 0; start < text.length; ) {
        const end = text.indexOf('\n', start);
        if (text.startsWith('data:', start)) found.push(text.slice(start + 5, end).trim());
        start = end + 1;
    }
    return found;
}
