CREATE TABLE rows (
    of_table TEXT NOT NULL,
    key TEXT NOT NULL,
    row TEXT NOT NULL,
    PRIMARY KEY (of_table, key)
) STRICT, WITHOUT ROWID;
