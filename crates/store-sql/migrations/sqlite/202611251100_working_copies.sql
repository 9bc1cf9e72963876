-- What authors have not saved yet: of each entry one copy for each author. It goes with its entry.
CREATE TABLE working_copies (
    entry BLOB NOT NULL REFERENCES entries (id) ON DELETE CASCADE,
    author TEXT NOT NULL,
    based_on INTEGER NOT NULL,
    slug TEXT,
    since INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    fields BLOB NOT NULL,
    PRIMARY KEY (entry, author)
) STRICT;
CREATE INDEX working_copies_by_age ON working_copies (updated_at);
