import { closeSync, existsSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import type { BlockDraft } from '../chain/block-builder';
import type { Chain, ChainObserver } from '../chain/chain';
import type { Block, RawAddress } from '../chain/types';
import { DevnetError } from '../errors';
import { corrupt, decodeLine, encodeLine } from './format';
import { liveRecords, type NumberedRecord, replay } from './load';
import { lockJournal } from './lock';
import { blockRecord, type ChainRecord, type HeaderRecord, JOURNAL_VERSION, stateFields } from './records';

const NEWLINE = 10;

/**
 * Append-only file, one line a block, written before the block becomes visible. Survives a kill at any
 * moment: an unfinished last line is dropped when the file is opened again.
 */
export class Journal implements ChainObserver {
    private constructor(
        private readonly file: number,
        private readonly unlock: () => void,
        /** Records that still count. */
        private live: number,
    ) {}

    /**
     * Opens or creates the journal and replays it into the (empty) chain.
     * @throws DevnetError JOURNAL_CORRUPT, JOURNAL_MISMATCH, JOURNAL_LOCKED, JOURNAL_IO
     */
    static open(path: string, chain: Chain): Journal {
        let unlock: (() => void) | undefined;
        try {
            unlock = lockJournal(path);
            const { records, complete } = existsSync(path)
                ? read(path, chain.emulator.configHash)
                : { records: [], complete: 0 };
            const live = liveRecords(records, path);
            replay(chain, live, path);
            const file = openSync(path, 'a');
            ftruncateSync(file, complete);
            const journal = new Journal(file, unlock, live.length);
            if (complete === 0) journal.write(headerOf(chain.emulator.configHash));
            return journal;
        } catch (error) {
            unlock?.();
            if (error instanceof DevnetError) throw error;
            throw new DevnetError(
                'JOURNAL_IO',
                `The journal ${path} cannot be opened: ${(error as Error).message}.`,
                'Check that the folder exists and is writable, or give another path.',
                { cause: error },
            );
        }
    }

    /** Where a snapshot taken now would come back to. */
    get position(): number {
        return this.live;
    }

    onBlock(block: Block, draft: BlockDraft, chain: Chain): void {
        this.append(blockRecord(block, draft, chain));
    }

    onAccountSet(address: RawAddress, shardAccount: string, chain: Chain): void {
        this.append({ kind: 'account', acc: [address, shardAccount], ...stateFields(chain) });
    }

    /** Records that the chain went back to `position`; call it after the chain did. */
    revert(position: number, chain: Chain): void {
        this.live = position;
        this.append({ kind: 'revert', keep: position, ...stateFields(chain) });
    }

    close(): void {
        closeSync(this.file);
        this.unlock();
    }

    private append(record: ChainRecord): void {
        this.write(record);
        this.live++;
    }

    private write(record: ChainRecord | HeaderRecord): void {
        const bytes = Buffer.from(encodeLine(record));
        for (let done = 0; done < bytes.length; ) done += writeSync(this.file, bytes, done);
    }
}

/** Every complete line, decoded; `complete` is the length in bytes up to the last of them. */
function read(path: string, configHash: string): { records: NumberedRecord[]; complete: number } {
    const bytes = readFileSync(path);
    const records: NumberedRecord[] = [];
    let start = 0;
    for (let line = 1; ; line++) {
        const end = bytes.indexOf(NEWLINE, start);
        if (end < 0) break;
        const text = bytes.toString('utf8', start, end);
        if (line === 1) checkHeader(decodeLine<HeaderRecord>(text, line, path), path, configHash);
        else records.push({ line, record: decodeLine<ChainRecord>(text, line, path) });
        start = end + 1;
    }
    // Only a header cut short may be overwritten: anything else is somebody's file.
    if (start === 0 && !encodeLine(headerOf(configHash)).startsWith(bytes.toString('utf8'))) {
        throw corrupt(path, 1, 'it is not the beginning of a devnet journal');
    }
    return { records, complete: start };
}

function headerOf(config: string): HeaderRecord {
    return { kind: 'cocoon-devnet', version: JOURNAL_VERSION, config };
}

function checkHeader(header: HeaderRecord, path: string, configHash: string): void {
    if (header.kind !== 'cocoon-devnet')
        throw corrupt(path, 1, 'it is not the beginning of a devnet journal');
    if (header.version === JOURNAL_VERSION && header.config === configHash) return;
    throw new DevnetError(
        'JOURNAL_MISMATCH',
        `The journal ${path} was written ${
            header.version === JOURNAL_VERSION
                ? 'under another network configuration'
                : `in format ${header.version}, this version reads format ${JOURNAL_VERSION}`
        }.`,
        'Delete the file to start afresh, or go on with the version and configuration it was made with.',
    );
}
