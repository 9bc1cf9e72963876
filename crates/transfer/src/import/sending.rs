//! Sending what was prepared to the store, many at a time, and counting what became of it.

use smartcms_app::entries::{ContentError, ImportEntry, ImportOutcome, import_entry};
use smartcms_app::{Fault, OpContext};
use tokio::task::JoinError;

use super::parts::Import;
use crate::error::Place;
use crate::note::{Note, NoteKind};
use crate::report::Report;

/// Something that is ready to be stored.
pub(super) struct Thing {
    pub(super) command: ImportEntry,
    /// What notes call it.
    pub(super) subject: String,
    pub(super) place: Place,
}

/// How many entries are stored at the same time.
const STORING_MAX: usize = 256;

/// What became of an entry that was sent to the store.
pub(super) struct Stored {
    collection: String,
    subject: String,
    place: Place,
    outcome: Result<ImportOutcome, ContentError>,
}

/// Counts what became of an entry; only a store that fails ends the import.
pub(super) fn count(
    stored: Result<Stored, JoinError>,
    report: &mut Report,
) -> Result<(), ContentError> {
    let Ok(stored) = stored else { return Ok(()) }; // A task that panicked has been logged.
    let count = report.count(&stored.collection);
    match stored.outcome {
        Ok(ImportOutcome::Stored) => count.added += 1,
        Ok(ImportOutcome::Present) => count.present += 1,
        Err(error @ (ContentError::Store(_) | ContentError::Denied(_))) => return Err(error),
        Err(error) => {
            count.failed += 1;
            let problems = error.problems().iter().map(|it| format!("; {it}"));
            let message = format!("{error}{}", problems.collect::<String>());
            report.note(Note::new(NoteKind::EntryFailed, &stored.place, stored.subject, message));
        }
    }
    Ok(())
}

impl Import<'_> {
    /// Sends something to the store; waits only when many are on their way.
    pub(super) async fn send(
        &mut self,
        thing: Thing,
        report: &mut Report,
    ) -> Result<(), ContentError> {
        let Thing { command, subject, place } = thing;
        let collection = command.collection.clone();
        if self.site.dry_run {
            let present = self.site.has(command.id).await?;
            let outcome = Ok(if present { ImportOutcome::Present } else { ImportOutcome::Stored });
            return count(Ok(Stored { collection, subject, place, outcome }), report);
        }
        if self.storing.len() >= STORING_MAX
            && let Some(stored) = self.storing.join_next().await
        {
            count(stored, report)?;
        }
        let ctx = self.site.ctx;
        let (app, actor, chain) = (ctx.app.clone(), ctx.actor.clone(), ctx.chain.clone());
        self.storing.spawn(async move {
            let ctx = OpContext { app: &app, actor: &actor, chain: &chain };
            let outcome = import_entry(&ctx, command).await;
            Stored { collection, subject, place, outcome }
        });
        Ok(())
    }
}
