//! Moving content in and out while the site is served: work of minutes or hours, beside the requests.

use async_trait::async_trait;
use bytes::Bytes;
use http_body_util::combinators::UnsyncBoxBody;
use smartcms_domain::Timestamp;
use smartcms_domain::actors::Actor;
use uuid::Uuid;

use super::{AuditClient, BodyError};
use crate::App;

/// Imports and exports in the background. One is under way at a time. What it did is kept, also when the process ends:
/// an import that was interrupted can go on.
#[async_trait]
pub trait Transfers: Send + Sync {
    /// How much may be sent at once, in bytes; `None` where nothing can be moved while the site is served.
    fn upload_bytes_max(&self) -> Option<u64>;

    /// A place for what is sent. Dropping it takes that away.
    async fn stage(&self) -> Result<Box<dyn StagedTransfer>, TransferFault>;

    /// Begins an import of what was sent.
    async fn begin_import(
        &self,
        by: TransferBy,
        staged: Box<dyn StagedTransfer>,
        wish: ImportWish,
    ) -> Result<Uuid, TransferFault>;

    /// Begins an export of everything into an archive.
    async fn begin_export(&self, by: TransferBy) -> Result<Uuid, TransferFault>;

    /// Everything that is kept, the newest first.
    async fn list(&self) -> Result<Vec<TransferJob>, TransferFault>;

    /// Tells work that is under way to stop; `false` when it is not.
    async fn cancel(&self, id: Uuid) -> Result<bool, TransferFault>;

    /// Lets an import go on, or begin again for real after a trial; `false` when there is no such one.
    async fn resume(&self, by: TransferBy, id: Uuid, dry_run: bool) -> Result<bool, TransferFault>;

    /// Forgets what was done, with its files; `false` when it is not there or under way.
    async fn forget(&self, id: Uuid) -> Result<bool, TransferFault>;

    /// What an export made, or the report of an import.
    async fn open(&self, id: Uuid) -> Result<Option<TransferFile>, TransferFault>;
}

/// What is sent, file by file.
#[async_trait]
pub trait StagedTransfer: Send + Sync {
    /// Begins another file: a name, or a path inside a folder with `/` between its parts.
    async fn begin(&mut self, path: &str) -> Result<(), TransferFault>;

    /// Adds bytes to the file that was begun last.
    async fn write(&mut self, chunk: Bytes) -> Result<(), TransferFault>;

    /// How many files have begun.
    fn files(&self) -> usize;

    /// For the adapter that made it.
    fn into_any(self: Box<Self>) -> Box<dyn std::any::Any + Send>;
}

/// For whom work is done.
#[derive(Clone)]
pub struct TransferBy {
    /// The site.
    pub app: App,
    /// Who asked.
    pub actor: Actor,
    /// From where.
    pub client: AuditClient,
}

/// What an import should do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportWish {
    /// What was sent.
    pub format: TransferFormat,
    /// Nothing is stored.
    pub dry_run: bool,
    /// Files are not copied.
    pub no_media: bool,
    /// Where the old site was, if that is not in what was sent.
    pub old_url: Option<String>,
}

/// What was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TransferFormat {
    /// An export of WordPress.
    Wxr,
    /// An export of Ghost.
    Ghost,
    /// Markdown files.
    Markdown,
    /// An export of a site like this.
    Site,
}

/// One work, as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransferJob {
    /// Its id.
    pub id: Uuid,
    /// What is brought in; `None` for an export.
    pub import: Option<ImportWish>,
    /// What the file was called.
    pub name: String,
    /// Who asked for it.
    pub by: String,
    /// Where it stands.
    pub state: TransferState,
    /// When it began.
    pub begun_at: Timestamp,
    /// When it was over.
    pub ended_at: Option<Timestamp>,
    /// How far it is.
    pub step: TransferStep,
    /// What was counted.
    pub counts: Vec<TransferCount>,
    /// What is not as it was, most said first.
    pub notes: Vec<TransferNotes>,
    /// Why it failed.
    pub problem: Option<String>,
    /// The size of the file that can be fetched; 0 where there is none.
    pub file_bytes: u64,
    /// Whether what was sent is still there.
    pub can_go_on: bool,
}

/// Where a work stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TransferState {
    /// It is under way.
    Running,
    /// All is done.
    Done,
    /// It ended early. What was stored stays.
    Failed,
    /// Somebody stopped it. What was stored stays.
    Cancelled,
    /// The process ended. What was stored stays.
    Interrupted,
}

/// How far a work is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TransferStep {
    /// What it does: `reading`, `importing`, `packing`, or a collection.
    pub name: String,
    /// Units that are done.
    pub done: u64,
    /// Units in all; 0 where that is not known.
    pub total: u64,
}

/// How many things of one kind there were.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransferCount {
    /// The kind.
    pub name: String,
    /// Stored now.
    pub added: u64,
    /// There already.
    pub present: u64,
    /// There already, and mended.
    pub mended: u64,
    /// Could not be stored.
    pub failed: u64,
}

/// Notes of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransferNotes {
    /// What they say, in words.
    pub meaning: String,
    /// How many there are.
    pub count: u64,
    /// The first of them.
    pub first: Vec<String>,
}

/// A file that is sent as it is read.
pub struct TransferFile {
    /// What to call it.
    pub name: String,
    /// Its media type.
    pub media_type: &'static str,
    /// Its size.
    pub bytes_len: u64,
    /// What it holds.
    pub body: UnsyncBoxBody<Bytes, BodyError>,
}

/// Why something was not done.
#[derive(Debug, thiserror::Error)]
pub enum TransferFault {
    /// Nothing can be moved here.
    #[error("this site cannot move content while it is served")]
    NotOffered,
    /// Another work is under way.
    #[error("another import or export is under way")]
    Busy,
    /// What was sent is too much, or has names that are none.
    #[error("{0}")]
    Refused(String),
    /// It could not be done now.
    #[error("could not {action}")]
    Unavailable {
        /// What was tried.
        action: String,
        /// Why it failed.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl TransferFormat {
    /// Every format.
    pub const ALL: [Self; 4] = [Self::Wxr, Self::Ghost, Self::Markdown, Self::Site];

    /// The lasting name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Wxr => "wxr",
            Self::Ghost => "ghost",
            Self::Markdown => "markdown",
            Self::Site => "site",
        }
    }

    /// The format with this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }
}

impl TransferState {
    /// Every state.
    pub const ALL: [Self; 5] =
        [Self::Running, Self::Done, Self::Failed, Self::Cancelled, Self::Interrupted];

    /// The lasting name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
            Self::Interrupted => "interrupted",
        }
    }

    /// The state with this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }
}

/// Moves nothing: of the portable build, which has no folder to work in.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoTransfers;

#[async_trait]
impl Transfers for NoTransfers {
    fn upload_bytes_max(&self) -> Option<u64> {
        None
    }

    async fn stage(&self) -> Result<Box<dyn StagedTransfer>, TransferFault> {
        Err(TransferFault::NotOffered)
    }

    async fn begin_import(
        &self,
        _: TransferBy,
        _: Box<dyn StagedTransfer>,
        _: ImportWish,
    ) -> Result<Uuid, TransferFault> {
        Err(TransferFault::NotOffered)
    }

    async fn begin_export(&self, _: TransferBy) -> Result<Uuid, TransferFault> {
        Err(TransferFault::NotOffered)
    }

    async fn list(&self) -> Result<Vec<TransferJob>, TransferFault> {
        Ok(Vec::new())
    }

    async fn cancel(&self, _: Uuid) -> Result<bool, TransferFault> {
        Ok(false)
    }

    async fn resume(&self, _: TransferBy, _: Uuid, _: bool) -> Result<bool, TransferFault> {
        Err(TransferFault::NotOffered)
    }

    async fn forget(&self, _: Uuid) -> Result<bool, TransferFault> {
        Ok(false)
    }

    async fn open(&self, _: Uuid) -> Result<Option<TransferFile>, TransferFault> {
        Ok(None)
    }
}
