-- The text of an entry is indexed once where its newest state is the public one: the tables of the newest side keep
-- what differs from the public side, and `search_changed` names the entries whose public text is not their newest.
-- Prefixes of three letters need no index of their own: few words share one.
CREATE TABLE search_changed (number INTEGER NOT NULL PRIMARY KEY) STRICT;

INSERT INTO search_changed
    SELECT live.rowid FROM search_live AS live
    LEFT JOIN search_newest AS newest ON newest.rowid = live.rowid
    WHERE newest.title IS NOT live.title OR newest.body IS NOT live.body OR newest.scope IS NOT live.scope;
INSERT OR IGNORE INTO search_changed
    SELECT live.rowid FROM search_live_english AS live
    LEFT JOIN search_newest_english AS newest ON newest.rowid = live.rowid
    WHERE newest.title IS NOT live.title OR newest.body IS NOT live.body OR newest.scope IS NOT live.scope;

CREATE TABLE search_kept (
    name TEXT NOT NULL, number INTEGER NOT NULL, title TEXT NOT NULL, body TEXT NOT NULL, scope TEXT NOT NULL
) STRICT;
INSERT INTO search_kept SELECT 'live', rowid, title, body, scope FROM search_live;
INSERT INTO search_kept SELECT 'live_english', rowid, title, body, scope FROM search_live_english;
INSERT INTO search_kept SELECT 'newest', rowid, title, body, scope FROM search_newest
    WHERE rowid IN (SELECT number FROM search_changed) OR rowid NOT IN (SELECT rowid FROM search_live);
INSERT INTO search_kept SELECT 'newest_english', rowid, title, body, scope FROM search_newest_english
    WHERE rowid IN (SELECT number FROM search_changed) OR rowid NOT IN (SELECT rowid FROM search_live_english);

DROP TABLE search_live;
DROP TABLE search_live_english;
DROP TABLE search_newest;
DROP TABLE search_newest_english;

CREATE VIRTUAL TABLE search_live USING fts5 (
    title, body, scope, tokenize = 'unicode61 remove_diacritics 2', prefix = '2'
);
CREATE VIRTUAL TABLE search_live_english USING fts5 (
    title, body, scope, tokenize = 'porter unicode61 remove_diacritics 2', prefix = '2'
);
CREATE VIRTUAL TABLE search_newest USING fts5 (
    title, body, scope, tokenize = 'unicode61 remove_diacritics 2', prefix = '2'
);
CREATE VIRTUAL TABLE search_newest_english USING fts5 (
    title, body, scope, tokenize = 'porter unicode61 remove_diacritics 2', prefix = '2'
);

-- Merging later, and more at once, costs a write less and a search little.
INSERT INTO search_live (search_live, rank) VALUES ('automerge', 8);
INSERT INTO search_live_english (search_live_english, rank) VALUES ('automerge', 8);
INSERT INTO search_newest (search_newest, rank) VALUES ('automerge', 8);
INSERT INTO search_newest_english (search_newest_english, rank) VALUES ('automerge', 8);

INSERT INTO search_live (rowid, title, body, scope)
    SELECT number, title, body, scope FROM search_kept WHERE name = 'live';
INSERT INTO search_live_english (rowid, title, body, scope)
    SELECT number, title, body, scope FROM search_kept WHERE name = 'live_english';
INSERT INTO search_newest (rowid, title, body, scope)
    SELECT number, title, body, scope FROM search_kept WHERE name = 'newest';
INSERT INTO search_newest_english (rowid, title, body, scope)
    SELECT number, title, body, scope FROM search_kept WHERE name = 'newest_english';
DROP TABLE search_kept;
