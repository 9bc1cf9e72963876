-- Runs of plugins' tasks. Ids begin with the time: their order is that of the log. A run that is held has a worker,
-- and is given to another when it was not renewed in time. What is large stands last.
CREATE TABLE task_runs (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    plugin TEXT NOT NULL,
    task TEXT NOT NULL,
    cause TEXT NOT NULL,
    overlap INTEGER NOT NULL CHECK (overlap IN (0, 1)),
    state TEXT NOT NULL,
    tries INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    next_at INTEGER NOT NULL,
    started_at INTEGER,
    ended_at INTEGER CHECK ((ended_at IS NULL) = (state IN ('waiting', 'running'))),
    cancelled INTEGER NOT NULL CHECK (cancelled IN (0, 1)),
    worker BLOB CHECK ((worker IS NULL) = (state <> 'running')),
    held_until INTEGER CHECK ((held_until IS NULL) = (worker IS NULL)),
    done INTEGER,
    total INTEGER,
    message TEXT CHECK ((message IS NULL) = (done IS NULL)),
    outcome TEXT,
    argument TEXT,
    checkpoint BLOB
) STRICT;
CREATE INDEX task_runs_open ON task_runs (plugin, task, next_at) WHERE ended_at IS NULL;
CREATE INDEX task_runs_log ON task_runs (plugin, id DESC);

-- When each task with a schedule is due next. The schedule is kept: a plugin's other version may have another.
CREATE TABLE task_due (
    plugin TEXT NOT NULL,
    task TEXT NOT NULL,
    schedule TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (plugin, task)
) STRICT, WITHOUT ROWID;
