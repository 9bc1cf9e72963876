//! Who hears how far a long work is.

/// Hears how far a long work is.
pub trait Progress: Send + Sync {
    /// A new part of the work begins: its name, and how many units it has; 0 when that is not known.
    fn begin(&self, what: &str, units: u64);

    /// So many units of this part are done.
    fn reach(&self, units: u64);
}

/// Nobody hears.
#[derive(Debug, Clone, Copy)]
pub struct NoProgress;

impl Progress for NoProgress {
    fn begin(&self, _what: &str, _units: u64) {}

    fn reach(&self, _units: u64) {}
}
