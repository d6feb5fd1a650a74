import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type VotePlace, type VoteRecord, type VoteStore, VoteStoreError } from 'cocoon-sdk';
import { privateFolder, readIfPresent, writeIfAbsent } from './durable-file';

const VOTE_FILE = /^[0-9a-f]{64}-\d+-\d+\.json$/;
const RAW_ADDRESS = /^0:([0-9a-f]{64})$/;

/**
 * Keeps votes in a folder, one file each, so that a vote survives a crash and no place ever gets a second one, whoever races
 * for it. The files are secret until the vote is revealed.
 */
export function voteFiles(folder: string): VoteStore {
    const read = async (name: string) => {
        const text = await readIfPresent(join(folder, name));
        return text === undefined ? undefined : (JSON.parse(text) as VoteRecord);
    };
    return {
        async putIfAbsent(record) {
            await privateFolder(folder);
            const name = nameOf(record);
            await writeIfAbsent(join(folder, name), JSON.stringify(record));
            const standing = await read(name);
            // It was there a moment ago: whoever takes votes away would make a second one possible.
            if (standing === undefined) throw new VoteStoreError();
            return standing;
        },
        get: (place) => read(nameOf(place)),
        async list() {
            await privateFolder(folder);
            const names = (await readdir(folder)).filter((name) => VOTE_FILE.test(name)).sort();
            return (await Promise.all(names.map(read))).flatMap((record) => record ?? []);
        },
        delete: (place) => rm(join(folder, nameOf(place)), { force: true }),
    };
}

function nameOf({ dispute, round, index }: VotePlace): string {
    const account = RAW_ADDRESS.exec(dispute)?.[1];
    if (account === undefined) throw new VoteStoreError({ details: { dispute } });
    return `${account}-${round}-${index}.json`;
}
