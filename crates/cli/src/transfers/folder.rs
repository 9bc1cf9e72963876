//! The folder of one work.

use std::io;
use std::path::{Path, PathBuf};

use smartcms_app::ports::TransferJob;
use uuid::Uuid;

use super::record::JobRecord;

const RECORD_NAME: &str = "job.json";
const SOURCE_NAME: &str = "source";
const REPORT_NAME: &str = "report.json";
const ARCHIVE_NAME: &str = "export.zip";

/// The folder of one work.
#[derive(Debug, Clone)]
pub(super) struct JobFolder(PathBuf);

impl JobFolder {
    pub(super) fn new(root: &Path, id: Uuid) -> Self {
        Self(root.join(id.to_string()))
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    /// What was sent.
    pub(super) fn source(&self) -> PathBuf {
        self.0.join(SOURCE_NAME)
    }

    pub(super) fn has_source(&self) -> bool {
        self.source().exists()
    }

    pub(super) fn report(&self) -> PathBuf {
        self.0.join(REPORT_NAME)
    }

    pub(super) fn archive(&self) -> PathBuf {
        self.0.join(ARCHIVE_NAME)
    }

    /// The file that can be fetched, and its size.
    pub(super) fn file_of(&self, job: &TransferJob) -> Option<(PathBuf, u64)> {
        let path = if job.import.is_some() { self.report() } else { self.archive() };
        let len = std::fs::metadata(&path).ok()?.len();
        Some((path, len))
    }

    /// How the work stands; `None` where there is no such work.
    pub(super) fn read(&self) -> io::Result<Option<JobRecord>> {
        match std::fs::read(self.0.join(RECORD_NAME)) {
            Ok(bytes) => Ok(Some(serde_json::from_slice(&bytes)?)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Stores how the work stands: all of it, or nothing.
    pub(super) fn write(&self, record: &JobRecord) -> io::Result<()> {
        std::fs::create_dir_all(&self.0)?;
        let new = self.0.join("job.json.new");
        std::fs::write(&new, serde_json::to_vec_pretty(record)?)?;
        std::fs::rename(new, self.0.join(RECORD_NAME))
    }

    /// Takes everything of the work away.
    pub(super) fn remove(&self) -> io::Result<()> {
        std::fs::remove_dir_all(&self.0)
    }
}

/// Every work, the newest first. A folder without a record is one that is being filled, or was left so.
pub(super) fn records(root: &Path) -> io::Result<Vec<JobRecord>> {
    let entries = match std::fs::read_dir(root) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut found = Vec::new();
    for entry in entries {
        let name = entry?.file_name();
        let Some(id) = name.to_str().and_then(|it| Uuid::try_parse(it).ok()) else { continue };
        match JobFolder::new(root, id).read() {
            Ok(record) => found.extend(record),
            Err(error) => tracing::warn!(%error, %id, "could not read how an import stands"),
        }
    }
    found.sort_by_key(|it| std::cmp::Reverse(it.id));
    Ok(found)
}
