-- Uploaded files. Their bytes are in files named by their digest; the same bytes are there once.
CREATE TABLE assets (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
    original_digest BLOB NOT NULL CHECK (length(original_digest) = 32),
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    bytes_len INTEGER NOT NULL,
    width INTEGER,
    height INTEGER,
    animated INTEGER NOT NULL CHECK (animated IN (0, 1)),
    thumbhash BLOB,
    -- In ten-thousandths of width and height.
    focal_x INTEGER NOT NULL,
    focal_y INTEGER NOT NULL,
    alt TEXT,
    title TEXT,
    caption TEXT,
    revision INTEGER NOT NULL,
    uploaded_by TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

CREATE INDEX assets_by_original ON assets (original_digest);
CREATE INDEX assets_by_creation ON assets (created_at, id);

-- Smaller versions of images that were made. Their bytes are files too.
CREATE TABLE asset_variants (
    asset BLOB NOT NULL REFERENCES assets (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    digest BLOB NOT NULL CHECK (length(digest) = 32),
    bytes_len INTEGER NOT NULL,
    made_at INTEGER NOT NULL,
    PRIMARY KEY (asset, name)
) STRICT, WITHOUT ROWID;

CREATE INDEX asset_variants_by_digest ON asset_variants (digest);
