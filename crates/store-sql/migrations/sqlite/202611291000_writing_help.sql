-- Writing help: what was spent on each day (UTC, counted from 1970-01-01), and suggestions that a save can name.
CREATE TABLE assist_spending (
    day INTEGER NOT NULL,
    person TEXT NOT NULL,
    tokens INTEGER NOT NULL CHECK (tokens >= 0),
    PRIMARY KEY (day, person)
) STRICT, WITHOUT ROWID;

CREATE TABLE assist_suggestions (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    person TEXT NOT NULL,
    task TEXT NOT NULL,
    model TEXT NOT NULL,
    prompt BLOB NOT NULL CHECK (length(prompt) = 32),
    at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX assist_suggestions_by_expiry ON assist_suggestions (expires_at);

-- Which models helped to write a saved state, as a JSON array; NULL for none.
ALTER TABLE revisions ADD COLUMN help TEXT;
