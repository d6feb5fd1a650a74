/**
 * Schema changes in order; `PRAGMA user_version` counts those that were applied. Never edit one that was released:
 * append another. Amounts and 64-bit numbers are TEXT, because SQLite integers end at 2⁶³ and JavaScript's at 2⁵³.
 */
export const MIGRATIONS: readonly string[] = [
    `
    CREATE TABLE jobs (
        job           TEXT PRIMARY KEY,
        state         TEXT NOT NULL,
        reason        TEXT,
        model_id      TEXT NOT NULL,
        mode          TEXT NOT NULL CHECK (mode IN ('open', 'direct')),
        items         INTEGER NOT NULL,
        spec          BLOB NOT NULL,
        claim_seq     TEXT,
        claim_number  INTEGER,
        price         TEXT,
        collateral    TEXT,
        paid          TEXT,
        claim_by      INTEGER,
        key_by        INTEGER,
        execute_by    INTEGER,
        review_by     INTEGER,
        attempts      INTEGER NOT NULL DEFAULT 0,
        retry_at      INTEGER,
        last_error    TEXT,
        seen_at       INTEGER NOT NULL,
        updated_at    INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX jobs_by_state ON jobs (state, seen_at);

    CREATE TABLE results (
        job               TEXT PRIMARY KEY REFERENCES jobs (job) ON DELETE CASCADE,
        claim_number      INTEGER NOT NULL,
        sealed            BLOB NOT NULL,
        top               BLOB NOT NULL,
        prompt_tokens     INTEGER NOT NULL,
        completion_tokens INTEGER NOT NULL,
        created_at        INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE outbox (
        id          INTEGER PRIMARY KEY,
        wallet      TEXT NOT NULL,
        seqno       INTEGER NOT NULL,
        valid_until INTEGER NOT NULL,
        hash        TEXT NOT NULL UNIQUE,
        boc         BLOB NOT NULL,
        state       TEXT NOT NULL CHECK (state IN ('pending', 'sent', 'confirmed', 'expired')),
        sends       INTEGER NOT NULL DEFAULT 0,
        lt          TEXT,
        tx_hash     TEXT,
        created_at  INTEGER NOT NULL,
        updated_at  INTEGER NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX outbox_one_live ON outbox (wallet) WHERE state IN ('pending', 'sent');

    CREATE TABLE outbox_actions (
        message INTEGER NOT NULL REFERENCES outbox (id) ON DELETE CASCADE,
        job     TEXT NOT NULL,
        purpose TEXT NOT NULL,
        PRIMARY KEY (message, job, purpose)
    ) STRICT;
    CREATE INDEX outbox_actions_by_job ON outbox_actions (job, purpose);

    CREATE TABLE cursors (
        account TEXT PRIMARY KEY,
        lt      TEXT NOT NULL,
        hash    TEXT NOT NULL
    ) STRICT;

    CREATE TABLE counters (
        name  TEXT PRIMARY KEY,
        value TEXT NOT NULL
    ) STRICT;
    `,
    `
    ALTER TABLE outbox ADD COLUMN after_lt TEXT NOT NULL DEFAULT '0';
    ALTER TABLE outbox_actions ADD COLUMN body_hash TEXT NOT NULL DEFAULT '';

    CREATE TABLE inputs (
        job        TEXT PRIMARY KEY REFERENCES jobs (job) ON DELETE CASCADE,
        batch      BLOB NOT NULL,
        sealed_key BLOB
    ) STRICT;

    CREATE TABLE progress (
        job    TEXT NOT NULL REFERENCES jobs (job) ON DELETE CASCADE,
        item   INTEGER NOT NULL,
        sealed BLOB NOT NULL,
        PRIMARY KEY (job, item)
    ) STRICT;
    `,
    `
    -- Sessions. Numbers of 64 bits that are compared have 20 digits with leading zeros.
    CREATE TABLE session_allocations (
        id              INTEGER PRIMARY KEY,
        vault           TEXT NOT NULL,
        slot            INTEGER NOT NULL,
        generation      TEXT NOT NULL,
        cumulative      TEXT NOT NULL,
        signature       BLOB,
        ended           TEXT NOT NULL,
        claimed         TEXT NOT NULL,
        unredeemed_at   INTEGER,
        state           TEXT NOT NULL CHECK (state IN ('open', 'releasing', 'closed')),
        highest         TEXT NOT NULL,
        marked          TEXT NOT NULL,
        refused_through TEXT NOT NULL,
        updated_at      INTEGER NOT NULL,
        UNIQUE (vault, slot, generation)
    ) STRICT;
    CREATE INDEX session_allocations_open ON session_allocations (updated_at) WHERE state <> 'closed';

    CREATE TABLE session_requests (
        id         INTEGER PRIMARY KEY,
        allocation INTEGER NOT NULL REFERENCES session_allocations (id) ON DELETE CASCADE,
        sequence   TEXT NOT NULL,
        digest     BLOB NOT NULL,
        price      TEXT,
        ended_at   INTEGER
    ) STRICT;
    CREATE UNIQUE INDEX session_requests_by_sequence ON session_requests (allocation, sequence);
    CREATE INDEX session_requests_running ON session_requests (id) WHERE ended_at IS NULL;

    -- The id is that of the request times 2^20 and the number of the row: one index for both, and no other.
    CREATE TABLE session_frames (id INTEGER PRIMARY KEY, sealed BLOB NOT NULL) STRICT;
    CREATE TABLE session_receipts (id INTEGER PRIMARY KEY, price TEXT NOT NULL, receipt BLOB NOT NULL) STRICT;

    CREATE TABLE session_boot (id INTEGER PRIMARY KEY CHECK (id = 1), boot TEXT NOT NULL, clean INTEGER NOT NULL) STRICT;
    `,
    `
    CREATE TABLE disputes (
        dispute    TEXT PRIMARY KEY,
        role       TEXT NOT NULL CHECK (role IN ('juror', 'accused')),
        job        TEXT,
        attempts   INTEGER NOT NULL DEFAULT 0,
        retry_at   INTEGER,
        last_error TEXT,
        outcome    TEXT,
        settled    INTEGER NOT NULL DEFAULT 0,
        seen_at    INTEGER NOT NULL,
        closed_at  INTEGER
    ) STRICT;
    CREATE INDEX disputes_open ON disputes (role, seen_at) WHERE outcome IS NULL;

    CREATE TABLE votes (
        dispute TEXT NOT NULL,
        round   INTEGER NOT NULL,
        node    INTEGER NOT NULL,
        vote    TEXT NOT NULL,
        salt    TEXT NOT NULL,
        PRIMARY KEY (dispute, round, node)
    ) STRICT;

    -- Sealed: opens the items of a result, one of which a dispute may ask for.
    ALTER TABLE results ADD COLUMN content_key BLOB;
    `,
];
