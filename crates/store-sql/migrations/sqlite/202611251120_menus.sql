-- Named lists of links. `items` is JSON as people write it: it is always read whole.
CREATE TABLE menus (
    name TEXT NOT NULL PRIMARY KEY,
    revision INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    items TEXT NOT NULL
) STRICT;

-- One row: how often menus changed. Every process looks here for changes of others.
CREATE TABLE menu_generation (
    only INTEGER NOT NULL PRIMARY KEY CHECK (only = 1),
    generation INTEGER NOT NULL
) STRICT;
INSERT INTO menu_generation (only, generation) VALUES (1, 0);
