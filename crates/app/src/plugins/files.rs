//! What the file of a plugin tells, and how two of them differ.

use std::collections::BTreeSet;
use std::sync::Arc;

use smartcms_domain::plugins::Grants;

use super::error::PluginAdminError;
use crate::OpContext;
use crate::ports::{PluginFacts, PluginFileError, PluginReach, PluginRecord};

/// How far a file reaches in the place of another.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PluginDifference {
    /// Capabilities that it asks for and the other does not.
    pub reaches_more: Vec<String>,
    /// Capabilities that it does not ask for any more.
    pub reaches_less: Vec<String>,
    /// Places where it takes part and the other does not.
    pub takes_part_more: Vec<String>,
    /// Places where it takes part no more.
    pub takes_part_less: Vec<String>,
}

/// What the version in force tells of itself; `None` where files of plugins cannot be read.
pub async fn facts_of(
    ctx: &OpContext<'_>,
    record: &PluginRecord,
) -> Result<Option<Arc<PluginFacts>>, PluginAdminError> {
    PluginAdminError::check(ctx)?;
    match ctx.app.plugin_files.facts(&record.digest).await {
        Ok(facts) => Ok(facts),
        Err(PluginFileError::NotOffered | PluginFileError::Unfit(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// The capabilities without which a plugin is refused, and of which these grants have none.
pub fn lacking<'a>(facts: &'a PluginFacts, grants: &Grants) -> Vec<&'a PluginReach> {
    let required = facts.reaches.iter().filter(|it| it.required);
    required.filter(|it| !grants.include(&it.capability)).collect()
}

/// How far `after` reaches in the place of `before`.
pub fn difference(before: &PluginFacts, after: &PluginFacts) -> PluginDifference {
    let reaches = |it: &PluginFacts| -> BTreeSet<String> {
        it.reaches.iter().map(|it| it.capability.clone()).collect()
    };
    let places = |it: &PluginFacts| -> BTreeSet<String> { it.points.iter().cloned().collect() };
    let only = |these: &BTreeSet<String>, others: &BTreeSet<String>| {
        these.difference(others).cloned().collect::<Vec<_>>()
    };
    let (old, new) = (reaches(before), reaches(after));
    let (left, joined) = (places(before), places(after));
    PluginDifference {
        reaches_more: only(&new, &old),
        reaches_less: only(&old, &new),
        takes_part_more: only(&joined, &left),
        takes_part_less: only(&left, &joined),
    }
}
