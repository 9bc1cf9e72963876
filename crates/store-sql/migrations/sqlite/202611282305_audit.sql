-- Who did what to what, from where, and how it ended. Ids begin with the time: their order is that of the log.
CREATE TABLE audit (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    operation TEXT NOT NULL CHECK (instr(operation, '.') > 1),
    area TEXT NOT NULL GENERATED ALWAYS AS (substr(operation, 1, instr(operation, '.') - 1)) VIRTUAL,
    outcome TEXT NOT NULL CHECK (outcome IN ('done', 'denied', 'failed')),
    target_kind TEXT,
    target_id TEXT CHECK ((target_id IS NULL) = (target_kind IS NULL)),
    before_digest BLOB CHECK (length(before_digest) = 32),
    after_digest BLOB CHECK (length(after_digest) = 32),
    address TEXT,
    user_agent TEXT,
    detail TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX audit_actor ON audit (actor, id);
CREATE INDEX audit_area ON audit (area, id);
CREATE INDEX audit_target ON audit (target_kind, target_id, id);
CREATE INDEX audit_other_outcomes ON audit (outcome, id) WHERE outcome <> 'done';

-- Retention alone takes records away, and only those from before the time that it says here. It says it and takes it
-- back in one transaction.
CREATE TABLE audit_retention (before INTEGER NOT NULL) STRICT;
INSERT INTO audit_retention (before) VALUES (0);

CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'records of the audit log are not changed'); END;
CREATE TRIGGER audit_is_kept BEFORE DELETE ON audit
WHEN OLD.at >= (SELECT before FROM audit_retention)
BEGIN SELECT RAISE(ABORT, 'records of the audit log are not taken away'); END;
-- `INSERT OR REPLACE` takes a row away without asking the trigger above.
CREATE TRIGGER audit_is_not_replaced BEFORE INSERT ON audit
WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'records of the audit log are not replaced'); END;
