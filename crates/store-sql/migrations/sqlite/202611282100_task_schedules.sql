-- When tasks run by themselves, as the operator set it in place of what their plugins say; no schedule for never.
CREATE TABLE task_schedules (
    plugin TEXT NOT NULL,
    task TEXT NOT NULL,
    schedule TEXT,
    PRIMARY KEY (plugin, task)
) STRICT, WITHOUT ROWID;
