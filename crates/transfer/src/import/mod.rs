//! From the items of a source to the entries of a site.
//!
//! The source is read twice, in a thread of its own. The first time tells what there is, so that slugs, addresses and
//! numbers of pictures are known; the second time everything is stored, with links that lead to where things are now.
//! Identities are made from the source's own, so an import that is run again finds what is there and goes on.

mod body;
mod data;
mod destination;
mod entry;
mod identity;
mod links;
mod media;
mod parts;
mod plan;
mod sending;
mod shape;
mod survey;

use std::sync::Arc;

use smartcms_app::entries::ContentError;
use smartcms_app::{Fault, FaultKind, OpContext};
use tokio::sync::mpsc;

pub use self::media::{MediaError, MediaStore, MediumSource, NewMedium, StoredMedium};
use self::parts::Import;
use self::survey::Survey;
use crate::error::SourceError;
use crate::item::{Item, Sink, Source};
use crate::progress::Progress;
use crate::report::Report;

/// How many items may wait between the thread that reads and the one that stores.
const ITEMS_WAITING_MAX: usize = 64;

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
            Self::Lost => FaultKind::Internal,
        }
    }

    fn code(&self) -> &str {
        match self {
            Self::Source(SourceError::TooLarge { .. }) => "import.too-large",
            Self::Source(SourceError::Refused { .. }) => "import.refused",
            Self::Source(_) => "import.source",
            Self::Content(error) => error.code(),
            Self::Lost => "import.lost",
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            Self::Content(error) => error.hint(),
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
    media: Option<&dyn MediaStore>,
    options: ImportOptions,
    progress: Arc<dyn Progress>,
    report: &mut Report,
) -> Result<(), ImportError> {
    progress.begin("reading", source.size());
    let survey = survey(&source, &progress).await?;
    let mut import = Import::new(ctx, &source, media, options, survey);
    import.plan_slugs(report).await?;
    progress.begin("importing", source.size());
    let (items, mut waiting) = mpsc::channel(ITEMS_WAITING_MAX);
    let reading = {
        let (source, progress) = (Arc::clone(&source), Arc::clone(&progress));
        tokio::task::spawn_blocking(move || {
            source.read(&mut Channel { items, progress: &*progress })
        })
    };
    let stored = async {
        while let Some(item) = waiting.recv().await {
            if import.is_full() {
                break;
            }
            import.take(item, report).await?;
        }
        import.finish(report).await
    };
    let stored = stored.await;
    drop(waiting); // The reader stops when nobody takes its items.
    let read = reading.await.map_err(|_| ImportError::Lost)?;
    stored?;
    match read {
        Ok(()) | Err(SourceError::Stopped) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

async fn survey(
    source: &Arc<dyn Source>,
    progress: &Arc<dyn Progress>,
) -> Result<Survey<'static>, ImportError> {
    let (source, progress) = (Arc::clone(source), Arc::clone(progress));
    let read = tokio::task::spawn_blocking(move || {
        let mut survey = Survey::new(&*progress);
        // A source that breaks off is surveyed as far as it goes; the error comes when it is imported.
        let read = source.read(&mut survey);
        (survey.finish(), read)
    });
    let (survey, read) = read.await.map_err(|_| ImportError::Lost)?;
    match read {
        Err(error @ SourceError::Refused { .. }) => Err(error.into()),
        _ => Ok(survey),
    }
}

/// Passes items from the thread that reads.
struct Channel<'a> {
    items: mpsc::Sender<Item>,
    progress: &'a dyn Progress,
}

impl Sink for Channel<'_> {
    fn take(&mut self, item: Item) -> Result<(), SourceError> {
        self.items.blocking_send(item).map_err(|_| SourceError::Stopped)
    }

    fn progress(&mut self, bytes: u64) {
        self.progress.reach(bytes);
    }
}
