-- Which component of a plugin computed the values of computed fields: another one computes them again.
CREATE TABLE computed_values (
    plugin TEXT NOT NULL PRIMARY KEY,
    component TEXT NOT NULL
) STRICT, WITHOUT ROWID;
