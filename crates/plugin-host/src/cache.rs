//! Machine code on disk, so that a start does not compile.
//!
//! Loading machine code is running it, whatever it says. So each file ends with a tag that only the holder of the
//! site's secret key can make, over the engine, the component and the code; a file with another tag is ignored
//! and compiled anew. The code is then mapped, not read: what a plugin never runs costs no memory.
//!
//! A file that changed between the check and the mapping would escape the check. Check and mapping therefore use the
//! same open file, and it must belong to this user, in a folder and with a mode that shut everyone else
//! out. Who is this user could change this process itself; a plugin could not, because
//! folders that hold the server's own data are never granted to plugins.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::fd::AsRawFd;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use wasmtime::Module;
use wasmtime::component::Component;

use crate::engine::PluginEngine;

/// The secret that compiled files are authenticated with. It belongs in a file that only the server can read.
#[derive(Clone)]
pub struct CacheKey([u8; blake3::KEY_LEN]);

/// A folder of compiled files.
#[derive(Debug)]
pub struct Cache {
    folder: PathBuf,
    key: CacheKey,
    bytes_max: u64,
}

/// What the cache does not hold, or not in a state to be trusted.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CacheError {
    #[error("could not use the compiled file")]
    Io(#[from] io::Error),
    #[error("the compiled file can be changed by others; it is ignored")]
    Exposed,
    #[error("the compiled file was not written by this site, or was changed; it is ignored")]
    Foreign,
    #[error("the compiled file does not fit this engine: {0}")]
    Engine(String),
}

/// What machine code can be loaded as.
pub(crate) trait Loadable: Sized {
    /// Loads the file at a path.
    ///
    /// # Safety
    ///
    /// The file must hold what an engine with the same settings made, and must not change while the result lives.
    #[expect(
        unsafe_code,
        reason = "the promise of wasmtime's deserialize_file is handed on to the one caller below"
    )]
    unsafe fn load_file(engine: &wasmtime::Engine, path: &Path) -> wasmtime::Result<Self>;

    /// Loads bytes that were just compiled.
    ///
    /// # Safety
    ///
    /// The bytes must be what an engine with the same settings made.
    #[expect(
        unsafe_code,
        reason = "the promise of wasmtime's deserialize is handed on to the one caller"
    )]
    unsafe fn load_bytes(engine: &wasmtime::Engine, bytes: &[u8]) -> wasmtime::Result<Self>;
}

/// How much the folder may hold, in bytes.
const CACHE_BYTES_MAX: u64 = 1024 * 1024 * 1024;

/// Age at which a file that was never finished is removed.
const UNFINISHED_AGE_MAX: Duration = Duration::from_secs(3600);

const TAG_BYTES: usize = blake3::OUT_LEN;
const READ_BYTES: usize = 128 * 1024;

impl CacheKey {
    /// A key of random bytes.
    pub fn new(bytes: [u8; blake3::KEY_LEN]) -> Self {
        Self(bytes)
    }
}

impl std::fmt::Debug for CacheKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CacheKey(…)")
    }
}

impl Cache {
    /// Opens the folder, made when missing, and closes it to everyone else.
    pub fn open(folder: impl Into<PathBuf>, key: CacheKey) -> io::Result<Self> {
        Self::with_size(folder, key, CACHE_BYTES_MAX)
    }

    /// Opens the folder with another limit on what it may hold.
    pub fn with_size(
        folder: impl Into<PathBuf>,
        key: CacheKey,
        bytes_max: u64,
    ) -> io::Result<Self> {
        let folder = folder.into();
        DirBuilder::new().recursive(true).mode(0o700).create(&folder)?;
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o700))?;
        Ok(Self { folder, key, bytes_max })
    }

    /// Loads what was compiled from the file with this digest; `None` when it was not, or cannot be trusted.
    pub(crate) fn load<T: Loadable>(
        &self,
        engine: &PluginEngine,
        digest: &blake3::Hash,
    ) -> Option<T> {
        match self.try_load(engine, digest) {
            Ok(loaded) => loaded,
            Err(error) => {
                let path = self.path(engine, digest);
                tracing::warn!(file = %path.display(), %error, "a compiled plugin is made anew");
                None
            }
        }
    }

    /// Keeps machine code for the file with this digest, and makes room for it.
    pub(crate) fn keep(
        &self,
        engine: &PluginEngine,
        digest: &blake3::Hash,
        artefact: &[u8],
    ) -> io::Result<()> {
        let tag = self.tag(engine, digest, artefact);
        let unfinished = self.folder.join(unfinished_name());
        let written = write(&unfinished, artefact, &tag)
            .and_then(|()| fs::rename(&unfinished, self.path(engine, digest)));
        if written.is_err() {
            // Whatever was written is of no use; when it cannot be removed now, a later call does it.
            let _ = fs::remove_file(&unfinished);
        }
        written?;
        self.evict()
    }

    #[expect(unsafe_code, reason = "loading machine code that this site's key authenticates")]
    fn try_load<T: Loadable>(
        &self,
        engine: &PluginEngine,
        digest: &blake3::Hash,
    ) -> Result<Option<T>, CacheError> {
        let file = match File::open(self.path(engine, digest)) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        self.authenticate(engine, digest, &file)?;
        touch(&file);
        // The name leads to the very file that was authenticated, also when the folder has changed since.
        let open = PathBuf::from(format!("/dev/fd/{}", file.as_raw_fd()));
        // SAFETY: the tag shows that this site's compiler made the file for an engine with the same settings, and
        // the checks of owner and modes show that nobody but this user can change it while it is mapped.
        let loaded = unsafe { T::load_file(engine.wasmtime(), &open) };
        loaded.map(Some).map_err(|error| CacheError::Engine(format!("{error:#}")))
    }

    fn authenticate(
        &self,
        engine: &PluginEngine,
        digest: &blake3::Hash,
        file: &File,
    ) -> Result<(), CacheError> {
        only_ours(&fs::symlink_metadata(&self.folder)?)?;
        let about = file.metadata()?;
        only_ours(&about)?;
        if !about.is_file() {
            return Err(CacheError::Foreign);
        }
        let artefact_bytes =
            about.len().checked_sub(TAG_BYTES as u64).ok_or(CacheError::Foreign)?;
        let mut hasher = self.hasher(engine, digest);
        hash(&mut hasher, file, artefact_bytes)?;
        let mut tag = [0; TAG_BYTES];
        let mut rest = file;
        rest.read_exact(&mut tag)?;
        // Comparing hashes of this type takes the same time whatever they are.
        if hasher.finalize() == blake3::Hash::from_bytes(tag) {
            Ok(())
        } else {
            Err(CacheError::Foreign)
        }
    }

    fn tag(&self, engine: &PluginEngine, digest: &blake3::Hash, artefact: &[u8]) -> blake3::Hash {
        self.hasher(engine, digest).update(artefact).finalize()
    }

    fn hasher(&self, engine: &PluginEngine, digest: &blake3::Hash) -> blake3::Hasher {
        let mut hasher = blake3::Hasher::new_keyed(&self.key.0);
        // Both have a fixed length, so that nothing can move from one part to the next.
        hasher.update(engine.compatibility().as_bytes()).update(digest.as_bytes());
        hasher
    }

    fn path(&self, engine: &PluginEngine, digest: &blake3::Hash) -> PathBuf {
        self.folder.join(format!("{}-{}.cwasm", digest.to_hex(), engine.compatibility()))
    }

    /// Removes what was used longest ago until the rest fits, and what was never finished.
    fn evict(&self) -> io::Result<()> {
        let mut kept: Vec<(SystemTime, u64, PathBuf)> = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            let entry = entry?;
            let about = entry.metadata()?;
            let used = about.modified()?;
            if entry.path().extension().is_some_and(|it| it == "cwasm") {
                kept.push((used, about.len(), entry.path()));
            } else if used.elapsed().is_ok_and(|age| age > UNFINISHED_AGE_MAX) {
                fs::remove_file(entry.path())?;
            }
        }
        kept.sort_unstable_by(|one, other| other.cmp(one));
        let mut bytes: u64 = 0;
        for (position, (_, size, path)) in kept.iter().enumerate() {
            bytes = bytes.saturating_add(*size);
            // The newest stays in any case: it is what was asked for.
            if bytes > self.bytes_max && position > 0 {
                fs::remove_file(path)?;
            }
        }
        Ok(())
    }
}

impl Loadable for Component {
    #[expect(unsafe_code, reason = "the promise is the trait's")]
    unsafe fn load_file(engine: &wasmtime::Engine, path: &Path) -> wasmtime::Result<Self> {
        // SAFETY: the caller promises what this asks for.
        unsafe { Self::deserialize_file(engine, path) }
    }

    #[expect(unsafe_code, reason = "the promise is the trait's")]
    unsafe fn load_bytes(engine: &wasmtime::Engine, bytes: &[u8]) -> wasmtime::Result<Self> {
        // SAFETY: the caller promises what this asks for.
        unsafe { Self::deserialize(engine, bytes) }
    }
}

impl Loadable for Module {
    #[expect(unsafe_code, reason = "the promise is the trait's")]
    unsafe fn load_file(engine: &wasmtime::Engine, path: &Path) -> wasmtime::Result<Self> {
        // SAFETY: the caller promises what this asks for.
        unsafe { Self::deserialize_file(engine, path) }
    }

    #[expect(unsafe_code, reason = "the promise is the trait's")]
    unsafe fn load_bytes(engine: &wasmtime::Engine, bytes: &[u8]) -> wasmtime::Result<Self> {
        // SAFETY: the caller promises what this asks for.
        unsafe { Self::deserialize(engine, bytes) }
    }
}

/// Whether only this user can change what this is about.
fn only_ours(about: &fs::Metadata) -> Result<(), CacheError> {
    let ours = about.uid() == rustix::process::geteuid().as_raw() && about.mode() & 0o077 == 0;
    if ours { Ok(()) } else { Err(CacheError::Exposed) }
}

fn hash(hasher: &mut blake3::Hasher, file: &File, bytes: u64) -> io::Result<()> {
    let mut reader = file.take(bytes);
    let mut buffer = vec![0; READ_BYTES];
    loop {
        let count = reader.read(&mut buffer)?;
        let Some(read) = buffer.get(..count).filter(|it| !it.is_empty()) else { return Ok(()) };
        hasher.update(read);
    }
}

/// Marks a file as used, for the choice of what to remove; failing to is harmless.
fn touch(file: &File) {
    let now = rustix::fs::Timespec { tv_sec: 0, tv_nsec: rustix::fs::UTIME_NOW };
    let _ = rustix::fs::futimens(
        file,
        &rustix::fs::Timestamps { last_access: now, last_modification: now },
    );
}

fn write(path: &Path, artefact: &[u8], tag: &blake3::Hash) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(artefact)?;
    file.write_all(tag.as_bytes())
}

fn unfinished_name() -> String {
    static WRITTEN: AtomicU64 = AtomicU64::new(0);
    format!("{}-{}.unfinished", std::process::id(), WRITTEN.fetch_add(1, Ordering::Relaxed))
}
