/**
 * Lets generated text through while holding back what may be the beginning of a stop string, so that no part of one
 * is ever shown.
 */
export class StopFilter {
    #held = '';
    #text = '';
    #stopped = false;
    #rest = '';

    constructor(
        private readonly stops: readonly string[],
        private readonly emit: (text: string) => void = () => {},
    ) {}

    /** Everything let through so far. */
    get text(): string {
        return this.#text;
    }

    /** What came right after the stop string that was completed. */
    get rest(): string {
        return this.#rest;
    }

    /** Adds text. Returns true once a stop string has been completed. */
    push(piece: string): boolean {
        if (this.#stopped) return true;
        this.#held += piece;
        const { at, length } = earliest(this.#held, this.stops);
        if (at >= 0) {
            this.#rest = this.#held.slice(at + length);
            this.#pass(this.#held.slice(0, at));
            this.#held = '';
            this.#stopped = true;
            return true;
        }
        const keep = Math.max(0, ...this.stops.map((stop) => overlap(this.#held, stop)));
        this.#pass(this.#held.slice(0, this.#held.length - keep));
        this.#held = this.#held.slice(this.#held.length - keep);
        return false;
    }

    /** The generation ended: what was held back is ordinary text after all. */
    finish(): void {
        if (!this.#stopped) this.#pass(this.#held);
        this.#held = '';
    }

    #pass(text: string): void {
        if (text === '') return;
        this.#text += text;
        this.emit(text);
    }
}

function earliest(text: string, stops: readonly string[]): { at: number; length: number } {
    let found = { at: -1, length: 0 };
    for (const stop of stops) {
        const at = text.indexOf(stop);
        if (at >= 0 && (found.at < 0 || at < found.at)) found = { at, length: stop.length };
    }
    return found;
}

/** Length of the longest end of `text` that is a proper beginning of `stop`. */
function overlap(text: string, stop: string): number {
    for (let length = Math.min(text.length, stop.length - 1); length > 0; length--) {
        if (text.endsWith(stop.slice(0, length))) return length;
    }
    return 0;
}
