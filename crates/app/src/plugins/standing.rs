//! How a plugin stands: what is known of it here, and what servers tell.

use super::files::lacking;
use crate::ports::{PluginCondition, PluginFacts, PluginRecord, PluginReport};

/// How a plugin stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PluginStanding {
    /// It can be called.
    On,
    /// It is switched off.
    Off,
    /// It lacks these capabilities, without which it is refused.
    Lacks(Vec<String>),
    /// It failed again and again, and is left alone for a while.
    Paused(String),
    /// It cannot be called.
    Unusable(String),
}

/// How a plugin stands, from its record, what its file tells, and what servers tell.
pub fn standing(
    record: &PluginRecord,
    facts: Option<&PluginFacts>,
    report: Option<&PluginReport>,
) -> PluginStanding {
    if !record.enabled {
        return PluginStanding::Off;
    }
    let lacks = facts.map(|it| lacking(it, &record.grants)).unwrap_or_default();
    if !lacks.is_empty() {
        let names = lacks.into_iter().map(|it| it.capability.clone());
        return PluginStanding::Lacks(names.collect());
    }
    match report.map(|it| &it.condition) {
        Some(PluginCondition::Paused(reason)) => PluginStanding::Paused(reason.clone()),
        Some(PluginCondition::Unusable(reason)) if !is_granted_since(record, reason) => {
            PluginStanding::Unusable(reason.clone())
        }
        Some(PluginCondition::Unusable(_) | PluginCondition::Ready) | None => PluginStanding::On,
    }
}

/// Whether a server tells of a capability that was granted meanwhile: it is told a moment late.
fn is_granted_since(record: &PluginRecord, reason: &str) -> bool {
    let named = |it: &str| reason.contains(&format!("needs the capability {it};"));
    record.grants.iter().any(|it| named(it.capability()))
}

#[cfg(test)]
mod tests {
    use smartcms_domain::Timestamp;
    use smartcms_domain::plugins::PluginId;

    use super::{PluginStanding, standing};
    use crate::ports::{
        Digest, PluginCondition, PluginFacts, PluginMeasures, PluginReach, PluginRecord,
        PluginReport,
    };

    fn record(grants: &[&str]) -> PluginRecord {
        PluginRecord {
            id: PluginId::parse("visits").unwrap(),
            name: "Visits".to_owned(),
            version: "1.0.0".to_owned(),
            digest: Digest::of(b""),
            enabled: true,
            grants: grants.iter().map(|it| it.parse().unwrap()).collect(),
            settings: "{}".to_owned(),
            added_at: Timestamp::EPOCH,
        }
    }

    #[test]
    fn what_is_lacked_goes_before_what_servers_tell_and_they_are_late() {
        let reach = PluginReach {
            capability: "kv".to_owned(),
            words: String::new(),
            example: "kv".to_owned(),
            required: true,
        };
        let facts = PluginFacts { reaches: vec![reach], ..PluginFacts::default() };
        let unusable = |reason: &str| PluginReport {
            plugin: PluginId::parse("visits").unwrap(),
            condition: PluginCondition::Unusable(reason.to_owned()),
            measures: PluginMeasures::default(),
        };
        let late =
            unusable("it imports wasi:keyvalue/store, which needs the capability kv; grant it");
        let lacks = PluginStanding::Lacks(vec!["kv".to_owned()]);
        assert_eq!(standing(&record(&[]), Some(&facts), Some(&late)), lacks);
        assert_eq!(standing(&record(&["kv"]), Some(&facts), Some(&late)), PluginStanding::On);
        let broken = unusable("it is broken");
        let expected = PluginStanding::Unusable("it is broken".to_owned());
        assert_eq!(standing(&record(&["kv"]), Some(&facts), Some(&broken)), expected);
        let off = PluginRecord { enabled: false, ..record(&[]) };
        assert_eq!(standing(&off, Some(&facts), Some(&late)), PluginStanding::Off);
    }
}
