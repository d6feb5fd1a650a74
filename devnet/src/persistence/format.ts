import { crc32 } from 'node:zlib';
import { DevnetError } from '../errors';

/** One line of a journal: a checksum of eight hex digits, a space, JSON. */
export function encodeLine(record: unknown): string {
    const json = JSON.stringify(record);
    return `${checksum(json)} ${json}\n`;
}

/** @throws DevnetError JOURNAL_CORRUPT naming the file and the line */
export function decodeLine<T>(line: string, lineNumber: number, path: string): T {
    const json = line.slice(9);
    if (line[8] !== ' ' || line.slice(0, 8) !== checksum(json)) {
        throw corrupt(path, lineNumber, 'its checksum does not match');
    }
    return JSON.parse(json) as T;
}

export function corrupt(path: string, lineNumber: number, why: string): DevnetError {
    const keep = lineNumber - 1;
    return new DevnetError(
        'JOURNAL_CORRUPT',
        `The journal ${path} is damaged at line ${lineNumber}: ${why}.`,
        keep > 0
            ? `To go on from what is before it: head -n ${keep} '${path}' > '${path}.good' and use that file. ` +
                  'To start afresh: delete the file.'
            : 'Delete the file to start afresh, or give the path of a devnet journal.',
    );
}

function checksum(json: string): string {
    return crc32(json).toString(16).padStart(8, '0');
}
