//! One commit of many writes.

use std::collections::VecDeque;
use std::sync::Arc;

use rusqlite::Connection;
use smartcms_app::ports::LogLine;

use crate::sqlite::plugin_log;
use crate::sqlite::rows::run;

/// One write that waits.
pub(super) trait Job: Send {
    /// Does it; `false` when it has to be undone.
    fn run(&mut self, db: &Connection) -> bool;

    /// Tells its caller, now that the commit is done or has failed.
    fn answer(self: Box<Self>, failure: Option<&Arc<GroupError>>);
}

/// What goes into one commit.
pub(super) struct Group {
    pub(super) jobs: Vec<Box<dyn Job>>,
    pub(super) log: VecDeque<LogLine>,
}

/// Why nothing of a group was stored.
#[derive(Debug, thiserror::Error)]
pub(super) enum GroupError {
    #[error("the commit failed")]
    Database(#[from] rusqlite::Error),
    #[error("a write beside it ended the transaction")]
    Aborted,
}

/// Stores a group and answers its callers.
pub(super) fn commit(db: &Connection, mut group: Group) {
    let failure = transact(db, &mut |db| {
        for job in &mut group.jobs {
            in_savepoint(db, &mut |db| job.run(db))?;
        }
        if !group.log.is_empty() {
            in_savepoint(db, &mut |db| store_log(db, &group.log))?;
        }
        Ok(())
    });
    for job in group.jobs {
        job.answer(failure.as_ref());
    }
}

/// Stores one write alone; its `false` undoes it. Why nothing was stored.
pub(super) fn commit_one(
    db: &Connection,
    work: &mut dyn FnMut(&Connection) -> bool,
) -> Option<Arc<GroupError>> {
    transact(db, &mut |db| in_savepoint(db, work))
}

fn transact(
    db: &Connection,
    work: &mut dyn FnMut(&Connection) -> Result<(), GroupError>,
) -> Option<Arc<GroupError>> {
    let failure = within(db, work).err().map(Arc::new);
    if failure.is_some()
        && !db.is_autocommit()
        && let Err(error) = run(db, "ROLLBACK", [])
    {
        tracing::error!(%error, "a failed transaction could not be rolled back");
    }
    failure
}

fn within(
    db: &Connection,
    work: &mut dyn FnMut(&Connection) -> Result<(), GroupError>,
) -> Result<(), GroupError> {
    // Immediate: another process that writes is waited for here, where waiting can still succeed.
    run(db, "BEGIN IMMEDIATE", [])?;
    work(db)?;
    run(db, "COMMIT", [])?;
    Ok(())
}

fn in_savepoint(
    db: &Connection,
    work: &mut dyn FnMut(&Connection) -> bool,
) -> Result<(), GroupError> {
    run(db, "SAVEPOINT one_write", [])?;
    let keep = work(db);
    // A full disk, for instance, rolls the whole transaction back: the writes before this one are gone too.
    if db.is_autocommit() {
        return Err(GroupError::Aborted);
    }
    if !keep {
        run(db, "ROLLBACK TO one_write", [])?;
    }
    run(db, "RELEASE one_write", [])?;
    Ok(())
}

fn store_log(db: &Connection, lines: &VecDeque<LogLine>) -> bool {
    let stored = plugin_log::store(db, lines);
    if let Err(error) = &stored {
        tracing::warn!(%error, lines = lines.len(), "lines of plugins' logs could not be stored");
    }
    stored.is_ok()
}

#[cfg(test)]
mod tests {
    use rusqlite::{Connection, params};
    use smartcms_app::ports::StoreError;

    use super::super::Refusal;
    use super::super::samples::{Answer, db, job, line, mark};
    use super::{Group, Job, VecDeque, commit, run};

    fn marks(db: &Connection) -> Vec<String> {
        let mut statement = db.prepare("SELECT name FROM marks ORDER BY name").unwrap();
        let names = statement.query_map([], |row| row.get(0)).unwrap();
        names.map(Result::unwrap).collect()
    }

    /// Commits all in one group; whether each was told that it is stored.
    fn commit_together(db: &Connection, writes: Vec<(Box<dyn Job>, Answer)>) -> Vec<bool> {
        let (jobs, answers): (Vec<_>, Vec<_>) = writes.into_iter().unzip();
        commit(db, Group { jobs, log: [line("hello")].into() });
        answers.into_iter().map(|mut it| it.try_recv().unwrap().is_ok()).collect()
    }

    #[test]
    fn a_write_that_fails_is_undone_alone() {
        let db = db();
        let told = commit_together(&db, vec![mark(&["a"]), mark(&["b", "a"]), mark(&["c"])]);
        assert_eq!(told, [true, false, true]);
        assert_eq!(marks(&db), ["a", "c"], "of the failed write nothing is left");
    }

    #[test]
    fn a_failed_commit_is_told_to_everybody_and_leaves_nothing() {
        let db = db();
        let claim = || {
            job(|db| {
                run(db, "INSERT INTO claims (mark) VALUES ('nobody')", params![])?;
                Ok(())
            })
        };
        let known = job(|_| Err(Refusal::Known(StoreError::new("be the second `a`", "taken"))));
        let (jobs, answers): (Vec<_>, Vec<_>) = [mark(&["a"]), known, claim()].into_iter().unzip();
        commit(&db, Group { jobs, log: VecDeque::new() });
        for mut answer in answers {
            let told = answer.try_recv().unwrap().unwrap_err();
            assert_eq!(told.source.to_string(), "the commit failed");
        }
        assert!(marks(&db).is_empty());
        assert_eq!(commit_together(&db, vec![mark(&["a"])]), [true], "the next group is well");
    }

    #[test]
    fn a_write_that_ends_the_transaction_takes_no_neighbour_by_surprise() {
        let db = db();
        let abort = job(|db| {
            run(db, "ROLLBACK", [])?;
            Err(Refusal::from("the disk is full"))
        });
        let told = commit_together(&db, vec![mark(&["a"]), abort, mark(&["b"])]);
        assert_eq!(told, [false, false, false]);
        assert!(marks(&db).is_empty());
    }
}
