-- What public entries mean: by which model the text with this digest was measured, in how many parts, and the
-- vectors of these.
CREATE TABLE meaning_entries (
    number INTEGER PRIMARY KEY REFERENCES entries (number) ON DELETE CASCADE,
    model TEXT NOT NULL,
    digest BLOB NOT NULL CHECK (length(digest) = 32),
    parts INTEGER NOT NULL
) STRICT;

-- `place` is the number of the entry times 32, and the number of the part: those of an entry stand side by side, and no
-- second index has to find them. `vector` holds 32-bit floats, the lowest byte first.
CREATE TABLE meaning_vectors (
    place INTEGER PRIMARY KEY,
    vector BLOB NOT NULL
) STRICT;

-- Public entries whose text may be another than the one that was measured.
CREATE TABLE meaning_waiting (
    number INTEGER PRIMARY KEY REFERENCES entries (number) ON DELETE CASCADE
) STRICT;

-- Entries whose vectors changed, in that order: by this every process keeps what it has in memory up to date.
CREATE TABLE meaning_log (
    seq INTEGER PRIMARY KEY,
    number INTEGER NOT NULL
) STRICT;

-- The model that measures.
CREATE TABLE meaning_model (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    name TEXT NOT NULL
) STRICT;
