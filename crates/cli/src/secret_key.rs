//! The secret of a site, with which what lies in its cache is authenticated.

use std::fs::File;
use std::io::{self, ErrorKind, Read, Write};
use std::path::Path;

use anyhow::Context;
use smartcms_app::ports::Randomness;
use tempfile::NamedTempFile;

const FILE_NAME: &str = "secret.key";
const KEY_LEN: usize = 32;

/// The site's key; the first call makes it, readable by the owner alone.
pub(crate) fn secret_key(
    data: &Path,
    randomness: &dyn Randomness,
) -> anyhow::Result<[u8; KEY_LEN]> {
    let path = data.join(FILE_NAME);
    let failed = || format!("could not use the secret key {}", path.display());
    match read(&path) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            make(data, &path, randomness).with_context(failed)
        }
        outcome => outcome.with_context(failed),
    }
}

fn read(path: &Path) -> io::Result<[u8; KEY_LEN]> {
    let mut key = [0; KEY_LEN];
    File::open(path)?.read_exact(&mut key)?;
    Ok(key)
}

/// Whole from its first moment: another process may begin in the same one, and the key that was there first counts.
fn make(data: &Path, path: &Path, randomness: &dyn Randomness) -> io::Result<[u8; KEY_LEN]> {
    let key = randomness.secret();
    let mut file = NamedTempFile::new_in(data)?;
    file.write_all(&key)?;
    file.as_file().sync_all()?;
    match file.persist_noclobber(path) {
        Ok(_) => Ok(key),
        Err(error) if error.error.kind() == ErrorKind::AlreadyExists => read(path),
        Err(error) => Err(error.error),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;
    use std::thread;

    use super::{FILE_NAME, secret_key};
    use crate::world::SystemRandomness;

    #[test]
    fn whoever_begins_at_the_same_moment_gets_the_same_key() {
        let folder = tempfile::tempdir().unwrap();
        let keys: Vec<_> = thread::scope(|scope| {
            let make = || secret_key(folder.path(), &SystemRandomness).unwrap();
            let threads: Vec<_> = (0..16).map(|_| scope.spawn(make)).collect();
            threads.into_iter().map(|it| it.join().unwrap()).collect()
        });
        assert!(keys.iter().all(|it| *it == keys[0]));
        let mode = folder.path().join(FILE_NAME).metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
