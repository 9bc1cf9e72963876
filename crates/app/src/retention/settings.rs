//! How long things are kept.

/// How long things are kept; 0 keeps them for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetentionSettings {
    /// For how many days entries stay in the trash: `content.trash_days`.
    pub trash_days: u32,
    /// The most saved states of one entry: `content.revisions_max`.
    pub revisions_max: u64,
    /// For how many days a working copy is kept that nobody goes on with: `content.working_copy_days`.
    pub working_copy_days: u32,
    /// For how many days events are kept that all have heard: `content.event_days`.
    pub event_days: u32,
    /// For how many days the audit log is kept: `content.audit_days`.
    pub audit_days: u32,
}

impl Default for RetentionSettings {
    fn default() -> Self {
        Self {
            trash_days: 30,
            revisions_max: 1_000,
            working_copy_days: 14,
            event_days: 30,
            audit_days: 730,
        }
    }
}
