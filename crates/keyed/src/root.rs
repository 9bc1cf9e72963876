//! The root: one record that says under which key each page of a database is.
//!
//! All numbers are little-endian: the mark, the size of pages (u32), the generation (u64), the number of pages (u32) and for
//! each the commit that wrote it (u64, 0 for a page of zeros), the number of pieces of garbage (u32) and for each its page
//! (u32), its commit (u64) and since when nobody needs it (u64); last the BLAKE3 hash of all that.

use crate::keys::VALUE_LEN_MAX;

/// What a root begins with; the last byte is the version of this format.
const MARK: &[u8; 8] = b"SMCKEYS\x01";
const HASH_LEN: usize = 32;

/// The most pages of a database: so many that the root stays below the largest value, with room for garbage.
pub const PAGES_MAX: u32 = 120_000;

/// The most pieces of garbage that the root remembers; what does not fit is found by a sweep.
pub(crate) const GARBAGE_MAX: usize = 2_000;

const _: () = assert!(PAGES_MAX as usize * 8 + GARBAGE_MAX * 20 + 128 <= VALUE_LEN_MAX);

/// Which pages there are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Root {
    /// The size of a page, in bytes; 0 while nothing was written.
    pub(crate) page_len: u32,
    /// How often it was replaced.
    pub(crate) generation: u64,
    /// The commit that wrote each page; 0 for a page of zeros.
    pub(crate) pages: Vec<u64>,
    /// Pages that were replaced, and may still be read by who has an older root.
    pub(crate) garbage: Vec<Garbage>,
}

/// A page that nobody needs who begins now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Garbage {
    pub(crate) page: u32,
    pub(crate) commit: u64,
    /// In seconds of the clock that was given.
    pub(crate) since: u64,
}

/// Takes numbers from the front of bytes.
struct Front<'a>(&'a [u8]);

impl Root {
    pub(crate) fn encode(&self) -> Vec<u8> {
        let len = 64 + self.pages.len() * 8 + self.garbage.len() * 20;
        let mut bytes = Vec::with_capacity(len);
        bytes.extend_from_slice(MARK);
        bytes.extend_from_slice(&self.page_len.to_le_bytes());
        bytes.extend_from_slice(&self.generation.to_le_bytes());
        bytes.extend_from_slice(&count(self.pages.len()));
        self.pages.iter().for_each(|it| bytes.extend_from_slice(&it.to_le_bytes()));
        bytes.extend_from_slice(&count(self.garbage.len()));
        for it in &self.garbage {
            bytes.extend_from_slice(&it.page.to_le_bytes());
            bytes.extend_from_slice(&it.commit.to_le_bytes());
            bytes.extend_from_slice(&it.since.to_le_bytes());
        }
        let hash = blake3::hash(&bytes);
        bytes.extend_from_slice(hash.as_bytes());
        bytes
    }

    /// `None` for anything that [`Root::encode`] did not write.
    pub(crate) fn decode(bytes: &[u8]) -> Option<Self> {
        let (body, hash) = bytes.split_at_checked(bytes.len().checked_sub(HASH_LEN)?)?;
        let mut front = Front(body.strip_prefix(MARK)?);
        if blake3::hash(body) != blake3::Hash::from_bytes(hash.try_into().ok()?) {
            return None;
        }
        let page_len = front.u32()?;
        let generation = front.u64()?;
        let pages = (0..front.u32()?).map(|_| front.u64()).collect::<Option<_>>()?;
        let garbage = |front: &mut Front<'_>| {
            Some(Garbage { page: front.u32()?, commit: front.u64()?, since: front.u64()? })
        };
        let garbage = (0..front.u32()?).map(|_| garbage(&mut front)).collect::<Option<_>>()?;
        Some(Self { page_len, generation, pages, garbage })
    }

    /// Whether a value is a page of this root, or garbage that it still remembers.
    pub(crate) fn knows(&self, page: u32, commit: u64) -> bool {
        let at = usize::try_from(page).ok().and_then(|it| self.pages.get(it));
        at == Some(&commit) || self.garbage.iter().any(|it| it.page == page && it.commit == commit)
    }
}

fn count(len: usize) -> [u8; 4] {
    u32::try_from(len).unwrap_or(u32::MAX).to_le_bytes()
}

impl Front<'_> {
    fn u32(&mut self) -> Option<u32> {
        let (first, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(u32::from_le_bytes(*first))
    }

    fn u64(&mut self) -> Option<u64> {
        let (first, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(u64::from_le_bytes(*first))
    }
}

#[cfg(test)]
mod tests {
    use super::{Garbage, Root};

    #[test]
    fn a_root_is_read_as_it_was_written() {
        let garbage = vec![Garbage { page: 1, commit: 3, since: 9 }];
        let root = Root { page_len: 8192, generation: 7, pages: vec![5, 0, 6], garbage };
        assert_eq!(Root::decode(&root.encode()).as_ref(), Some(&root));
        assert!(root.knows(2, 6) && root.knows(1, 3) && !root.knows(1, 4) && !root.knows(9, 0));
    }

    #[test]
    fn a_damaged_root_is_none() {
        let whole = Root { page_len: 8192, pages: vec![5], ..Root::default() }.encode();
        for at in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[at] ^= 1;
            assert_eq!(Root::decode(&damaged), None, "byte {at}");
            assert_eq!(Root::decode(&whole[..at]), None, "cut at {at}");
        }
    }
}
