//! In which order.

use super::filter::Path;

/// The most keys of one order.
pub const SORT_KEYS_MAX: usize = 3;

/// One key of an order. Entries without a value come last, whatever the direction.
#[derive(Debug, Clone, PartialEq)]
pub struct SortKey {
    /// What to sort by: a system field or a scalar field of the collection.
    pub path: Path,
    /// The greatest first.
    pub descending: bool,
}
