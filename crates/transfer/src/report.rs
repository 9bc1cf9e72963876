//! What an import did: counts in memory, every note in the report file as it comes.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::io::Write;

use serde_json::json;

use crate::note::{Note, NoteKind};

/// How many notes of each kind are kept for the summary.
const KEPT_MAX: usize = 20;
/// How many lines the summary has for each kind.
const LINES_MAX: usize = 8;
/// How many different messages of each kind are counted apart.
const MESSAGES_MAX: usize = 1_000;

/// How many things of one kind there were.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    /// Stored now.
    pub added: u64,
    /// There already from an earlier run.
    pub present: u64,
    /// There already, and now with media that were missing.
    pub mended: u64,
    /// Could not be stored.
    pub failed: u64,
}

/// What an import did.
pub struct Report {
    source: String,
    dry_run: bool,
    counts: BTreeMap<String, Count>,
    notes: BTreeMap<NoteKind, Notes>,
    file: Option<Box<dyn Write + Send>>,
    written: u64,
    failure: Option<std::io::Error>,
}

/// Notes of one kind.
#[derive(Default)]
struct Notes {
    count: u64,
    first: Vec<Note>,
    /// What was said how often, with the first of whom it was said, in the order in which it was said first.
    messages: HashMap<String, usize>,
    groups: Vec<Group>,
}

/// Notes that say the same.
struct Group {
    first: Note,
    count: u64,
}

impl Notes {
    fn add(&mut self, note: Note) {
        self.count += 1;
        if self.first.len() < KEPT_MAX {
            self.first.push(note.clone());
        }
        if let Some(at) = self.messages.get(&note.message) {
            if let Some(group) = self.groups.get_mut(*at) {
                group.count += 1;
            }
        } else if self.groups.len() < MESSAGES_MAX {
            self.messages.insert(note.message.clone(), self.groups.len());
            self.groups.push(Group { first: note, count: 1 });
        }
    }

    /// The groups, the largest first.
    fn sorted(&self) -> Vec<&Group> {
        let mut groups: Vec<&Group> = self.groups.iter().collect();
        groups.sort_by_key(|it| std::cmp::Reverse(it.count)); // Stable: equals stay in their order.
        groups
    }
}

impl Report {
    /// A report on a source. Every note is also written to the file, so that there may be millions of them.
    pub fn new(source: String, dry_run: bool, file: Option<Box<dyn Write + Send>>) -> Self {
        let mut report = Self {
            source,
            dry_run,
            counts: BTreeMap::new(),
            notes: BTreeMap::new(),
            file,
            written: 0,
            failure: None,
        };
        let head = json!({ "source": report.source, "dry_run": report.dry_run }).to_string();
        let head = head.trim_end_matches('}').to_owned();
        report.write(&format!("{head},\n\"notes\":["));
        report
    }

    /// Counts of each kind of thing, by its name: `posts`, `media`, `redirects`.
    pub fn counts(&self) -> &BTreeMap<String, Count> {
        &self.counts
    }

    /// How many notes of a kind there are.
    pub fn notes(&self, kind: NoteKind) -> u64 {
        self.notes.get(&kind).map_or(0, |it| it.count)
    }

    /// The first notes of a kind.
    pub fn first_notes(&self, kind: NoteKind) -> &[Note] {
        self.notes.get(&kind).map(|it| it.first.as_slice()).unwrap_or_default()
    }

    pub(crate) fn count(&mut self, name: &str) -> &mut Count {
        if !self.counts.contains_key(name) {
            self.counts.insert(name.to_owned(), Count::default());
        }
        self.counts.entry(name.to_owned()).or_default()
    }

    pub(crate) fn note(&mut self, note: Note) {
        let line = json!({
            "kind": note.kind.name(),
            "place": note.place.to_string(),
            "subject": note.subject,
            "message": note.message,
        });
        let comma = if self.written == 0 { "" } else { "," };
        self.write(&format!("{comma}\n{line}"));
        self.written += 1;
        self.notes.entry(note.kind).or_default().add(note);
    }

    /// Ends the report file. Fails when any of it could not be written.
    pub fn finish(&mut self) -> std::io::Result<()> {
        let counts: BTreeMap<&str, _> = self
            .counts
            .iter()
            .map(|(name, it)| {
                let count = json!({
                    "added": it.added,
                    "present": it.present,
                    "mended": it.mended,
                    "failed": it.failed,
                });
                (name.as_str(), count)
            })
            .collect();
        let notes: BTreeMap<&str, u64> =
            self.notes.iter().map(|(kind, it)| (kind.name(), it.count)).collect();
        let groups: Vec<_> =
            self.notes.iter().flat_map(|(kind, it)| groups_json(*kind, it)).collect();
        let end = format!(
            "\n],\n\"counts\":{},\n\"note_counts\":{},\n\"groups\":{}}}\n",
            json!(counts),
            json!(notes),
            json!(groups)
        );
        self.write(&end);
        if let Some(file) = &mut self.file {
            file.flush()?;
        }
        self.failure.take().map_or(Ok(()), Err)
    }

    fn write(&mut self, text: &str) {
        let Some(file) = self.file.as_mut().filter(|_| self.failure.is_none()) else { return };
        if let Err(error) = file.write_all(text.as_bytes()) {
            self.failure = Some(error);
        }
    }

    /// The report as people read it.
    pub fn summary(&self) -> String {
        let mut text = String::new();
        let verb = if self.dry_run { "would import" } else { "imported" };
        let _ = writeln!(text, "{verb} from {}", self.source); // Writing to a string cannot fail.
        for (name, count) in &self.counts {
            let _ = write!(text, "  {name:<12} {:>7} new", count.added);
            if count.present > 0 {
                let _ = write!(text, ", {} there already", count.present);
            }
            if count.mended > 0 {
                let _ = write!(text, ", {} mended", count.mended);
            }
            if count.failed > 0 {
                let _ = write!(text, ", {} failed", count.failed);
            }
            text.push('\n');
        }
        for kind in NoteKind::ALL {
            let Some(notes) = self.notes.get(&kind) else { continue };
            let _ = writeln!(text, "{} {}:", notes.count, kind.meaning());
            let mut shown = 0;
            for group in notes.sorted().into_iter().take(LINES_MAX) {
                let Note { place, subject, message, .. } = &group.first;
                let _ = match group.count {
                    1 => writeln!(text, "  {place} {subject}: {message}"),
                    count => writeln!(text, "  {count}× {message} (first: {place} {subject})"),
                };
                shown += group.count;
            }
            if let Some(more) = notes.count.checked_sub(shown).filter(|it| *it > 0) {
                let _ = writeln!(text, "  … and {more} more");
            }
        }
        text
    }
}

fn groups_json(kind: NoteKind, notes: &Notes) -> Vec<serde_json::Value> {
    let group = |it: &Group| {
        json!({
            "kind": kind.name(),
            "count": it.count,
            "message": it.first.message,
            "first": it.first.place.to_string(),
        })
    };
    notes.sorted().into_iter().filter(|it| it.count > 1).map(group).collect()
}

#[cfg(test)]
mod tests {
    use super::Report;
    use crate::error::Place;
    use crate::note::{Note, NoteKind};

    #[test]
    fn what_is_said_often_is_said_once_with_its_count() {
        let mut report = Report::new("old.xml".to_owned(), false, None);
        for line in 1..=30 {
            let place = Place { file: "old.xml".into(), line };
            let message = if line == 2 { "the odd one" } else { "the block `a/b` is not known" };
            report.note(Note::new(NoteKind::BlockKept, &place, format!("Post {line}"), message));
        }
        assert_eq!(
            report.summary(),
            "imported from old.xml\n30 unknown blocks kept as HTML or data:\n\
             \u{20} 29× the block `a/b` is not known (first: old.xml:1 Post 1)\n\
             \u{20} old.xml:2 Post 2: the odd one\n"
        );
    }
}
