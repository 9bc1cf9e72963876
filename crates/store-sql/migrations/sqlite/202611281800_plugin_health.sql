-- How the plugins of each running process are: written over every few seconds, and worth nothing soon after.
CREATE TABLE plugin_health (
    process BLOB NOT NULL CHECK (length(process) = 16),
    plugin TEXT NOT NULL,
    at INTEGER NOT NULL,
    condition TEXT NOT NULL,
    reason TEXT NOT NULL,
    measures TEXT NOT NULL,
    PRIMARY KEY (process, plugin)
) STRICT, WITHOUT ROWID;

-- When an operator last wanted a paused plugin to be called again.
CREATE TABLE plugin_resumed (
    plugin TEXT NOT NULL PRIMARY KEY,
    at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
