-- Roles that a site makes itself, as documents. The built-in ones are not stored. People and tokens name a role: what it
-- allows is read at each request.
CREATE TABLE roles (
    name TEXT NOT NULL PRIMARY KEY,
    revision INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    changed_by TEXT NOT NULL,
    document TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What of its role a token is for, as a list in JSON; none for all. Who made it; none for the operator.
ALTER TABLE tokens ADD COLUMN scopes TEXT;
ALTER TABLE tokens ADD COLUMN made_by BLOB CHECK (length(made_by) = 16);
CREATE INDEX tokens_made_by ON tokens (made_by);
CREATE INDEX tokens_role ON tokens (role);
