//! Sending what was prepared to the store, and counting what became of it.

use smartcms_app::Fault;
use smartcms_app::entries::{ContentError, ImportEntry, ImportOutcome, import_moved_entry};

use smartcms_domain::redirects::SitePath;

use super::parts::Import;
use super::tally::Tally;
use crate::error::Place;
use crate::note::{Note, NoteKind};

/// Something that is ready to be stored.
pub(super) struct Thing {
    pub(super) command: ImportEntry,
    /// Where it was elsewhere.
    pub(super) old_paths: Vec<SitePath>,
    /// What notes call it.
    pub(super) subject: String,
    pub(super) place: Place,
}

impl Import {
    /// Stores a thing and counts what became of it; only a store that fails ends the import.
    pub(super) async fn send(&self, thing: Thing, tally: &mut Tally) -> Result<(), ContentError> {
        let Thing { command, old_paths, subject, place } = thing;
        let collection = command.collection.clone();
        self.remember_targets(&command);
        let outcome = if self.site.dry_run {
            let found = self.site.ctx().app.entries.find(command.id).await?;
            Ok(if found.is_some() { ImportOutcome::Present } else { ImportOutcome::Stored })
        } else {
            import_moved_entry(&self.site.ctx(), command, &old_paths).await
        };
        let count = tally.count(&collection);
        match outcome {
            Ok(ImportOutcome::Stored) => {
                count.added += 1;
                if !old_paths.is_empty() {
                    tally.count("redirects").added += old_paths.len() as u64;
                }
            }
            Ok(ImportOutcome::Present) => count.present += 1,
            Err(error @ (ContentError::Store(_) | ContentError::Denied(_))) => return Err(error),
            Err(error) => {
                count.failed += 1;
                let problems = error.problems().iter().map(|it| format!("; {it}"));
                let message = format!("{error}{}", problems.collect::<String>());
                tally.note(Note::new(NoteKind::EntryFailed, &place, subject, message));
            }
        }
        Ok(())
    }
}
