//! From the items of a source to the entries of a site.
//!
//! The source is read twice, in a thread of its own. The first time tells what there is, so that slugs, addresses and
//! numbers of pictures are known; the second time everything is stored, with links that lead to where things are now.
//! Identities are made from the source's own, so an import that is run again finds what is there and goes on.

mod arrange;
mod body;
mod dangling;
mod data;
mod destination;
mod entry;
mod fields;
mod identity;
mod links;
mod lost;
mod media;
mod mending;
mod menu_tree;
mod parts;
mod plan;
mod reading;
mod sending;
mod shape;
mod survey;
mod tally;

use std::collections::VecDeque;
use std::sync::Arc;

use smartcms_app::entries::ContentError;
use smartcms_app::{Fault, FaultKind, OpContext};
use tokio::task::JoinHandle;

pub(crate) use self::arrange::count as count_redirect;
pub(crate) use self::dangling::note_dangling;
pub use self::media::{MediaError, MediaStore, MediumSource, NewMedium, StoredMedium};
use self::parts::Import;
use self::reading::Reading;
use self::tally::Tally;
use crate::error::{Place, SourceError};
use crate::item::{Item, Source};
use crate::note::{Note, NoteKind};
use crate::progress::Progress;
use crate::report::Report;

/// How many items are worked on at the same time: their writes share the wait for the disk.
const RUNNING_MAX: usize = 256;

/// What an import is to do.
#[derive(Debug, Clone, Copy, Default)]
pub struct ImportOptions {
    /// Nothing is stored.
    pub dry_run: bool,
    /// Media are not copied.
    pub no_media: bool,
    /// The most entries that are stored.
    pub limit: Option<u64>,
}

/// Why an import came to its end early. What was stored stays; another run goes on.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The source could not be read on.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The site cannot be written to.
    #[error(transparent)]
    Content(#[from] ContentError),
    /// The site takes no files.
    #[error(transparent)]
    Media(#[from] smartcms_app::assets::AssetError),
    /// The thread that reads has panicked.
    #[error("reading the source ended without a result")]
    Lost,
}

impl Fault for ImportError {
    fn kind(&self) -> FaultKind {
        match self {
            Self::Source(SourceError::TooLarge { .. }) => FaultKind::Limit,
            Self::Source(SourceError::Read { source, .. })
                if source.kind() == std::io::ErrorKind::NotFound =>
            {
                FaultKind::NotFound
            }
            Self::Source(SourceError::Read { .. }) => FaultKind::Unavailable,
            Self::Source(_) => FaultKind::Invalid,
            Self::Content(error) => error.kind(),
            Self::Media(error) => error.kind(),
            Self::Lost => FaultKind::Internal,
        }
    }

    fn code(&self) -> &str {
        match self {
            Self::Source(SourceError::TooLarge { .. }) => "import.too-large",
            Self::Source(SourceError::Refused { .. }) => "import.refused",
            Self::Source(_) => "import.source",
            Self::Content(error) => error.code(),
            Self::Media(error) => error.code(),
            Self::Lost => "import.lost",
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            Self::Content(error) => error.hint(),
            Self::Media(error) => error.hint(),
            Self::Source(SourceError::TooLarge { .. }) => Some(
                "what came before is stored; take the large part out and run the import again"
                    .to_owned(),
            ),
            _ => None,
        }
    }
}

/// Imports everything of a source that is not there yet.
pub async fn import(
    ctx: &OpContext<'_>,
    source: Arc<dyn Source>,
    media: Option<Arc<dyn MediaStore>>,
    options: ImportOptions,
    progress: Arc<dyn Progress>,
    report: &mut Report,
) -> Result<(), ImportError> {
    let mut import = Import::new(ctx, &source, media, options).await?;
    progress.begin("reading", source.size());
    survey(&mut import, &source, &progress, report).await?;
    progress.begin("importing", source.size());
    let import = Arc::new(import);
    let mut reading = Reading::start(&source, &progress);
    let stored = store(&import, &mut reading, options, report).await;
    let read = reading.end().await?;
    stored?;
    if !options.dry_run {
        let place = Place { file: import.source_key.as_str().into(), line: 0 };
        note_dangling(ctx, import.take_targets(), &place, report)
            .await
            .map_err(ContentError::from)?;
    }
    // What was not read to its end may have more of a menu: a later run stores it whole.
    if read.is_ok() {
        import.arrange(report).await?;
    }
    match read {
        Ok(()) | Err(SourceError::Stopped) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Learns what there is. A source that breaks off is learned as far as it goes: its error comes when it is imported.
async fn survey(
    import: &mut Import,
    source: &Arc<dyn Source>,
    progress: &Arc<dyn Progress>,
    report: &mut Report,
) -> Result<(), ImportError> {
    let mut reading = Reading::start(source, progress);
    let mut learned = Ok(());
    while let Some((item, _share)) = reading.next().await {
        learned = import.learn(item, report).await;
        if learned.is_err() {
            break;
        }
    }
    let read = reading.end().await?;
    learned?;
    import.plan.finish();
    match read {
        Err(error @ SourceError::Refused { .. }) => Err(error.into()),
        _ => Ok(()),
    }
}

/// One item that is being worked on.
struct Running {
    /// What a defect in the work is told with.
    place: Place,
    subject: String,
    is_entry: bool,
    work: JoinHandle<(Tally, Result<(), ContentError>)>,
}

impl Running {
    fn start(import: &Arc<Import>, item: Item, share: reading::Share) -> Self {
        let (place, subject, is_entry) = match &item {
            Item::Entry(entry) => (entry.place.clone(), entry.title.clone(), true),
            Item::Author(author) => (author.place.clone(), author.name.clone(), true),
            Item::Term(term) => (term.place.clone(), term.name.clone(), true),
            Item::Asset(asset) => (asset.place.clone(), asset.url.clone(), false),
            _ => (Place::default(), String::new(), false),
        };
        let import = Arc::clone(import);
        let work = tokio::spawn(async move {
            let mut tally = Tally::default();
            let outcome = import.take(item, &mut tally).await;
            drop(share);
            (tally, outcome)
        });
        Self { place, subject, is_entry, work }
    }

    /// Waits for the end; the report hears what was done.
    async fn finish(self, report: &mut Report) -> Result<(), ContentError> {
        match self.work.await {
            Ok((tally, outcome)) => {
                tally.tell(report);
                outcome
            }
            Err(_) => {
                let kind =
                    if self.is_entry { NoteKind::EntryFailed } else { NoteKind::MediaFailed };
                let message = "a defect of this program ended the work on it; the log has more";
                report.note(Note::new(kind, &self.place, self.subject, message));
                Ok(())
            }
        }
    }
}

async fn store(
    import: &Arc<Import>,
    reading: &mut Reading,
    options: ImportOptions,
    report: &mut Report,
) -> Result<(), ContentError> {
    let mut running: VecDeque<Running> = VecDeque::with_capacity(RUNNING_MAX);
    let mut taken = 0;
    while let Some((item, share)) = reading.next().await {
        if options.limit.is_some_and(|limit| taken >= limit) {
            break;
        }
        taken += u64::from(matches!(item, Item::Entry(_)));
        if running.len() >= RUNNING_MAX
            && let Some(first) = running.pop_front()
        {
            first.finish(report).await?;
        }
        running.push_back(Running::start(import, item, share));
    }
    while let Some(first) = running.pop_front() {
        first.finish(report).await?;
    }
    Ok(())
}
