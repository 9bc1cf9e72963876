//! Imports and exports while a site is served: one at a time, beside the requests.
//!
//! Each has a folder below `transfers` in the data: `job.json` says how it stands, `source` holds what was sent,
//! `report.json` all that is said of an import, and `export.zip` what an export made. A work whose process ended is found
//! there, and can go on.

mod body;
mod folder;
mod record;
mod staged;
mod work;

use std::collections::HashMap;
use std::error::Error;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use smartcms_app::ports::{
    Clock as _, ImportWish, Randomness as _, StagedTransfer, TransferBy, TransferFault,
    TransferFile, TransferJob, TransferState, Transfers,
};
use tokio::sync::Notify;
use uuid::Uuid;

use self::folder::JobFolder;
use self::record::JobRecord;
use self::staged::Staged;
use self::work::{Steps, Work};
use crate::args::Folders;
use crate::world::{SystemClock, SystemRandomness};

/// The folder in the data.
const FOLDER_NAME: &str = "transfers";
/// How much may be sent at once, in bytes.
const UPLOAD_BYTES_MAX: u64 = 4 * 1024 * 1024 * 1024;
/// How many works are kept; the oldest that are over go.
const KEPT_MAX: usize = 20;

/// The works of a site.
pub(crate) struct SiteTransfers {
    folders: Folders,
    root: PathBuf,
    running: Arc<Mutex<HashMap<Uuid, Running>>>,
}

/// A work of this process that is under way.
struct Running {
    steps: Arc<Steps>,
    stop: Arc<Notify>,
}

impl SiteTransfers {
    /// Those of a site. Nothing is made before the first.
    pub(crate) fn open(folders: &Folders) -> anyhow::Result<Self> {
        let root = folders.data().join(FOLDER_NAME);
        Ok(Self { folders: folders.clone(), root, running: Arc::default() })
    }

    fn running(&self) -> MutexGuard<'_, HashMap<Uuid, Running>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the only place there is.
    fn start(&self, by: TransferBy, record: JobRecord) -> Result<Uuid, TransferFault> {
        let id = record.id;
        let folder = JobFolder::new(&self.root, id);
        let (steps, stop) = (Arc::new(Steps::default()), Arc::new(Notify::new()));
        {
            let mut running = self.running();
            if !running.is_empty() {
                return Err(TransferFault::Busy);
            }
            let (steps, stop) = (Arc::clone(&steps), Arc::clone(&stop));
            running.insert(id, Running { steps, stop });
        }
        let place = Place { running: Arc::clone(&self.running), id };
        folder.write(&record).map_err(|it| failed("store how the work stands", it))?;
        let work = Work { folders: self.folders.clone(), folder, by, record, steps, stop };
        tokio::spawn(async move {
            work.run().await;
            drop(place);
        });
        Ok(id)
    }

    /// Whether another is under way: asked before anything is made.
    fn check_place(&self) -> Result<(), TransferFault> {
        if self.running().is_empty() { Ok(()) } else { Err(TransferFault::Busy) }
    }

    /// The work as others see it. `before` are the works that were under way before the record was read: one that ended
    /// meanwhile is not taken for one that was interrupted, and none is over before its place is free.
    fn job(&self, record: JobRecord, before: &[Uuid]) -> TransferJob {
        let (id, folder) = (record.id, JobFolder::new(&self.root, record.id));
        let now = self.running().get(&id).map(|it| it.steps.step());
        let is_running = now.is_some() || before.contains(&id);
        let mut job = record.job(now.unwrap_or_default());
        if is_running {
            job.state = TransferState::Running;
        } else if job.state == TransferState::Running {
            job.state = TransferState::Interrupted;
        }
        job.file_bytes = folder.file_of(&job).map_or(0, |(_, len)| len);
        job.can_go_on = job.state != TransferState::Running && folder.has_source();
        job
    }

    fn under_way(&self) -> Vec<Uuid> {
        self.running().keys().copied().collect()
    }

    fn records(&self) -> Result<Vec<JobRecord>, TransferFault> {
        folder::records(&self.root).map_err(|it| failed("look for imports and exports", it))
    }

    fn find(&self, id: Uuid) -> Result<Option<TransferJob>, TransferFault> {
        let before = self.under_way();
        let record = JobFolder::new(&self.root, id).read();
        let record = record.map_err(|it| failed("read how the work stands", it))?;
        Ok(record.map(|it| self.job(it, &before)))
    }

    /// Forgets the oldest, so that there is room for one more.
    fn make_room(&self) -> Result<(), TransferFault> {
        for old in self.records()?.iter().skip(KEPT_MAX - 1) {
            if !self.running().contains_key(&old.id) {
                let gone = JobFolder::new(&self.root, old.id).remove();
                gone.map_err(|it| failed("forget an old import", it))?;
            }
        }
        Ok(())
    }
}

/// The place of a work, given back however it ends.
struct Place {
    running: Arc<Mutex<HashMap<Uuid, Running>>>,
    id: Uuid,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.running.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.id);
    }
}

#[async_trait]
impl Transfers for SiteTransfers {
    fn upload_bytes_max(&self) -> Option<u64> {
        Some(UPLOAD_BYTES_MAX)
    }

    async fn stage(&self) -> Result<Box<dyn StagedTransfer>, TransferFault> {
        self.check_place()?;
        self.make_room()?;
        let id = SystemRandomness.id(SystemClock.now());
        let staged = Staged::new(id, JobFolder::new(&self.root, id));
        Ok(Box::new(staged.map_err(|it| failed("make a folder for the import", it))?))
    }

    async fn begin_import(
        &self,
        by: TransferBy,
        staged: Box<dyn StagedTransfer>,
        wish: ImportWish,
    ) -> Result<Uuid, TransferFault> {
        let staged = staged.into_any().downcast::<Staged>();
        let staged = staged.map_err(|_| failed("take what was sent", "it is of another site"))?;
        self.check_place()?;
        let (id, name) = staged.keep().await.map_err(|it| failed("store what was sent", it))?;
        let record = JobRecord::new(id, &by, Some(wish), name);
        self.start(by, record)
    }

    async fn begin_export(&self, by: TransferBy) -> Result<Uuid, TransferFault> {
        self.check_place()?;
        self.make_room()?;
        let id = SystemRandomness.id(SystemClock.now());
        let record = JobRecord::new(id, &by, None, String::new());
        self.start(by, record)
    }

    async fn list(&self) -> Result<Vec<TransferJob>, TransferFault> {
        let before = self.under_way();
        Ok(self.records()?.into_iter().map(|it| self.job(it, &before)).collect())
    }

    async fn cancel(&self, id: Uuid) -> Result<bool, TransferFault> {
        let running = self.running();
        let found = running.get(&id);
        if let Some(found) = found {
            found.stop.notify_one();
        }
        Ok(found.is_some())
    }

    async fn resume(&self, by: TransferBy, id: Uuid, dry_run: bool) -> Result<bool, TransferFault> {
        let Some(job) = self.find(id)?.filter(|it| it.can_go_on) else { return Ok(false) };
        let Some(wish) = job.import else { return Ok(false) };
        let record = JobRecord::new(id, &by, Some(ImportWish { dry_run, ..wish }), job.name);
        self.start(by, record)?;
        Ok(true)
    }

    async fn forget(&self, id: Uuid) -> Result<bool, TransferFault> {
        if self.running().contains_key(&id) || self.find(id)?.is_none() {
            return Ok(false);
        }
        let gone = JobFolder::new(&self.root, id).remove();
        gone.map_err(|it| failed("forget an import", it))?;
        Ok(true)
    }

    async fn open(&self, id: Uuid) -> Result<Option<TransferFile>, TransferFault> {
        let Some(job) = self.find(id)? else { return Ok(None) };
        let over = job.state != TransferState::Running;
        let file = JobFolder::new(&self.root, id).file_of(&job).filter(|_| over);
        let Some((path, bytes_len)) = file else { return Ok(None) };
        let file = tokio::fs::File::open(&path).await;
        let file = file.map_err(|it| failed("open the file", it))?;
        let day = job.begun_at.to_string().chars().take(10).collect::<String>();
        let (name, media_type) = match job.import {
            Some(_) => (format!("import-{day}.json"), "application/json"),
            None => (format!("export-{day}.zip"), "application/zip"),
        };
        let body = body::of_file(file);
        Ok(Some(TransferFile { name, media_type, bytes_len, body }))
    }
}

fn failed(action: &str, source: impl Into<Box<dyn Error + Send + Sync>>) -> TransferFault {
    TransferFault::Unavailable { action: action.to_owned(), source: source.into() }
}
