-- What was tried of a plugin's next event is stored, so that a restart forgets none of it.
ALTER TABLE plugin_heard ADD COLUMN tries INTEGER NOT NULL DEFAULT 0;
ALTER TABLE plugin_heard ADD COLUMN next_at INTEGER;
ALTER TABLE plugin_heard ADD COLUMN reason TEXT;

-- Parked events are kept whole: the queue forgets what all have heard, and what is parked counts as heard.
ALTER TABLE parked_events RENAME TO parked_events_before;
CREATE TABLE parked_events (
    plugin TEXT NOT NULL,
    seq INTEGER NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    kind TEXT NOT NULL,
    at INTEGER NOT NULL,
    collection TEXT NOT NULL,
    entry BLOB NOT NULL,
    revision INTEGER NOT NULL,
    parked_at INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (plugin, seq)
) STRICT, WITHOUT ROWID;
INSERT INTO parked_events SELECT p.plugin, p.seq, o.id, o.kind, o.at, o.collection, o.entry, o.revision, o.at, 1, p.reason
    FROM parked_events_before p JOIN outbox o ON o.seq = p.seq;
DROP TABLE parked_events_before;
