-- Where addresses lead at which nothing is. A source ends with `/*` when it is wide. `path` is where a target on this
-- site is, without what follows it, so that those that lead to a path are found; `address` is the target as it was written.
CREATE TABLE redirects (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    source TEXT NOT NULL UNIQUE,
    status INTEGER NOT NULL,
    automatic INTEGER NOT NULL CHECK (automatic IN (0, 1)),
    entry BLOB REFERENCES entries (id) ON DELETE CASCADE,
    path TEXT CHECK (path IS NULL OR entry IS NULL),
    address TEXT CHECK (path IS NULL OR address IS NOT NULL),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX redirects_by_path ON redirects (path) WHERE path IS NOT NULL;
CREATE INDEX redirects_by_entry ON redirects (entry) WHERE entry IS NOT NULL;
