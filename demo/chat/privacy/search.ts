import { constants, inflateRawSync } from 'node:zlib';
import type { Needle } from './needles';

/** Where somebody's text was found. */
export interface Leak {
    readonly needle: Needle;
    /** File or stream, with the compression that it was in. */
    readonly where: string;
    readonly offset: number;
}

const TABLE_BITS = 20;
// A name of this module: looked up as a global it would cost more than the search, where tests run in a context.
const { imul } = Math;

/** Searches bytes for many needles at once, compressed parts as well. */
export class Search {
    private readonly table = new Uint8Array(1 << (TABLE_BITS - 3));
    private readonly byStart = new Map<number, Needle[]>();

    constructor(needles: readonly Needle[]) {
        for (const needle of needles) {
            const start = needle.bytes.readUInt32LE(0);
            const slot = slotOf(start);
            this.table[slot >> 3]! |= 1 << (slot & 7);
            const same = this.byStart.get(start);
            if (same) same.push(needle);
            else this.byStart.set(start, [needle]);
        }
    }

    in(bytes: Buffer, where: string): Leak[] {
        const leaks = this.plain(bytes, where);
        for (const [kind, part] of compressedParts(bytes))
            leaks.push(...this.plain(part, `${where} (${kind})`));
        return leaks;
    }

    private plain(bytes: Buffer, where: string): Leak[] {
        const leaks: Leak[] = [];
        const { table } = this;
        let word = 0;
        for (let i = 0; i < bytes.length; i++) {
            word = (word >>> 8) | (bytes[i]! << 24);
            const slot = imul(word, 0x9e3779b1) >>> (32 - TABLE_BITS);
            if ((table[slot >> 3]! & (1 << (slot & 7))) === 0 || i < 3) continue;
            for (const needle of this.byStart.get(word >>> 0) ?? []) {
                const offset = i - 3;
                if (bytes.subarray(offset, offset + needle.bytes.length).equals(needle.bytes)) {
                    leaks.push({ needle, where, offset });
                }
            }
        }
        return leaks;
    }
}

function slotOf(word: number): number {
    return imul(word, 0x9e3779b1) >>> (32 - TABLE_BITS);
}

/** What unpacks from any offset at which gzip or zlib data may begin; cut-off data as far as it goes. */
function* compressedParts(bytes: Buffer): Generator<[kind: string, part: Buffer]> {
    // Raw deflate, behind the header: it does not mind what follows.
    const options = { finishFlush: constants.Z_SYNC_FLUSH };
    for (const { kind, mark, header } of PACKED) {
        for (let at = bytes.indexOf(mark); at >= 0; at = bytes.indexOf(mark, at + 1)) {
            try {
                const part = inflateRawSync(bytes.subarray(at + header(bytes, at)), options);
                if (part.length > 0) yield [kind, part];
            } catch {
                // Bytes that only look like the beginning.
            }
        }
    }
}

const PACKED = [
    { kind: 'gzip', mark: Buffer.from([0x1f, 0x8b, 0x08]), header: gzipHeader },
    { kind: 'zlib', mark: Buffer.from([0x78, 0x01]), header: () => 2 },
    { kind: 'zlib', mark: Buffer.from([0x78, 0x9c]), header: () => 2 },
    { kind: 'zlib', mark: Buffer.from([0x78, 0xda]), header: () => 2 },
];

/** Bytes of a gzip header: ten, and a file name where its flag is set. */
function gzipHeader(bytes: Buffer, at: number): number {
    const named = ((bytes[at + 3] ?? 0) & 0x08) !== 0;
    return named ? bytes.indexOf(0, at + 10) + 1 - at : 10;
}
