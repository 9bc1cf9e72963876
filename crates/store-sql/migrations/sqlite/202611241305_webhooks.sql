-- Lists are JSON arrays of text; NULL stands for all. Secrets are stored as they are: signing needs them.
CREATE TABLE webhooks (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    name TEXT NOT NULL UNIQUE,
    url TEXT NOT NULL,
    events TEXT,
    collections TEXT,
    enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
    disabled_reason TEXT CHECK (disabled_reason IS NULL OR enabled = 0),
    secret BLOB NOT NULL,
    previous_secret BLOB,
    previous_until INTEGER CHECK ((previous_until IS NULL) = (previous_secret IS NULL)),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    failing_since INTEGER
) STRICT;

-- Ids begin with the time: their order is that of the log. An event makes one delivery to each webhook.
CREATE TABLE webhook_deliveries (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    webhook BLOB NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
    event BLOB,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    tries INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    next_at INTEGER CHECK ((next_at IS NULL) = (state <> 'waiting')),
    tried_at INTEGER,
    duration_ms INTEGER CHECK ((duration_ms IS NULL) = (tried_at IS NULL)),
    status INTEGER,
    error TEXT,
    body TEXT NOT NULL,
    answer TEXT
) STRICT;
CREATE UNIQUE INDEX webhook_deliveries_by_event ON webhook_deliveries (webhook, event)
    WHERE event IS NOT NULL;
CREATE INDEX webhook_deliveries_log ON webhook_deliveries (webhook, id DESC);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (webhook, next_at) WHERE next_at IS NOT NULL;

-- One row: up to which event deliveries were made. There are no webhooks yet, so all events so far are behind.
CREATE TABLE webhooks_heard (
    only INTEGER NOT NULL PRIMARY KEY CHECK (only = 1),
    seq INTEGER NOT NULL
) STRICT;
INSERT INTO webhooks_heard (only, seq) SELECT 1, coalesce(max(seq), 0) FROM outbox;
