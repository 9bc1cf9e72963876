//! The secret of a site, with which what lies in its cache is authenticated.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use anyhow::Context;
use smartcms_app::ports::Randomness;

const FILE_NAME: &str = "secret.key";
const KEY_LEN: usize = 32;

/// The site's key; the first call makes it, readable by the owner alone.
pub(crate) fn secret_key(
    data: &Path,
    randomness: &dyn Randomness,
) -> anyhow::Result<[u8; KEY_LEN]> {
    let path = data.join(FILE_NAME);
    let failed = || format!("could not use the secret key {}", path.display());
    let created = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path);
    match created {
        Ok(mut file) => {
            let key = randomness.secret();
            file.write_all(&key).and_then(|()| file.sync_all()).with_context(failed)?;
            Ok(key)
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            let mut key = [0; KEY_LEN];
            File::open(&path)
                .and_then(|mut file| file.read_exact(&mut key))
                .with_context(failed)?;
            Ok(key)
        }
        Err(error) => Err(error).with_context(failed),
    }
}
