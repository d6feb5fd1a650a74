import type { Vote, VotePlace, VoteRecord, VoteStore } from 'cocoon-sdk';
import type { Row, Sqlite } from './sqlite';

/**
 * Votes between commitment and reveal. A place gets one row for ever, before its commitment leaves: whatever crashes when,
 * there is never a second vote, and always the salt that opens the first. Secret until revealed, as all of the journal is.
 */
export class JournalVotes implements VoteStore {
    readonly #db: Sqlite;

    constructor(db: Sqlite) {
        this.#db = db;
    }

    async putIfAbsent(record: VoteRecord): Promise<VoteRecord> {
        const { dispute, round, index, vote, salt } = record;
        this.#db.run(
            `INSERT INTO votes (dispute, round, node, vote, salt) VALUES (?, ?, ?, ?, ?)
                 ON CONFLICT (dispute, round, node) DO NOTHING`,
            dispute,
            round,
            index,
            vote,
            salt,
        );
        return (await this.get(record))!;
    }

    async get({ dispute, round, index }: VotePlace): Promise<VoteRecord | undefined> {
        const row = this.#db.get(
            'SELECT * FROM votes WHERE dispute = ? AND round = ? AND node = ?',
            dispute,
            round,
            index,
        );
        return row && toRecord(row);
    }

    async list(): Promise<VoteRecord[]> {
        return this.#db.all('SELECT * FROM votes ORDER BY dispute, round, node').map(toRecord);
    }

    async delete({ dispute, round, index }: VotePlace): Promise<void> {
        this.#db.run('DELETE FROM votes WHERE dispute = ? AND round = ? AND node = ?', dispute, round, index);
    }
}

function toRecord({ dispute, round, node, vote, salt }: Row): VoteRecord {
    return {
        dispute: dispute as string,
        round: round as number,
        index: node as number,
        vote: vote as Vote,
        salt: salt as string,
    };
}
