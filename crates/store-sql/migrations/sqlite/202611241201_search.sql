-- What the search finds: a table for each side, and one more for each in English, where words are stemmed. An entry
-- is in one of the two by its language; rowid is its number. `scope` holds its collection and its language as words,
-- so that a search in one collection does not read the matches of all others.
CREATE VIRTUAL TABLE search_live USING fts5 (
    title, body, scope, tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'
);
CREATE VIRTUAL TABLE search_live_english USING fts5 (
    title, body, scope, tokenize = 'porter unicode61 remove_diacritics 2', prefix = '2 3'
);
CREATE VIRTUAL TABLE search_newest USING fts5 (
    title, body, scope, tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'
);
CREATE VIRTUAL TABLE search_newest_english USING fts5 (
    title, body, scope, tokenize = 'porter unicode61 remove_diacritics 2', prefix = '2 3'
);

-- By which definition the entries of a collection were read, and entries that are still to be read.
CREATE TABLE search_definitions (
    collection TEXT NOT NULL PRIMARY KEY,
    definition TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE search_pending (
    number INTEGER PRIMARY KEY REFERENCES entries (number) ON DELETE CASCADE
) STRICT;
