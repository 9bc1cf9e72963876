-- Views of lists that people keep, each for itself. People are never deleted, only disabled.
CREATE TABLE saved_views (
    owner BLOB NOT NULL CHECK (length(owner) = 16),
    list TEXT NOT NULL,
    name TEXT NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    query TEXT NOT NULL,
    PRIMARY KEY (owner, list, name)
) STRICT, WITHOUT ROWID;
