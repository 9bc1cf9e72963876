//! Layouts of images on the disk: a folder, or an archive of one.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read as _;
use std::path::Path;

use anyhow::Context;
use bytes::Bytes;
use smartcms_app::Fault as _;
use smartcms_distribution::{Image, RegistryError};

use super::super::read_bounded;
use crate::failure::{Failure, exit, fault};

/// The most files of an archive, and their bytes together.
const ENTRIES_MAX: usize = 1_000;
const ARCHIVE_BYTES_MAX: u64 = 512 * 1024 * 1024;

/// Writes a layout: never over anything but an archive.
pub(super) fn write(output: &Path, files: &[(String, Bytes)]) -> anyhow::Result<()> {
    if is_archive(output) {
        return write_archive(output, files);
    }
    if output.exists() {
        let message = format!("{} is there already", output.display());
        return Err(Failure::hinted(
            message,
            "name a new folder, or an archive that ends in .tar",
            exit::CONFLICT,
        ));
    }
    for (path, bytes) in files {
        let path = output.join(path);
        let failed = || format!("could not write {}", path.display());
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).with_context(failed)?;
        }
        fs::write(&path, bytes).with_context(failed)?;
    }
    Ok(())
}

fn is_archive(path: &Path) -> bool {
    path.extension().is_some_and(|it| it == "tar")
}

fn write_archive(output: &Path, files: &[(String, Bytes)]) -> anyhow::Result<()> {
    let failed = || format!("could not write {}", output.display());
    let mut archive = tar::Builder::new(File::create(output).with_context(failed)?);
    for (path, bytes) in files {
        let mut header = tar::Header::new_ustar();
        // Owner and time stay 0: what is in it says nothing of where it was made.
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        header.set_entry_type(tar::EntryType::Regular);
        archive.append_data(&mut header, path, bytes.as_ref()).with_context(failed)?;
    }
    archive.into_inner().and_then(|it| it.sync_all()).with_context(failed)
}

/// Reads an image back, and compares all of it with its digests.
pub(super) fn read(layout: &Path) -> anyhow::Result<Image> {
    let what = layout.display().to_string();
    if layout.is_dir() {
        let read = |path: &str, bytes_max: u64| -> Result<Bytes, Problem> {
            let bytes_max = usize::try_from(bytes_max).unwrap_or(usize::MAX);
            let bytes =
                read_bounded(&layout.join(path), bytes_max, "it is no image of a component")?;
            Ok(Bytes::from(bytes))
        };
        return Image::from_layout(&what, read).map_err(Problem::explained);
    }
    let files = unpack(layout)?;
    let read = |path: &str, _: u64| -> Result<Bytes, Problem> {
        let missing =
            || RegistryError::Malformed { what: what.clone(), reason: format!("it has no {path}") };
        Ok(files.get(path).cloned().ok_or_else(missing)?)
    };
    Image::from_layout(&what, read).map_err(Problem::explained)
}

/// Why a layout could not be read.
enum Problem {
    Layout(RegistryError),
    File(anyhow::Error),
}

impl From<RegistryError> for Problem {
    fn from(error: RegistryError) -> Self {
        Self::Layout(error)
    }
}

impl From<anyhow::Error> for Problem {
    fn from(error: anyhow::Error) -> Self {
        Self::File(error)
    }
}

impl Problem {
    fn explained(self) -> anyhow::Error {
        match self {
            Self::File(error) => error,
            Self::Layout(error) if error.code() == "registry.malformed" => {
                let hint = "`smartcms image build` makes one";
                Failure::hinted(error.to_string(), hint, exit::INVALID)
            }
            Self::Layout(error) => fault(error),
        }
    }
}

/// The files of an archive.
fn unpack(path: &Path) -> anyhow::Result<BTreeMap<String, Bytes>> {
    let failed = || format!("could not read {}", path.display());
    let file = File::open(path).with_context(failed)?;
    let mut archive = tar::Archive::new(file.take(ARCHIVE_BYTES_MAX));
    let mut files = BTreeMap::new();
    for entry in archive.entries().with_context(failed)? {
        let mut entry = entry.with_context(failed)?;
        if files.len() >= ENTRIES_MAX {
            let message = format!("{} has more than {ENTRIES_MAX} files", path.display());
            return Err(Failure::hinted(message, "it is no image of a component", exit::LIMIT));
        }
        let name = entry.path().with_context(failed)?.to_string_lossy().into_owned();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).with_context(failed)?;
        files.insert(name.trim_start_matches("./").to_owned(), Bytes::from(bytes));
    }
    Ok(files)
}
