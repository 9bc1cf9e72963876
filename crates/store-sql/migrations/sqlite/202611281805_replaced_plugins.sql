-- The version of a plugin that another one replaced: it is put back when the new one fails its trial.
CREATE TABLE replaced_plugins (
    plugin TEXT NOT NULL PRIMARY KEY REFERENCES plugins (id) ON DELETE CASCADE,
    -- The version in force this row is about; once another is in force, the row says nothing.
    replaced_by TEXT NOT NULL,
    on_trial INTEGER NOT NULL CHECK (on_trial IN (0, 1)),
    name TEXT NOT NULL,
    version TEXT NOT NULL,
    digest TEXT NOT NULL,
    enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
    added_at INTEGER NOT NULL,
    settings TEXT NOT NULL,
    grants TEXT NOT NULL
) STRICT;
