//! The first calls of a version that replaced another: a few failures among them put the old one back.

use std::sync::{Arc, Mutex, PoisonError};

use smartcms_app::ports::{Digest, LogLevel, PluginRecord, PluginStore, ReplacedVersion};
use smartcms_domain::plugins::PluginId;
use smartcms_domain::with_causes;

use crate::capabilities::output::GuestLog;

/// How many calls the trial is.
const CALLS: u32 = 20;
/// How many of them may fail, less one.
const FAILURES_MAX: u32 = 3;

/// The trial of one version.
pub(crate) struct Trial {
    plugin: PluginId,
    /// The version on trial.
    digest: Digest,
    versions: Versions,
    store: Arc<dyn PluginStore>,
    log: Arc<GuestLog>,
    count: Mutex<Count>,
}

/// What the two versions say they are.
struct Versions {
    new: String,
    old: String,
}

/// The calls so far: pure counting.
#[derive(Debug, Default, PartialEq, Eq)]
struct Count {
    calls: u32,
    failures: u32,
    ended: bool,
}

/// How a trial ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Stood,
    Failed,
}

impl Trial {
    /// The trial of a version, when it is on one.
    pub(crate) fn of(
        record: &PluginRecord,
        replaced: Option<ReplacedVersion>,
        store: &Arc<dyn PluginStore>,
        log: &Arc<GuestLog>,
    ) -> Option<Self> {
        let replaced = replaced.filter(|it| it.on_trial)?;
        Some(Self {
            plugin: record.id.clone(),
            digest: record.digest,
            versions: Versions { new: record.version.clone(), old: replaced.record.version },
            store: Arc::clone(store),
            log: Arc::clone(log),
            count: Mutex::default(),
        })
    }

    /// Counts a call.
    pub(crate) fn called(&self, succeeded: bool) {
        let end = self.count.lock().unwrap_or_else(PoisonError::into_inner).called(succeeded);
        match end {
            Some(End::Stood) => self.stood(),
            Some(End::Failed) => self.failed(),
            None => {}
        }
    }

    /// The version cannot even be called.
    pub(crate) fn unusable(&self) {
        let mut count = self.count.lock().unwrap_or_else(PoisonError::into_inner);
        if !std::mem::replace(&mut count.ended, true) {
            drop(count);
            self.failed();
        }
    }

    fn stood(&self) {
        let (store, plugin, digest) = (Arc::clone(&self.store), self.plugin.clone(), self.digest);
        tokio::spawn(async move {
            if let Err(error) = store.end_trial(&plugin, digest).await {
                let error = with_causes(&error);
                tracing::warn!(error, plugin.id = %plugin, "could not end the trial of a plugin");
            }
        });
    }

    /// Puts the old version back. The registry's next look at its store loads it.
    fn failed(&self) {
        let (store, plugin, digest) = (Arc::clone(&self.store), self.plugin.clone(), self.digest);
        let Versions { new, old } = &self.versions;
        let text = format!("failed its first calls with version {new}: version {old} is put back");
        let log = Arc::clone(&self.log);
        tokio::spawn(async move {
            match store.roll_back(&plugin, digest).await {
                Ok(Some(_)) => {
                    tracing::error!(plugin.id = %plugin, "plugin {plugin} {text}");
                    log.host(LogLevel::Error, &text);
                }
                // Somebody else was faster: an operator, or another process.
                Ok(None) => {}
                Err(error) => {
                    let error = with_causes(&error);
                    tracing::error!(error, plugin.id = %plugin, "could not put a version of a plugin back");
                }
            }
        });
    }
}

impl Count {
    /// Counts a call; how the trial ends with it, if it does.
    fn called(&mut self, succeeded: bool) -> Option<End> {
        if self.ended {
            return None;
        }
        self.calls += 1;
        self.failures += u32::from(!succeeded);
        let end = match (self.failures, self.calls) {
            (FAILURES_MAX.., _) => End::Failed,
            (_, CALLS..) => End::Stood,
            _ => return None,
        };
        self.ended = true;
        Some(end)
    }
}

#[cfg(test)]
mod tests {
    use super::{CALLS, Count, End};

    #[test]
    fn a_few_failures_among_the_first_calls_end_the_trial() {
        let mut count = Count::default();
        let calls = [false, true, true, false, true, false];
        let ends: Vec<_> = calls.iter().map(|it| count.called(*it)).collect();
        assert_eq!(ends, [None, None, None, None, None, Some(End::Failed)]);
        assert_eq!(count.called(false), None, "once");
    }

    #[test]
    fn a_version_that_stood_its_trial_is_not_put_back_for_later_failures() {
        let mut count = Count::default();
        let ends: Vec<_> = (0..CALLS).map(|number| count.called(number > 1)).collect();
        assert_eq!(ends.last(), Some(&Some(End::Stood)));
        assert!((0..10).all(|_| count.called(false).is_none()));
    }
}
