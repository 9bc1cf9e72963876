-- Times are milliseconds since 1970-01-01T00:00:00Z. Documents are JSONB: they are half parsed when a query
-- looks into them. Large columns stand last in their tables, so that reading the others skips them, and tables
-- that hold them keep their rowid, so that an index stays small.

CREATE TABLE entries (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    collection TEXT NOT NULL,
    revision INTEGER NOT NULL,
    slug TEXT NOT NULL,
    live_revision INTEGER,
    live_slug TEXT CHECK ((live_slug IS NULL) = (live_revision IS NULL)),
    live_published_at INTEGER CHECK ((live_published_at IS NULL) = (live_revision IS NULL)),
    first_published_at INTEGER CHECK (live_revision IS NULL OR first_published_at IS NOT NULL),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    trashed_at INTEGER CHECK (trashed_at IS NULL OR live_revision IS NULL),
    fields BLOB NOT NULL,
    live_fields BLOB CHECK ((live_fields IS NULL) = (live_revision IS NULL))
) STRICT;

-- A slug is unique on each side: among the newest states, and among the public ones.
CREATE UNIQUE INDEX entries_by_slug ON entries (collection, slug) WHERE trashed_at IS NULL;
CREATE UNIQUE INDEX entries_by_live_slug ON entries (collection, live_slug) WHERE live_slug IS NOT NULL;

-- One for each listing and its order.
CREATE INDEX entries_published ON entries (collection, first_published_at DESC, id DESC)
    WHERE live_revision IS NOT NULL;
CREATE INDEX entries_newest ON entries (collection, created_at DESC, id DESC, live_revision)
    WHERE trashed_at IS NULL;
CREATE INDEX entries_drafts ON entries (collection, created_at DESC, id DESC)
    WHERE live_revision IS NULL AND trashed_at IS NULL;
CREATE INDEX entries_trashed ON entries (collection, created_at DESC, id DESC)
    WHERE trashed_at IS NOT NULL;

CREATE TABLE revisions (
    entry BLOB NOT NULL REFERENCES entries (id),
    revision INTEGER NOT NULL,
    change TEXT NOT NULL,
    slug TEXT NOT NULL,
    author TEXT NOT NULL,
    message TEXT,
    at INTEGER NOT NULL,
    fields BLOB NOT NULL,
    PRIMARY KEY (entry, revision)
) STRICT;

-- Events outlive what they tell of, so they refer to nothing. A number is never given twice.
CREATE TABLE outbox (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL CHECK (length(id) = 16),
    kind TEXT NOT NULL,
    at INTEGER NOT NULL,
    collection TEXT NOT NULL,
    entry BLOB NOT NULL,
    revision INTEGER NOT NULL
) STRICT;

CREATE TABLE plugin_heard (
    plugin TEXT NOT NULL PRIMARY KEY,
    seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE parked_events (
    plugin TEXT NOT NULL,
    seq INTEGER NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (plugin, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE tokens (
    name TEXT NOT NULL PRIMARY KEY,
    role TEXT NOT NULL,
    hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
    created_at INTEGER NOT NULL,
    expires_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE plugins (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    version TEXT NOT NULL,
    digest TEXT NOT NULL,
    enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
    added_at INTEGER NOT NULL,
    settings TEXT NOT NULL
) STRICT;

CREATE TABLE plugin_grants (
    plugin TEXT NOT NULL REFERENCES plugins (id) ON DELETE CASCADE,
    "grant" TEXT NOT NULL,
    PRIMARY KEY (plugin, "grant")
) STRICT, WITHOUT ROWID;

-- One row: how often the registry changed.
CREATE TABLE plugin_generation (
    only INTEGER NOT NULL PRIMARY KEY CHECK (only = 1),
    generation INTEGER NOT NULL
) STRICT;
INSERT INTO plugin_generation (only, generation) VALUES (1, 0);

-- Keys do not refer to the registry: a component can be run with keys before it is a plugin of the site.
CREATE TABLE plugin_keys (
    plugin TEXT NOT NULL,
    bucket TEXT NOT NULL,
    key TEXT NOT NULL,
    value BLOB NOT NULL,
    PRIMARY KEY (plugin, bucket, key)
) STRICT;

-- The sums over plugin_keys, kept with every change: a quota is checked without counting.
CREATE TABLE plugin_usage (
    plugin TEXT NOT NULL PRIMARY KEY,
    keys INTEGER NOT NULL,
    bytes INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE plugin_log (
    plugin TEXT NOT NULL,
    number INTEGER NOT NULL,
    at INTEGER NOT NULL,
    level TEXT NOT NULL,
    source TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (plugin, number)
) STRICT, WITHOUT ROWID;
