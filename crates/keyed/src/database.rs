//! One open database: what SQLite reads and writes, and how a commit becomes visible.
//!
//! A transaction sees the root that was there when it began. What it writes stays in memory until SQLite asks for it to be
//! on disk; then the changed pages are stored under new keys, and the root is swapped. Who writes holds a lock of the host,
//! if it has any, so that writers wait for one another; where it has none, the one who swaps second is refused.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::keys::{Head, Keys, KeysError, VALUE_LEN_MAX};
use crate::root::{GARBAGE_MAX, Garbage, PAGES_MAX, Root};
use crate::vfs::Shared;

/// How long a replaced page is kept for those who still read an older state, in seconds.
pub const GARBAGE_AGE_SECONDS: u64 = 60;
/// How old a page that no root knows has to be before a sweep takes it: its commit may be under way.
pub const ORPHAN_AGE_SECONDS: u64 = 600;
/// How many commits go by between two sweeps.
pub const COMMITS_BETWEEN_SWEEPS: u64 = 256;

/// How long the lock of a writer that never gives it back is respected, in milliseconds: others should wait for longer. A
/// commit puts each page on disk by itself, which takes seconds where the disk is busy; one that somebody else overtook
/// meanwhile is refused.
pub const LOCK_MS: u32 = 10_000;

/// Why SQLite cannot be given what it asks for.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Trouble {
    /// Somebody else writes, or wrote since this transaction began.
    #[error("somebody else writes")]
    Busy,
    /// The database has reached its limit.
    #[error("the database has {PAGES_MAX} pages, which is its limit")]
    Full,
    /// Something stored is not what was stored.
    #[error("{0} is missing or damaged")]
    Damaged(String),
    /// The host failed.
    #[error("the storage of the host failed: {0}")]
    Keys(#[from] KeysError),
}

/// What a connection holds of the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    Nothing,
    Reading,
    Writing,
}

/// One connection's view.
pub(crate) struct Database {
    shared: Arc<Shared>,
    name: String,
    level: Level,
    seen: Option<Seen>,
    /// The first page that was read last, and the commit that wrote it: SQLite looks into it with every transaction.
    first: Option<(u64, Vec<u8>)>,
    changed: Changed,
    /// Somebody else swapped first: what this transaction still writes goes nowhere.
    is_lost: bool,
}

/// The root that the transaction began with.
struct Seen {
    /// `None` while there is none.
    version: Option<String>,
    root: Root,
}

/// What the transaction wrote so far.
#[derive(Default)]
struct Changed {
    pages: BTreeMap<u32, Vec<u8>>,
    /// The number of pages, where it is another one.
    pages_len: Option<u32>,
    page_len: Option<u32>,
}

impl Database {
    pub(crate) fn new(shared: Arc<Shared>, name: String) -> Self {
        let (level, changed) = (Level::Nothing, Changed::default());
        Self { shared, name, level, seen: None, first: None, changed, is_lost: false }
    }

    pub(crate) fn level(&self) -> Level {
        self.level
    }

    /// Begins to read, or to write what was read; each sees the newest root or is refused.
    pub(crate) fn lock(&mut self, wanted: Level) -> Result<(), Trouble> {
        if wanted <= self.level {
            return Ok(());
        }
        if self.level == Level::Nothing {
            self.refresh()?;
            self.level = Level::Reading;
        }
        if wanted == Level::Writing {
            self.begin_writing()?;
            self.level = Level::Writing;
        }
        Ok(())
    }

    /// Ends a transaction; what was not made durable never was.
    pub(crate) fn unlock(&mut self, wanted: Level) {
        if self.level == Level::Writing && wanted < Level::Writing {
            self.changed = Changed::default();
            self.is_lost = false;
            self.give_lock_back();
        }
        self.level = self.level.min(wanted);
    }

    /// Fills `target` from this place on with what the transaction sees; how many bytes there were.
    pub(crate) fn read(&mut self, at: u64, target: &mut [u8]) -> Result<usize, Trouble> {
        if self.seen.is_none() {
            self.refresh()?;
        }
        let page_len = u64::from(self.page_len());
        if page_len == 0 {
            return Ok(0);
        }
        let (mut at, mut filled) = (at, 0);
        while filled < target.len() {
            let (number, within) = (at / page_len, at % page_len);
            let Some(page) = self.page(number)? else { break };
            let from = usize::try_from(within).ok().and_then(|it| page.get(it..));
            let from = from.unwrap_or_default();
            let Some(rest) = target.get_mut(filled..) else { break };
            let len = from.len().min(rest.len());
            rest.iter_mut().zip(from).for_each(|(to, from)| *to = *from);
            filled += len;
            at += len as u64;
        }
        Ok(filled)
    }

    /// Writes into the transaction.
    pub(crate) fn write(&mut self, at: u64, mut source: &[u8]) -> Result<(), Trouble> {
        if self.is_lost {
            return Ok(());
        }
        if self.page_len() == 0 {
            // SQLite writes whole pages.
            self.changed.page_len = u32::try_from(source.len()).ok();
        }
        let page_len = u64::from(self.page_len()).max(1);
        let mut at = at;
        while !source.is_empty() {
            let (number, within) = (at / page_len, usize::try_from(at % page_len));
            let (Ok(within), Ok(len)) = (within, usize::try_from(page_len)) else {
                return Err(Trouble::Full);
            };
            let (now, later) = source.split_at(source.len().min(len - within));
            let mut page = match now.len() == len {
                true => vec![0; len],
                false => self.page(number)?.map_or_else(|| vec![0; len], Cow::into_owned),
            };
            let target = page.get_mut(within..).unwrap_or_default();
            target.iter_mut().zip(now).for_each(|(to, from)| *to = *from);
            let number = u32::try_from(number).map_err(|_| Trouble::Full)?;
            if number >= PAGES_MAX {
                return Err(Trouble::Full);
            }
            self.changed.pages_len = Some(self.pages_len().max(number + 1));
            self.changed.pages.insert(number, page);
            at += now.len() as u64;
            source = later;
        }
        Ok(())
    }

    /// Cuts the database, or lets it grow by zeros.
    pub(crate) fn truncate(&mut self, bytes_len: u64) -> Result<(), Trouble> {
        if self.is_lost || self.page_len() == 0 {
            return Ok(());
        }
        let pages = u32::try_from(bytes_len.div_ceil(u64::from(self.page_len())));
        let pages = pages.ok().filter(|it| *it <= PAGES_MAX).ok_or(Trouble::Full)?;
        self.changed.pages.retain(|number, _| *number < pages);
        self.changed.pages_len = Some(pages);
        Ok(())
    }

    pub(crate) fn bytes_len(&mut self) -> Result<u64, Trouble> {
        if self.seen.is_none() {
            self.refresh()?;
        }
        Ok(u64::from(self.pages_len()) * u64::from(self.page_len()))
    }

    /// Makes what was written visible to everybody, and durable; all of it or nothing.
    pub(crate) fn commit(&mut self) -> Result<(), Trouble> {
        let is_clean = self.changed.pages.is_empty() && self.changed.pages_len.is_none();
        if is_clean || self.is_lost {
            return Ok(());
        }
        let ground = &self.shared.ground;
        let now = (ground.now_seconds)();
        let commit = (now << 32) | ((ground.chance)() & 0xffff_ffff);
        for (number, page) in &self.changed.pages {
            self.keys().set(&page_key(&self.name, *number, commit), page)?;
        }
        let (root, gone) = self.next_root(commit, now);
        let seen = self.seen.as_ref().and_then(|it| it.version.clone());
        let swapped = self.keys().swap_head(&self.head_key(), seen.as_deref(), &root.encode())?;
        let Some(version) = swapped else {
            self.is_lost = true;
            self.shared.moments.doubt(&self.name);
            self.forget(self.changed.pages.keys().map(|it| (*it, commit)).collect());
            return Err(Trouble::Busy);
        };
        let generation = root.generation;
        self.shared.moments.learned(&self.name, Some(&version), false);
        self.seen = Some(Seen { version: Some(version), root });
        self.changed = Changed::default();
        self.forget(gone.iter().map(|it| (it.page, it.commit)).collect());
        if generation.is_multiple_of(COMMITS_BETWEEN_SWEEPS) {
            self.sweep(now);
        }
        Ok(())
    }

    /// The root after this commit, and the garbage that nobody can be reading any more.
    fn next_root(&self, commit: u64, now: u64) -> (Root, Vec<Garbage>) {
        let mut root = self.seen.as_ref().map(|it| it.root.clone()).unwrap_or_default();
        let before = root.pages.clone();
        root.page_len = self.page_len();
        root.generation += 1;
        root.pages.resize(usize::try_from(self.pages_len()).unwrap_or_default(), 0);
        for (number, page) in (0_u32..).zip(&mut root.pages) {
            if self.changed.pages.contains_key(&number) {
                *page = commit;
            }
        }
        let pages = root.pages.iter().map(Some).chain(std::iter::repeat(None));
        let replaced = (0_u32..).zip(&before).zip(pages);
        let replaced = replaced.filter(|((_, was), is)| **was != 0 && *is != Some(*was));
        let replaced = replaced.map(|((page, was), _)| Garbage { page, commit: *was, since: now });
        let garbage = std::mem::take(&mut root.garbage).into_iter().chain(replaced);
        let is_old = |it: &Garbage| it.since.saturating_add(GARBAGE_AGE_SECONDS) <= now;
        let (gone, mut kept): (Vec<_>, Vec<_>) = garbage.partition(is_old);
        // The oldest are left to a sweep.
        kept.drain(..kept.len().saturating_sub(GARBAGE_MAX));
        root.garbage = kept;
        (root, gone)
    }

    fn begin_writing(&mut self) -> Result<(), Trouble> {
        if !self.keys().try_lock(&self.head_key(), LOCK_MS)? {
            return Err(Trouble::Busy);
        }
        match self.is_newest() {
            Ok(true) => Ok(()),
            outcome => {
                // SQLite lets go of what it read, and comes again.
                self.shared.moments.doubt(&self.name);
                self.give_lock_back();
                outcome.and(Err(Trouble::Busy))
            }
        }
    }

    fn is_newest(&self) -> Result<bool, Trouble> {
        let key = self.head_key();
        Ok(match self.seen.as_ref().and_then(|it| it.version.as_deref()) {
            Some(version) => self.keys().is_head(&key, version)?,
            None => self.keys().head(&key)?.is_none(),
        })
    }

    fn refresh(&mut self) -> Result<(), Trouble> {
        if let Some(seen) = &self.seen {
            let version = seen.version.as_deref();
            if self.shared.moments.has(&self.name, version) {
                return Ok(());
            }
            if self.is_newest()? {
                self.shared.moments.learned(&self.name, version, false);
                return Ok(());
            }
        }
        let now = match self.keys().head(&self.head_key())? {
            None => Seen { version: None, root: Root::default() },
            Some(Head { version, value }) => {
                let root = Root::decode(&value);
                let root = root.ok_or_else(|| Trouble::Damaged(self.head_key()))?;
                Seen { version: Some(version), root }
            }
        };
        let is_by_others = self.seen.is_some();
        self.shared.moments.learned(&self.name, now.version.as_deref(), is_by_others);
        self.seen = Some(now);
        Ok(())
    }

    /// A page as the transaction sees it; `None` past the end.
    fn page(&mut self, number: u64) -> Result<Option<Cow<'_, [u8]>>, Trouble> {
        let Ok(number) = u32::try_from(number) else { return Ok(None) };
        if number >= self.pages_len() {
            return Ok(None);
        }
        if let Some(page) = self.changed.pages.get(&number) {
            return Ok(Some(Cow::Borrowed(page)));
        }
        let at = usize::try_from(number).unwrap_or(usize::MAX);
        let stored = self.seen.as_ref().and_then(|it| it.root.pages.get(at)).copied();
        let len = usize::try_from(self.page_len()).unwrap_or_default();
        let Some(commit) = stored.filter(|it| *it != 0) else {
            return Ok(Some(Cow::Owned(vec![0; len])));
        };
        // What a commit wrote never changes.
        let is_held = number == 0 && self.first.as_ref().is_some_and(|it| it.0 == commit);
        if is_held {
            return Ok(self.first.as_ref().map(|it| Cow::Borrowed(&*it.1)));
        }
        let key = page_key(&self.name, number, commit);
        let page = match self.keys().get(&key)? {
            Some(page) if page.len() == len && len <= VALUE_LEN_MAX => page,
            _ => return Err(Trouble::Damaged(key)),
        };
        if number == 0 {
            return Ok(Some(Cow::Borrowed(&*self.first.insert((commit, page)).1)));
        }
        Ok(Some(Cow::Owned(page)))
    }

    fn page_len(&self) -> u32 {
        let seen = self.seen.as_ref().map(|it| it.root.page_len).filter(|it| *it > 0);
        seen.or(self.changed.page_len).unwrap_or_default()
    }

    fn pages_len(&self) -> u32 {
        let seen = self.seen.as_ref().map_or(0, |it| it.root.pages.len());
        self.changed.pages_len.unwrap_or_else(|| u32::try_from(seen).unwrap_or(u32::MAX))
    }

    /// Takes pages away that nobody needs. One that stays is found by a sweep.
    fn forget(&self, pages: Vec<(u32, u64)>) {
        for (page, commit) in pages {
            if let Err(error) = self.keys().delete(&page_key(&self.name, page, commit)) {
                tracing::debug!(%error, page, "a replaced page stays until the next sweep");
            }
        }
    }

    fn sweep(&self, now: u64) {
        let Some(seen) = &self.seen else { return };
        match crate::sweep::sweep(self.keys(), &self.name, &seen.root, now) {
            Ok(0) => {}
            Ok(pages) => tracing::info!(pages, "took away pages that nobody needs"),
            Err(error) => tracing::warn!(%error, "could not look for pages that nobody needs"),
        }
    }

    fn give_lock_back(&self) {
        if let Err(error) = self.keys().unlock(&self.head_key()) {
            tracing::warn!(%error, "others may wait until the lock of the database ends by itself");
        }
    }

    fn keys(&self) -> &dyn Keys {
        &*self.shared.ground.keys
    }

    fn head_key(&self) -> String {
        root_key(&self.name)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        self.unlock(Level::Nothing);
    }
}

/// The key of the head that says which pages there are.
pub(crate) fn root_key(name: &str) -> String {
    [name, "/root"].concat()
}

/// The key of one page as one commit wrote it.
fn page_key(name: &str, page: u32, commit: u64) -> String {
    format!("{}{page:08x}-{commit:016x}", crate::sweep::prefix(name))
}
