//! Values with versions.
//!
//! A version is a file with two names. Under `NUMBER-CHANCE` it is written, and linked to `NUMBER` when it is whole: that is
//! the swap, and it fails where there is this number. The first name is there before the second, is never made again, and is
//! taken away by whoever sees the next version, *before* anybody is told of that one. So a version is the newest as long as
//! its first name is there, which is one look at one name. Who ends between the two steps leaves a version that was never
//! acknowledged, and that some see and some do not until the first of them looks for the newest, or swaps.

use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use crate::exports::smartcms::portable::storage::Head;
use crate::files::{chance, found, name, write_new};
use crate::root;
use crate::there::is_there;

/// How many versions stay: so many swaps would have to happen between two steps of one before it went wrong.
const VERSIONS_KEPT: u64 = 32;

/// How often reading begins again because what was to be read was replaced and taken away: more often than one tidying takes
/// versions away, each of which may end a list.
const READS_MAX: usize = 64;

/// What tells a version from those before and after it: its number, and the chance in its first name.
#[derive(Clone, Copy)]
struct Version {
    number: u64,
    chance: u64,
}

impl Version {
    /// Its first name, by which it is known outside too.
    fn first_name(self) -> String {
        format!("{:016x}-{:016x}", self.number, self.chance)
    }

    fn of(text: &str) -> Option<Self> {
        let (number, chance) = text.split_once('-')?;
        let number = u64::from_str_radix(number, 16).ok()?;
        Some(Self { number, chance: u64::from_str_radix(chance, 16).ok()? })
    }

    /// The version before this one, by its chance; there may be none.
    fn before(self, chance: u64) -> Option<Self> {
        let number = self.number.checked_sub(1).filter(|it| *it > 0)?;
        Some(Self { number, chance })
    }
}

pub(crate) fn folder(key: &str) -> io::Result<PathBuf> {
    Ok(root().join("heads").join(name(key)?))
}

fn file(folder: &Path, number: u64) -> PathBuf {
    folder.join(format!("{number:016x}"))
}

/// All names, in no order. One that is taken away meanwhile ends the list of some hosts: it is made again then.
fn names(folder: &Path) -> io::Result<Vec<String>> {
    for _ in 0..READS_MAX {
        let Some(files) = found(fs::read_dir(folder))? else { return Ok(Vec::new()) };
        let names = files.map(|it| it.map(|it| it.file_name().into_string().unwrap_or_default()));
        if let Some(names) = found(names.collect::<io::Result<Vec<String>>>())? {
            return Ok(names);
        }
    }
    Err(io::Error::other("it is replaced faster than it can be listed"))
}

/// The numbers of all versions.
fn numbers(names: &[String]) -> impl Iterator<Item = u64> + '_ {
    names.iter().filter_map(|it| u64::from_str_radix(it, 16).ok())
}

pub(crate) fn get(key: &str) -> io::Result<Option<Head>> {
    let folder = folder(key)?;
    for _ in 0..READS_MAX {
        let Some(number) = numbers(&names(&folder)?).max() else { return Ok(None) };
        let Some(mut value) = found(fs::read(file(&folder, number)))? else { continue };
        let Some((chance, before)) = chances(&value) else {
            return Err(io::Error::other("its newest version is damaged"));
        };
        let version = Version { number, chance };
        if let Some(before) = version.before(before) {
            retire(&folder, before)?;
        }
        value.drain(..CHANCES_LEN);
        if !is_there(key, &version.first_name())? {
            // There is a later one by now; or else a machine that lost its power kept one name and not the other, and nobody
            // could ever swap again: what was there is made once more then.
            if numbers(&names(&folder)?).max() == Some(number) {
                make(key, &folder, Some(version), &value)?;
            }
            continue;
        }
        return Ok(Some(Head { version: version.first_name(), value }));
    }
    Err(io::Error::other("it is replaced faster than it can be read"))
}

/// What a version begins with: the chance in its first name, and in that of the version before it.
const CHANCES_LEN: usize = 16;

fn chances(value: &[u8]) -> Option<(u64, u64)> {
    let (own, rest) = value.split_first_chunk()?;
    Some((u64::from_le_bytes(*own), u64::from_le_bytes(*rest.first_chunk()?)))
}

/// Takes the first name of a version away that is not the newest any more.
fn retire(folder: &Path, version: Version) -> io::Result<()> {
    found(fs::remove_file(folder.join(version.first_name()))).map(drop)
}

pub(crate) fn is_newest(key: &str, version: &str) -> io::Result<bool> {
    // Nothing else becomes a part of a path.
    Ok(Version::of(version).is_some() && is_there(key, version)?)
}

pub(crate) fn swap(key: &str, seen: Option<&str>, value: &[u8]) -> io::Result<Option<String>> {
    let folder = folder(key)?;
    let seen = match seen {
        Some(seen) if is_newest(key, seen)? => Version::of(seen),
        None if numbers(&names(&folder)?).next().is_none() => None,
        _ => return Ok(None),
    };
    Ok(make(key, &folder, seen, value)?.map(Version::first_name))
}

/// Makes the version after one that was seen, or the first; `None` where somebody else was faster.
fn make(
    key: &str,
    folder: &Path,
    seen: Option<Version>,
    value: &[u8],
) -> io::Result<Option<Version>> {
    let next = Version { number: seen.map_or(1, |it| it.number + 1), chance: chance() };
    let first = folder.join(next.first_name());
    let before = seen.map_or(0, |it| it.chance);
    write_new(&first, &[&next.chance.to_le_bytes(), &before.to_le_bytes(), value])?;
    let is_first = match fs::hard_link(&first, file(folder, next.number)) {
        Ok(()) => true,
        // Somebody made it, or tidied so much later ones that this one was taken for left over.
        Err(error) if matches!(error.kind(), ErrorKind::AlreadyExists | ErrorKind::NotFound) => {
            false
        }
        Err(error) => return Err(error),
    };
    if is_first {
        // The names as well as the bytes: of values that were stored before, and of this version.
        let space = key.split('/').next().unwrap_or_default();
        sync(&root().join("values").join(space))?;
        sync(folder)?;
    } else {
        found(fs::remove_file(&first))?;
    }
    // Also where somebody else was faster: they may have ended before they came to this.
    if let Some(seen) = seen {
        retire(folder, seen)?;
    }
    if is_first && next.number.is_multiple_of(VERSIONS_KEPT) {
        tidy(folder, next.number);
    }
    Ok(is_first.then_some(next))
}

fn sync(folder: &Path) -> io::Result<()> {
    match found(File::open(folder).and_then(|it| it.sync_all())) {
        // Some hosts do not let folders be synced; on most systems a rename is ordered after its file all the same.
        Err(error) if matches!(error.kind(), ErrorKind::Unsupported | ErrorKind::InvalidInput) => {
            Ok(())
        }
        outcome => outcome.map(drop),
    }
}

/// Takes old versions away, the oldest first, and what swaps left that never happened. What cannot be taken away stays.
fn tidy(folder: &Path, newest: u64) {
    let is_old = |it: &u64| it.saturating_add(VERSIONS_KEPT) < newest;
    let names = names(folder).unwrap_or_default();
    for left in names.iter().filter(|it| Version::of(it).is_some_and(|it| is_old(&it.number))) {
        // Somebody else may have done it already.
        let _ = fs::remove_file(folder.join(left));
    }
    let mut old: Vec<u64> = numbers(&names).filter(is_old).collect();
    old.sort_unstable();
    for version in old {
        if fs::remove_file(file(folder, version)).is_err() {
            return;
        }
    }
    crate::files::forget_unfinished();
}
