//! Reading little-endian numbers from the tables that `models/all-minilm-l6-v2/tables.py` makes.

/// A table that is read from its beginning on. Past its end there are zeros and nothing.
#[derive(Clone, Copy)]
pub(crate) struct Table(&'static [u8]);

impl Table {
    pub(crate) const fn new(bytes: &'static [u8]) -> Self {
        Self(bytes)
    }

    /// The next bytes.
    pub(crate) fn take(&mut self, len: usize) -> &'static [u8] {
        let (taken, rest) = self.0.split_at_checked(len).unwrap_or((self.0, &[]));
        self.0 = rest;
        taken
    }

    /// The next number of `len` bytes.
    pub(crate) fn number(&mut self, len: usize) -> usize {
        number(self.take(len))
    }
}

/// Bytes as one number.
pub(crate) fn number(bytes: &[u8]) -> usize {
    bytes.iter().rev().fold(0, |number, byte| number << 8 | usize::from(*byte))
}
