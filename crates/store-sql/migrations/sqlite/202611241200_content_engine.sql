-- Entries get a language, a translation group, an archive, a schedule and who made them. The table is made anew:
-- added columns would stand behind the documents, and reading them would read those too. `number` is what the search
-- refers to: it stays when the file is compacted.

CREATE TABLE new_entries (
    number INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    collection TEXT NOT NULL,
    locale TEXT NOT NULL,
    translation_group BLOB NOT NULL CHECK (length(translation_group) = 16),
    revision INTEGER NOT NULL,
    slug TEXT NOT NULL,
    live_revision INTEGER,
    live_slug TEXT CHECK ((live_slug IS NULL) = (live_revision IS NULL)),
    live_published_at INTEGER CHECK ((live_published_at IS NULL) = (live_revision IS NULL)),
    first_published_at INTEGER CHECK (live_revision IS NULL OR first_published_at IS NOT NULL),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    archived_at INTEGER CHECK (archived_at IS NULL OR live_revision IS NULL),
    trashed_at INTEGER CHECK (trashed_at IS NULL OR live_revision IS NULL),
    publish_at INTEGER,
    unpublish_at INTEGER,
    created_by TEXT NOT NULL,
    fields BLOB NOT NULL,
    live_fields BLOB CHECK ((live_fields IS NULL) = (live_revision IS NULL))
) STRICT;

-- `und` (undetermined) becomes the site's own language when the site is opened.
INSERT INTO new_entries (id, collection, locale, translation_group, revision, slug, live_revision, live_slug,
    live_published_at, first_published_at, created_at, updated_at, trashed_at, created_by, fields, live_fields)
SELECT id, collection, 'und', id, revision, slug, live_revision, live_slug, live_published_at, first_published_at,
    created_at, updated_at, trashed_at,
    coalesce((SELECT author FROM revisions WHERE entry = entries.id ORDER BY revision LIMIT 1), 'unknown'),
    fields, live_fields
FROM entries;

CREATE TABLE new_revisions (
    entry BLOB NOT NULL REFERENCES new_entries (id) ON DELETE CASCADE,
    revision INTEGER NOT NULL,
    change TEXT NOT NULL,
    slug TEXT NOT NULL,
    author TEXT NOT NULL,
    message TEXT,
    at INTEGER NOT NULL,
    fields BLOB NOT NULL,
    PRIMARY KEY (entry, revision)
) STRICT;
INSERT INTO new_revisions SELECT entry, revision, change, slug, author, message, at, fields FROM revisions;

DROP TABLE revisions;
DROP TABLE entries;
ALTER TABLE new_entries RENAME TO entries;
ALTER TABLE new_revisions RENAME TO revisions;

-- A slug is unique in a language on each side: among the newest states, and among the public ones.
CREATE UNIQUE INDEX entries_by_slug ON entries (collection, locale, slug) WHERE trashed_at IS NULL;
CREATE UNIQUE INDEX entries_by_live_slug ON entries (collection, locale, live_slug) WHERE live_slug IS NOT NULL;

-- One for each listing and its order.
CREATE INDEX entries_published ON entries (collection, first_published_at DESC, id DESC)
    WHERE live_revision IS NOT NULL;
CREATE INDEX entries_newest ON entries (collection, created_at DESC, id DESC, live_revision)
    WHERE trashed_at IS NULL;
CREATE INDEX entries_drafts ON entries (collection, created_at DESC, id DESC)
    WHERE live_revision IS NULL AND trashed_at IS NULL;
CREATE INDEX entries_trashed ON entries (collection, created_at DESC, id DESC)
    WHERE trashed_at IS NOT NULL;

CREATE INDEX entries_by_group ON entries (translation_group);
CREATE INDEX entries_undetermined ON entries (locale) WHERE locale = 'und';
CREATE INDEX entries_due ON entries (coalesce(min(publish_at, unpublish_at), publish_at, unpublish_at))
    WHERE coalesce(publish_at, unpublish_at) IS NOT NULL;

-- What entries point to: side 0 is the newest state, 1 the public one; kind 0 an entry, 1 an asset.
CREATE TABLE entry_references (
    entry BLOB NOT NULL REFERENCES entries (id) ON DELETE CASCADE,
    side INTEGER NOT NULL,
    field TEXT NOT NULL,
    position INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    target BLOB NOT NULL,
    PRIMARY KEY (entry, side, field, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX entry_references_by_target ON entry_references (target, kind, side, field, entry);
