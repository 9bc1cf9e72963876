-- The definitions of collections that were applied last, as JSON documents.
CREATE TABLE collection_definitions (
    name TEXT NOT NULL PRIMARY KEY,
    origin TEXT NOT NULL CHECK (origin IN ('file', 'database')),
    revision INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    changed_by TEXT NOT NULL,
    definition TEXT NOT NULL
) STRICT;

-- One row: how often definitions were changed. What was checked by other ones is not stored.
CREATE TABLE definitions_generation (
    only INTEGER NOT NULL PRIMARY KEY CHECK (only = 1),
    generation INTEGER NOT NULL
) STRICT;
INSERT INTO definitions_generation (only, generation) VALUES (1, 0);

-- What becomes of entries in a change that is being made ready. Nobody reads it before the change is made true, and
-- what a crash leaves here goes with the next change. An entry without a revision goes; one whose public state is
-- another one has a revision for it.
CREATE TABLE staged_entries (
    number INTEGER PRIMARY KEY,
    change BLOB NOT NULL CHECK (length(change) = 16),
    entry BLOB NOT NULL CHECK (length(entry) = 16),
    previous INTEGER NOT NULL,
    revision INTEGER,
    live_revision INTEGER,
    at INTEGER NOT NULL,
    event BLOB NOT NULL CHECK (length(event) = 16),
    kind TEXT NOT NULL,
    author TEXT NOT NULL,
    message TEXT NOT NULL,
    fields BLOB,
    live_fields BLOB
) STRICT;
CREATE UNIQUE INDEX staged_entries_by_entry ON staged_entries (change, entry);

CREATE TABLE staged_references (
    change BLOB NOT NULL,
    entry BLOB NOT NULL,
    side INTEGER NOT NULL,
    field TEXT NOT NULL,
    position INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    target BLOB NOT NULL,
    PRIMARY KEY (change, entry, side, field, position)
) STRICT, WITHOUT ROWID;
