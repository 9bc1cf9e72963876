//! How a work stands, as it is stored.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use smartcms_app::ports::{
    Clock as _, ImportWish, TransferBy, TransferCount, TransferFormat, TransferJob, TransferNotes,
    TransferState, TransferStep,
};
use smartcms_domain::Timestamp;
use smartcms_transfer::{Exported, NoteKind, Report};
use uuid::Uuid;

use crate::world::SystemClock;

/// How a work stands.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct JobRecord {
    pub(super) id: Uuid,
    wish: Option<Wish>,
    name: String,
    by: String,
    state: String,
    begun_at: i64,
    ended_at: Option<i64>,
    counts: Vec<Count>,
    notes: Vec<Notes>,
    problem: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Wish {
    format: String,
    dry_run: bool,
    no_media: bool,
    old_url: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Count {
    name: String,
    added: u64,
    present: u64,
    mended: u64,
    failed: u64,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Notes {
    meaning: String,
    count: u64,
    first: Vec<String>,
}

impl JobRecord {
    /// A work that begins now.
    pub(super) fn new(id: Uuid, by: &TransferBy, wish: Option<ImportWish>, name: String) -> Self {
        let wish = wish.map(|it| Wish {
            format: it.format.name().to_owned(),
            dry_run: it.dry_run,
            no_media: it.no_media,
            old_url: it.old_url,
        });
        Self {
            id,
            wish,
            name,
            by: by.actor.author(),
            state: TransferState::Running.name().to_owned(),
            begun_at: SystemClock.now().as_millis(),
            ended_at: None,
            counts: Vec::new(),
            notes: Vec::new(),
            problem: None,
        }
    }

    /// What is brought in; `None` for an export.
    pub(super) fn wish(&self) -> Option<ImportWish> {
        let wish = self.wish.as_ref()?;
        Some(ImportWish {
            format: TransferFormat::parse(&wish.format)?,
            dry_run: wish.dry_run,
            no_media: wish.no_media,
            old_url: wish.old_url.clone(),
        })
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The work is over.
    pub(super) fn end(&mut self, state: TransferState, problem: Option<String>) {
        state.name().clone_into(&mut self.state);
        self.ended_at = Some(SystemClock.now().as_millis());
        self.problem = problem;
    }

    /// What an import did.
    pub(super) fn set_report(&mut self, report: &Report) {
        let count = |(name, it): (&String, &smartcms_transfer::Count)| Count {
            name: name.clone(),
            added: it.added,
            present: it.present,
            mended: it.mended,
            failed: it.failed,
        };
        self.counts = report.counts().iter().map(count).collect();
        let kinds = NoteKind::ALL.into_iter().filter(|it| report.notes(*it) > 0);
        self.notes = kinds
            .map(|kind| Notes {
                meaning: kind.meaning().to_owned(),
                count: report.notes(kind),
                first: report
                    .first_notes(kind)
                    .iter()
                    .map(|it| format!("{} {}: {}", it.place, it.subject, it.message))
                    .collect(),
            })
            .collect();
    }

    /// What an export did.
    pub(super) fn set_exported(&mut self, exported: &Exported) {
        let mut counts: BTreeMap<&str, u64> =
            exported.entries.iter().map(|(name, count)| (name.as_str(), *count)).collect();
        counts.insert("media", exported.media);
        counts.insert("menus", exported.menus);
        counts.insert("redirects", exported.redirects);
        let count = |(name, added): (&str, u64)| Count {
            name: name.to_owned(),
            added,
            present: 0,
            mended: 0,
            failed: 0,
        };
        self.counts = counts.into_iter().map(count).collect();
    }

    /// The work as others see it.
    pub(super) fn job(self, step: TransferStep) -> TransferJob {
        let import = self.wish();
        let time = |millis: i64| Timestamp::from_millis(millis).unwrap_or(Timestamp::EPOCH);
        let count = |it: Count| TransferCount {
            name: it.name,
            added: it.added,
            present: it.present,
            mended: it.mended,
            failed: it.failed,
        };
        let notes =
            |it: Notes| TransferNotes { meaning: it.meaning, count: it.count, first: it.first };
        TransferJob {
            id: self.id,
            import,
            name: self.name,
            by: self.by,
            state: TransferState::parse(&self.state).unwrap_or(TransferState::Failed),
            begun_at: time(self.begun_at),
            ended_at: self.ended_at.map(time),
            step,
            counts: self.counts.into_iter().map(count).collect(),
            notes: self.notes.into_iter().map(notes).collect(),
            problem: self.problem,
            file_bytes: 0,
            can_go_on: false,
        }
    }
}
