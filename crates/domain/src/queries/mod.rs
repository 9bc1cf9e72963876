//! Which entries are asked for: filters and orders over fields.

mod filter;
mod sort;

pub use filter::{CONDITIONS_MAX, Condition, Filter, FilterDepth, Path, SystemField, Test};
pub use sort::{SORT_KEYS_MAX, SortKey};
