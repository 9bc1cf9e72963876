//! A folder as an archive that every system opens.

use std::fs::File;
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

use zip::CompressionMethod;
use zip::write::{SimpleFileOptions, ZipWriter};

use crate::progress::Progress;

/// From this size on a file needs the wider numbers of the format.
const LARGE_BYTES: u64 = u32::MAX as u64;

/// Packs everything of a folder into a new .zip, in the order of the paths. Media are not packed tighter than they are.
pub fn pack(folder: &Path, archive: &Path, progress: &dyn Progress) -> io::Result<()> {
    let mut files = Vec::new();
    walk(folder, &mut files)?;
    files.sort();
    progress.begin("packing", files.len() as u64);
    let mut writer = ZipWriter::new(BufWriter::new(File::create(archive)?));
    for (done, path) in files.iter().enumerate() {
        let Ok(name) = path.strip_prefix(folder) else { continue };
        let parts: Vec<_> = name.iter().map(|it| it.to_string_lossy()).collect();
        let is_medium = parts.first().is_some_and(|it| it == "media");
        let method =
            if is_medium { CompressionMethod::Stored } else { CompressionMethod::Deflated };
        let mut file = File::open(path)?;
        let options = SimpleFileOptions::default()
            .compression_method(method)
            .large_file(file.metadata()?.len() >= LARGE_BYTES);
        writer.start_file(parts.join("/"), options)?;
        io::copy(&mut file, &mut writer)?;
        progress.reach(done as u64 + 1);
    }
    let file = writer.finish()?.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.sync_all()
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            walk(&entry.path(), files)?;
        } else {
            files.push(entry.path());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::pack;
    use crate::archive::{is_archive, unpack};
    use crate::progress::NoProgress;

    #[test]
    fn what_is_packed_is_unpacked_again() {
        let place = tempfile::tempdir().unwrap();
        let (from, to) = (place.path().join("from"), place.path().join("to"));
        for (name, text) in [("a.md", "first"), ("content/ä ö.md", "second"), ("media/x/b", "")] {
            let path = from.join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        std::fs::create_dir(&to).unwrap();
        let archive = place.path().join("all.zip");
        pack(&from, &archive, &NoProgress).unwrap();
        assert!(is_archive(&archive).unwrap());
        let found = unpack(&archive, &to).unwrap();
        assert_eq!(std::fs::read_to_string(found.join("content/ä ö.md")).unwrap(), "second");
        assert_eq!(std::fs::read_to_string(found.join("a.md")).unwrap(), "first");
        assert!(found.join("media/x/b").is_file());
    }
}
