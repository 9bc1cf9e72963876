-- What is long in the trash is found without a look at the rest; and entries whose history may be cut, which are few.
CREATE INDEX entries_by_trashing ON entries (trashed_at, id) WHERE trashed_at IS NOT NULL;
CREATE INDEX entries_with_long_histories ON entries (revision) WHERE revision > 100;
