//! A file on its way: beside the place where it belongs, until it is whole and what it should be.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::Path;

use anyhow::Context as _;
use sha2::{Digest as _, Sha256};
use tempfile::NamedTempFile;

use super::catalogue::KnownModel;
use crate::failure::{Failure, exit};

/// How names of files on their way end: such a file is no model to anybody.
const ENDING: &str = ".part";
/// How much is read at once.
pub(super) const CHUNK_BYTES: usize = 256 * 1024;

/// A file that is being written. It goes with the value where it was not put into its place.
pub(super) struct Part {
    file: NamedTempFile,
    hash: Sha256,
    len: u64,
}

impl Part {
    /// A new one in a folder, which is made where it is not there. What pulls that were killed left behind goes.
    pub(super) fn new(folder: &Path, name: &str) -> anyhow::Result<Self> {
        let made = || format!("could not make a file in {}", folder.display());
        fs::create_dir_all(folder).with_context(made)?;
        let beginning = format!(".{name}.");
        remove_left(folder, &beginning);
        // Not as temporary files are made: who serves the site may be somebody else, and has to read it.
        let open = |path: &Path| OpenOptions::new().write(true).create_new(true).open(path);
        let file = tempfile::Builder::new().prefix(&beginning).suffix(ENDING).make_in(folder, open);
        let file = file.with_context(made)?;
        // Held as long as it is written, so that nobody takes it for one that was left. Where files cannot be locked,
        // none is taken for that either.
        let _ = file.as_file().lock();
        Ok(Self { file, hash: Sha256::new(), len: 0 })
    }

    /// How many bytes it has.
    pub(super) fn len(&self) -> u64 {
        self.len
    }

    /// Adds bytes.
    pub(super) fn write(&mut self, bytes: &[u8]) -> anyhow::Result<()> {
        self.file.write_all(bytes).map_err(|error| self.unwritten(&error))?;
        self.hash.update(bytes);
        self.len += bytes.len() as u64;
        Ok(())
    }

    /// Puts it into its place, if it is the model.
    pub(super) fn finish(
        self,
        model: &KnownModel,
        target: &Path,
        from: &str,
    ) -> anyhow::Result<()> {
        if self.len != model.bytes {
            let difference = format!("it has {} bytes of {}", self.len, model.bytes);
            return Err(unlike(from, model, &difference));
        }
        let found = hex(self.hash.clone());
        if found != model.sha256() {
            let difference = format!("its sha256 is {found}, and not {}", model.sha256());
            return Err(unlike(from, model, &difference));
        }
        self.file.as_file().sync_all().map_err(|error| self.unwritten(&error))?;
        let placed = self.file.persist(target).map_err(|error| error.error);
        placed.with_context(|| format!("could not put the file at {}", target.display()))?;
        Ok(())
    }

    fn unwritten(&self, error: &io::Error) -> anyhow::Error {
        let folder = self.file.path().parent().unwrap_or(Path::new("."));
        let message =
            format!("could not write to {} after {} bytes: {error}", folder.display(), self.len);
        let is_full = matches!(
            error.kind(),
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge
        );
        if is_full {
            return Failure::hinted(message, "make room there, and try again", exit::LIMIT);
        }
        Failure::hinted(message, "nothing was put into place", exit::FAILED)
    }
}

/// Something that is not the model. What was there before is still there.
pub(super) fn unlike(from: &str, model: &KnownModel, difference: &str) -> anyhow::Error {
    let message = format!("{from} is not {}: {difference}", model.name);
    let hint = format!("nothing was put into place; {}", model.origin);
    Failure::hinted(message, hint, exit::INVALID)
}

/// The SHA-256 of a file, in hexadecimal digits.
pub(super) fn sha256_of(path: &Path) -> io::Result<String> {
    let (mut file, mut hash) = (File::open(path)?, Sha256::new());
    let mut chunk = vec![0; CHUNK_BYTES];
    loop {
        let len = file.read(&mut chunk)?;
        match chunk.get(..len) {
            None | Some([]) => return Ok(hex(hash)),
            Some(read) => hash.update(read),
        }
    }
}

fn hex(hash: Sha256) -> String {
    hash.finalize().iter().map(|it| format!("{it:02x}")).collect()
}

/// Removes files that nobody writes any more. One that cannot be removed is in nobody's way.
fn remove_left(folder: &Path, beginning: &str) {
    let Ok(files) = fs::read_dir(folder) else { return };
    for path in files.filter_map(|it| Some(it.ok()?.path())) {
        let name = path.file_name().and_then(|it| it.to_str()).unwrap_or_default();
        let is_part = name.starts_with(beginning) && name.ends_with(ENDING);
        if is_part && File::open(&path).is_ok_and(|it| it.try_lock().is_ok()) {
            let _ = fs::remove_file(&path);
        }
    }
}
