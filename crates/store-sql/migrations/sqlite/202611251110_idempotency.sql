-- Requests that name themselves by a key, and what they were answered. Without a status the answer is not known: the
-- request is under way, or the process ended before it was.
CREATE TABLE request_keys (
    bearer TEXT NOT NULL,
    key TEXT NOT NULL,
    fingerprint BLOB NOT NULL CHECK (length(fingerprint) = 32),
    at INTEGER NOT NULL,
    status INTEGER,
    headers TEXT CHECK ((headers IS NULL) = (status IS NULL)),
    body BLOB,
    PRIMARY KEY (bearer, key)
) STRICT;
CREATE INDEX request_keys_by_age ON request_keys (at);
