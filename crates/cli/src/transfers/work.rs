//! One import or export while it is under way.

use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use smartcms_app::OpContext;
use smartcms_app::audit::{Deed, record};
use smartcms_app::ports::{
    AuditOutcome, ImportWish, TransferBy, TransferFormat, TransferState, TransferStep,
};
use smartcms_domain::with_causes;
use smartcms_transfer::{
    ImportError, ImportOptions, MANIFEST_NAME, NoteKind, Progress, Report, Source, SourceError,
    export_site, import, is_archive, open_folder, open_ghost, open_wxr, pack, read_export, unpack,
};
use tokio::sync::Notify;

use super::folder::JobFolder;
use super::record::JobRecord;
use crate::args::Folders;
use crate::commands::SiteMedia;

/// One work.
pub(super) struct Work {
    pub(super) folders: Folders,
    pub(super) folder: JobFolder,
    pub(super) by: TransferBy,
    pub(super) record: JobRecord,
    pub(super) steps: Arc<Steps>,
    pub(super) stop: Arc<Notify>,
}

/// How far a work is.
#[derive(Default)]
pub(super) struct Steps(Mutex<TransferStep>);

impl Steps {
    pub(super) fn step(&self) -> TransferStep {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Progress for Steps {
    fn begin(&self, what: &str, units: u64) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) =
            TransferStep { name: what.to_owned(), done: 0, total: units };
    }

    fn reach(&self, units: u64) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).done = units;
    }
}

impl Work {
    /// Does it, and stores what came of it.
    pub(super) async fn run(mut self) {
        let stop = Arc::clone(&self.stop);
        match self.record.wish() {
            Some(wish) => self.import(wish, &stop).await,
            None => self.export(&stop).await,
        }
        if let Err(error) = self.folder.write(&self.record) {
            let error = with_causes(&error);
            tracing::error!(error, "could not store what came of an import or export");
        }
    }

    async fn import(&mut self, wish: ImportWish, stop: &Notify) {
        let file = File::create(self.folder.report()).map(BufWriter::new);
        let file = file.ok().map(|it| Box::new(it) as Box<dyn Write + Send>);
        let mut report = Report::new(self.record.name().to_owned(), wish.dry_run, file);
        let outcome = tokio::select! {
            outcome = self.bring(&wish, &mut report) => Some(outcome),
            () = stop.notified() => None,
        };
        if let Err(error) = report.finish() {
            tracing::warn!(error = with_causes(&error), "could not write the report of an import");
        }
        self.record.set_report(&report);
        let (state, problem) = match outcome {
            None => (TransferState::Cancelled, None),
            Some(Err(error)) => (TransferState::Failed, Some(chain(&error))),
            Some(Ok(())) => {
                let failed: u64 = report.counts().values().map(|it| it.failed).sum();
                match failed > 0 || report.notes(NoteKind::EntryFailed) > 0 {
                    true => {
                        let text =
                            "not everything could be imported; what could not is named below";
                        (TransferState::Failed, Some(text.to_owned()))
                    }
                    false => (TransferState::Done, None),
                }
            }
        };
        self.record.end(state, problem);
        if !wish.dry_run {
            self.note("site.imported", state, self.record.name().to_owned()).await;
        }
    }

    /// Reads what was sent and stores what is not there yet.
    async fn bring(&self, wish: &ImportWish, report: &mut Report) -> Result<(), ImportError> {
        let ctx = OpContext::new(&self.by.app, &self.by.actor).from_client(&self.by.client);
        let options = ImportOptions { dry_run: wish.dry_run, no_media: wish.no_media, limit: None };
        let place = tempfile::tempdir_in(self.folder.path());
        let failed = |error| SourceError::read(self.folder.path(), "make a folder", error);
        let place = place.map_err(failed)?;
        let (path, staging) = (self.sent()?, place.path().to_owned());
        let steps = Arc::clone(&self.steps) as Arc<dyn Progress>;
        if let Some(folder) = own_export(wish.format, &path, &staging).await? {
            return read_export(&ctx, &folder, options, &*steps, report).await;
        }
        let asked = wish.clone();
        let opened = aside(move || open(&asked, &path, &staging)).await?;
        let media = SiteMedia::new(self.by.app.clone(), self.by.actor.clone());
        import(&ctx, opened, Some(Arc::new(media)), options, steps, report).await
    }

    /// The file that was sent, or the folder.
    fn sent(&self) -> Result<PathBuf, ImportError> {
        let source = self.folder.source();
        let failed = |error| SourceError::read(&source, "look for what was sent", error);
        let mut entries = std::fs::read_dir(&source).map_err(failed)?;
        let first = entries.next().transpose().map_err(failed)?;
        Ok(match (first, entries.next()) {
            (Some(only), None) => only.path(),
            _ => source,
        })
    }

    async fn export(&mut self, stop: &Notify) {
        let outcome = tokio::select! {
            outcome = self.take_out() => Some(outcome),
            () = stop.notified() => None,
        };
        let (state, said, problem) = match outcome {
            None => (TransferState::Cancelled, String::new(), None),
            Some(Err(error)) => {
                (TransferState::Failed, error.to_string(), Some(format!("{error:#}")))
            }
            Some(Ok(exported)) => {
                self.record.set_exported(&exported);
                let entries: u64 = exported.entries.values().sum();
                let said = format!("{entries} entries and {} files", exported.media);
                (TransferState::Done, said, None)
            }
        };
        self.record.end(state, problem);
        self.note("site.exported", state, said).await;
    }

    /// Writes a folder, packs it, and only then gives the archive its name.
    async fn take_out(&self) -> anyhow::Result<smartcms_transfer::Exported> {
        let ctx = OpContext::new(&self.by.app, &self.by.actor).from_client(&self.by.client);
        let place = tempfile::tempdir_in(self.folder.path())?;
        let folder = place.path().join("export");
        let collections = self.folders.site.join("collections");
        let exported = export_site(&ctx, &folder, &collections, &*self.steps).await?;
        let (steps, new) = (Arc::clone(&self.steps), place.path().join("export.zip"));
        let archive = self.folder.archive();
        tokio::task::spawn_blocking(move || {
            pack(&folder, &new, &*steps)?;
            std::fs::rename(&new, archive)
        })
        .await??;
        Ok(exported)
    }

    async fn note(&self, operation: &'static str, state: TransferState, said: String) {
        let ctx = OpContext::new(&self.by.app, &self.by.actor).from_client(&self.by.client);
        let outcome = match state {
            TransferState::Done => AuditOutcome::Done,
            _ => AuditOutcome::Failed,
        };
        let deed = Deed::done(operation).to("transfer", self.record.id).ended(outcome);
        record(&ctx, deed.detail(said)).await;
    }
}

/// The folder of an export of ours, unpacked where it came as an archive.
async fn own_export(
    format: TransferFormat,
    path: &Path,
    staging: &Path,
) -> Result<Option<PathBuf>, ImportError> {
    let is_own = |it: &Path| it.join(MANIFEST_NAME).is_file();
    if !matches!(format, TransferFormat::Site | TransferFormat::Markdown) {
        return Ok(None);
    }
    if is_own(path) {
        return Ok(Some(path.to_owned()));
    }
    if format != TransferFormat::Site || !is_archive(path)? {
        return Ok(None);
    }
    let (from, to) = (path.to_owned(), staging.join("own"));
    let folder = aside(move || {
        std::fs::create_dir(&to).map_err(|error| SourceError::read(&to, "make a folder", error))?;
        unpack(&from, &to)
    })
    .await?;
    if is_own(&folder) {
        return Ok(Some(folder));
    }
    let place = smartcms_transfer::Place::file(path);
    let text = format!("it is no export of a site like this: it holds no {MANIFEST_NAME}");
    Err(SourceError::malformed(place, text).into())
}

fn open(wish: &ImportWish, path: &Path, staging: &Path) -> Result<Arc<dyn Source>, SourceError> {
    let url = wish.old_url.as_deref();
    Ok(match (wish.format, url) {
        (TransferFormat::Wxr, None) => Arc::new(open_wxr(path, staging)?),
        (TransferFormat::Wxr, Some(url)) => Arc::new(open_wxr(path, staging)?.at(url)),
        (TransferFormat::Ghost, None) => Arc::new(open_ghost(path, staging)?),
        (TransferFormat::Ghost, Some(url)) => Arc::new(open_ghost(path, staging)?.at(url)),
        (_, None) => Arc::new(open_folder(path, staging)?),
        (_, Some(url)) => Arc::new(open_folder(path, staging)?.at(url)),
    })
}

/// Work with files that takes long, away from the threads of the requests.
async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, SourceError> + Send + 'static,
) -> Result<T, ImportError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(outcome) => Ok(outcome?),
        Err(_) => Err(ImportError::Lost),
    }
}

fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.ends_with(&cause_text) {
            text = format!("{text}: {cause_text}");
        }
        source = cause.source();
    }
    text
}
