-- References get the time that the listing of their side sorts by: the entries that point to one target are then in the
-- order of the listing, and the newest of them are read without all the others.
ALTER TABLE entry_references ADD COLUMN sorts_at INTEGER NOT NULL DEFAULT 0;
UPDATE entry_references SET sorts_at =
    (SELECT CASE side WHEN 1 THEN coalesce(first_published_at, created_at) ELSE created_at END
    FROM entries WHERE id = entry);
DROP INDEX entry_references_by_target;
CREATE INDEX entry_references_by_target
    ON entry_references (target, side, field, sorts_at, entry, position, kind);

-- With the language last they serve a slug in any language too.
DROP INDEX entries_by_slug;
DROP INDEX entries_by_live_slug;
CREATE UNIQUE INDEX entries_by_slug ON entries (collection, slug, locale) WHERE trashed_at IS NULL;
CREATE UNIQUE INDEX entries_by_live_slug ON entries (collection, live_slug, locale) WHERE live_slug IS NOT NULL;
