//! Folders and environment variables that an operator granted.
//!
//! The interfaces are always there, as language runtimes import them without use; without a grant they are empty.
//! Inside a granted folder neither `..` nor a symbolic link leads out: paths are resolved below an open directory.

use std::path::{Path, PathBuf};

use smartcms_domain::plugins::{Access, FolderGrant, Grant};
use wasmtime_wasi::{FsPerms, WasiCtxBuilder};

/// A granted folder cannot be given.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FolderError {
    /// It cannot be opened.
    #[error("could not open the granted folder {}: {source}", path.display())]
    Closed {
        /// Where it should be.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// It holds, or lies in, a folder of the server itself.
    #[error("the granted folder {} overlaps {}, which the server keeps for itself", path.display(), server.display())]
    Protected {
        /// Where it is.
        path: PathBuf,
        /// The server's folder.
        server: PathBuf,
    },
}

/// Refuses grants of folders that cannot be opened now or that overlap the server's own; `root` is where
/// relative ones begin.
pub(crate) fn check<'a>(
    grants: impl Iterator<Item = &'a Grant>,
    root: &Path,
    protected: &[PathBuf],
) -> Result<(), FolderError> {
    for folder in folders(grants) {
        let path = root.join(&folder.host_path);
        let closed = |source| FolderError::Closed { path: path.clone(), source };
        let real = path.canonicalize().map_err(closed)?;
        real.read_dir().map_err(closed)?;
        for server in protected {
            // A folder that is not there yet has nothing to protect.
            let Ok(server) = server.canonicalize() else { continue };
            if real.starts_with(&server) || server.starts_with(&real) {
                return Err(FolderError::Protected { path, server });
            }
        }
    }
    Ok(())
}

/// Opens granted folders and passes granted variables; the folders that could not be opened come back.
pub(crate) fn configure(
    builder: &mut WasiCtxBuilder,
    grants: &[Grant],
    root: &Path,
) -> Vec<PathBuf> {
    let mut missing = Vec::new();
    for folder in folders(grants.iter()) {
        let path = root.join(&folder.host_path);
        let permission = match folder.access {
            Access::ReadOnly => FsPerms::ReadOnly,
            Access::ReadWrite => FsPerms::ReadWrite,
        };
        if builder.preopened_dir(&path, &folder.guest_path, permission).is_err() {
            missing.push(path);
        }
    }
    for grant in grants {
        if let Grant::Environment(name) = grant
            && let Ok(value) = std::env::var(name)
        {
            builder.env(name, value);
        }
    }
    missing
}

fn folders<'a>(grants: impl Iterator<Item = &'a Grant>) -> impl Iterator<Item = &'a FolderGrant> {
    grants.filter_map(|it| match it {
        Grant::Folder(folder) => Some(folder),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::{FolderError, Grant, check};

    fn grant(path: &str) -> Grant {
        format!("fs={path}:/f:ro").parse().unwrap()
    }

    #[test]
    fn a_folder_that_is_there_can_be_given_and_one_that_is_not_is_named() {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir(root.path().join("stories")).unwrap();
        assert!(check([grant("stories")].iter(), root.path(), &[]).is_ok());
        let missing = check([grant("absent")].iter(), root.path(), &[]).unwrap_err();
        assert!(missing.to_string().contains("absent"), "{missing}");
    }

    #[test]
    fn the_servers_own_folders_cannot_be_given_nor_what_holds_or_is_in_them() {
        let root = tempfile::tempdir().unwrap();
        let data = root.path().join("data");
        std::fs::create_dir_all(data.join("plugins")).unwrap();
        std::os::unix::fs::symlink(&data, root.path().join("innocent")).unwrap();
        let protected = [data];
        for path in [".", "data", "data/plugins", "innocent"] {
            let refused = check([grant(path)].iter(), root.path(), &protected);
            assert!(matches!(refused, Err(FolderError::Protected { .. })), "{path}");
        }
    }
}
