import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { interruptedEntry, type LedgerEntry, type LedgerStart } from './entry';

const SUFFIX = '.wal';
const DEFAULT_SEGMENT_BYTES = 8 * 2 ** 20;

type Segment = { path: string; descriptor: number; bytes: number; open: number; closed: boolean };

/** Where a record lies: its segment goes when nothing in it is needed any more. */
export type WalPosition = { readonly segment: Segment };

/**
 * The ledger's newest part: an append-only file, one JSON record a line. A write reaches the operating system before the
 * answer's end reaches the client, so that it survives the process, if not a power failure.
 */
export class LedgerWal {
    readonly #directory: string;
    readonly #process: string;
    readonly #segmentBytes: number;
    #count = 0;
    #current: Segment;

    constructor(directory: string, process: string, segmentBytes = DEFAULT_SEGMENT_BYTES) {
        this.#directory = directory;
        this.#process = process;
        this.#segmentBytes = segmentBytes;
        mkdirSync(directory, { recursive: true, mode: 0o700 });
        this.#current = this.#begin();
    }

    /** Notes that a request begins. The position is given back with `release` when the request's row is in the database. */
    start(record: LedgerStart): WalPosition {
        return this.#append(`S${JSON.stringify(record)}\n`);
    }

    /** Notes how a request ended. */
    end(entry: LedgerEntry): WalPosition {
        return this.#append(`E${JSON.stringify(entry)}\n`);
    }

    release({ segment }: WalPosition): void {
        segment.open--;
        this.#dropIfDone(segment);
    }

    /** Gives the files back; those whose records are all in the database are deleted. */
    close(): void {
        const segment = this.#current;
        segment.closed = true;
        closeSync(segment.descriptor);
        this.#dropIfDone(segment);
    }

    #append(line: string): WalPosition {
        if (this.#current.bytes >= this.#segmentBytes) {
            this.close();
            this.#current = this.#begin();
        }
        const segment = this.#current;
        // Two short writes of one process never mix, and one that is cut off is the file's last line.
        segment.bytes += writeSync(segment.descriptor, line);
        segment.open++;
        return { segment };
    }

    #begin(): Segment {
        const path = join(this.#directory, `${this.#process}-${this.#count++}${SUFFIX}`);
        return { path, descriptor: openSync(path, 'ax', 0o600), bytes: 0, open: 0, closed: false };
    }

    #dropIfDone(segment: Segment): void {
        if (segment.closed && segment.open === 0) rmSync(segment.path, { force: true });
    }
}

/** What one dead process left behind. */
export interface LeftLedger {
    readonly process: string;
    readonly entries: readonly LedgerEntry[];
    /** Deletes the files, once the entries are in the database. */
    discard(): void;
}

/** Reads what earlier processes left in the directory; the caller holds the directory's lock, so that they are dead. */
export function readLeftLedgers(directory: string): LeftLedger[] {
    const files = new Map<string, string[]>();
    for (const name of existing(directory)) {
        const match = /^(.+)-\d+\.wal$/.exec(name);
        if (match) files.set(match[1]!, [...(files.get(match[1]!) ?? []), join(directory, name)]);
    }
    return [...files].map(([process, paths]) => ({
        process,
        entries: readEntries(process, paths),
        discard: () => {
            for (const path of paths) rmSync(path, { force: true });
        },
    }));
}

function readEntries(process: string, paths: readonly string[]): LedgerEntry[] {
    const starts = new Map<string, LedgerStart>();
    const ends = new Map<string, LedgerEntry>();
    for (const path of paths) {
        for (const line of readFileSync(path, 'utf8').split('\n')) {
            const record = parseLine(line);
            if (record === undefined) continue;
            if (line[0] === 'S') starts.set(record.id, record);
            else ends.set(record.id, record as LedgerEntry);
        }
    }
    const interrupted = [...starts.values()].filter(({ id }) => !ends.has(id));
    return [...ends.values(), ...interrupted.map((start) => interruptedEntry(start, process))];
}

/** Undefined for the line that a crash cut off. */
function parseLine(line: string): (LedgerStart & Partial<LedgerEntry>) | undefined {
    if (line.length < 2) return undefined;
    try {
        return JSON.parse(line.slice(1));
    } catch {
        return undefined;
    }
}

function existing(directory: string): string[] {
    try {
        return readdirSync(directory).sort();
    } catch {
        return [];
    }
}
