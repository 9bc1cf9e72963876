//! How one list of texts becomes another.

use similar::DiffOp;
use similar::algorithms::{Capture, Compact, Replace, myers};

/// The fewest steps from the old texts to the new ones, in order, by the algorithm of Myers.
///
/// Everything is compared by this one function, and by this algorithm alone: a choice at run time, and a copy of it for each
/// type of list, would be a hundred times the code.
pub(super) fn steps(old: &[&str], new: &[&str]) -> Vec<DiffOp> {
    let mut found = Compact::new(Replace::new(Capture::new()), old, new);
    let Ok(()) = myers::diff(&mut found, old, 0..old.len(), new, 0..new.len());
    found.into_inner().into_inner().into_ops()
}
