//! What an import did: counts in memory, every note in the report file as it comes.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write;

use serde_json::json;

use crate::note::{Note, NoteKind};

/// How many notes of each kind the summary shows.
const SHOWN_MAX: usize = 5;

/// How many things of one kind there were.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    /// Stored now.
    pub added: u64,
    /// There already from an earlier run.
    pub present: u64,
    /// Could not be stored.
    pub failed: u64,
}

/// What an import did.
pub struct Report {
    source: String,
    dry_run: bool,
    counts: BTreeMap<String, Count>,
    notes: BTreeMap<NoteKind, (u64, Vec<Note>)>,
    file: Option<Box<dyn Write + Send>>,
    written: u64,
    failure: Option<std::io::Error>,
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
        self.notes.get(&kind).map_or(0, |it| it.0)
    }

    /// The first notes of a kind.
    pub fn first_notes(&self, kind: NoteKind) -> &[Note] {
        self.notes.get(&kind).map(|it| it.1.as_slice()).unwrap_or_default()
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
        let (count, shown) = self.notes.entry(note.kind).or_default();
        *count += 1;
        if shown.len() < SHOWN_MAX {
            shown.push(note);
        }
    }

    /// Ends the report file. Fails when any of it could not be written.
    pub fn finish(&mut self) -> std::io::Result<()> {
        let counts: BTreeMap<&str, _> = self
            .counts
            .iter()
            .map(|(name, it)| {
                let count =
                    json!({ "added": it.added, "present": it.present, "failed": it.failed });
                (name.as_str(), count)
            })
            .collect();
        let notes: BTreeMap<&str, u64> =
            self.notes.iter().map(|(kind, it)| (kind.name(), it.0)).collect();
        let end =
            format!("\n],\n\"counts\":{},\n\"note_counts\":{}}}\n", json!(counts), json!(notes));
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
            if count.failed > 0 {
                let _ = write!(text, ", {} failed", count.failed);
            }
            text.push('\n');
        }
        for kind in NoteKind::ALL {
            let Some((count, shown)) = self.notes.get(&kind) else { continue };
            let _ = writeln!(text, "{count} {}:", kind.meaning());
            for note in shown {
                let _ = writeln!(text, "  {} {}: {}", note.place, note.subject, note.message);
            }
            if let Some(more) = count.checked_sub(shown.len() as u64).filter(|it| *it > 0) {
                let _ = writeln!(text, "  … and {more} more");
            }
        }
        text
    }
}
