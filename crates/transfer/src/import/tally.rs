//! What one step of an import did: steps run beside one another, and the report hears of them in the source's order.

use std::collections::BTreeMap;

use crate::note::Note;
use crate::report::{Count, Report};

/// What one step did.
#[derive(Debug, Default)]
pub(super) struct Tally {
    notes: Vec<Note>,
    counts: BTreeMap<String, Count>,
}

impl Tally {
    pub(super) fn note(&mut self, note: Note) {
        self.notes.push(note);
    }

    /// The count of a kind of thing.
    pub(super) fn count(&mut self, name: &str) -> &mut Count {
        self.counts.entry(name.to_owned()).or_default()
    }

    pub(super) fn tell(self, report: &mut Report) {
        for (name, count) in self.counts {
            let total = report.count(&name);
            total.added += count.added;
            total.present += count.present;
            total.mended += count.mended;
            total.failed += count.failed;
        }
        for note in self.notes {
            report.note(note);
        }
    }
}
