//! What `build.rs` packed: many small texts together, a fraction of their size. Unpacked when the first of them is needed,
//! and kept from then on.

use std::io::Read as _;

use flate2::read::DeflateDecoder;

/// What stands between the list of the parts and the parts.
const HEAD_END: &[u8] = b"\n\n";

/// The parts by their names, in the order in which they were packed.
pub(crate) struct Parts(Vec<(&'static str, &'static [u8])>);

impl Parts {
    /// Unpacks what `build.rs` made. It stays in memory: this is for statics.
    pub(crate) fn unpack(packed: &[u8]) -> Self {
        let mut bytes = Vec::new();
        // It is a part of the executable: a test sees to it that it can be read.
        let _ = DeflateDecoder::new(packed).read_to_end(&mut bytes);
        Self(Self::read(bytes.leak()).unwrap_or_default())
    }

    fn read(bytes: &'static [u8]) -> Option<Vec<(&'static str, &'static [u8])>> {
        let head_len = bytes.windows(HEAD_END.len()).position(|it| it == HEAD_END)?;
        let (head, rest) = bytes.split_at_checked(head_len + HEAD_END.len())?;
        let lines = std::str::from_utf8(head.get(..head_len)?).ok()?.lines();
        lines
            .map(|line| {
                let mut words = line.split('\t');
                let name = words.next()?;
                let (start, len): (usize, usize) =
                    (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
                Some((name, rest.get(start..start.checked_add(len)?)?))
            })
            .collect()
    }

    /// All parts.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&'static str, &'static [u8])> {
        self.0.iter().copied()
    }

    /// All parts, as texts.
    pub(crate) fn texts(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.iter().map(|(name, bytes)| (name, std::str::from_utf8(bytes).unwrap_or_default()))
    }

    /// The text with this name; empty where there is none.
    pub(crate) fn text(&self, name: &str) -> &'static str {
        self.texts().find(|(it, _)| *it == name).map_or("", |(_, text)| text)
    }
}

/// The packed parts with this name, which are a file of `build.rs`.
macro_rules! parts {
    ($name:literal) => {
        $crate::packed::Parts::unpack(include_bytes!(concat!(env!("OUT_DIR"), "/", $name, ".pack")))
    };
}
pub(crate) use parts;
