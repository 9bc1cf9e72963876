//! What an actor may do with content. Every operation asks here, and nowhere else.

use super::Actor;
use super::permission::{Denied, Permission};
use super::rank::Rank;
use super::role::{FieldReach, Reach};
use super::subject::Subject;
use crate::collections::{CollectionName, FieldDefinition};
use crate::plugins::{Grants, PluginId, Rights};

impl Actor {
    /// Whether the actor may do this in this collection, with entries of whomever.
    pub fn may(&self, permission: Permission, collection: &CollectionName) -> bool {
        self.may_on(permission, Subject::newest(collection))
    }

    /// Whether the actor may do this in this collection at least with what it wrote itself.
    pub fn may_some(&self, permission: Permission, collection: &CollectionName) -> bool {
        match self {
            Self::Plugin { grants, acting_for, .. } => Rights::new(
                grants,
                acting_for.as_deref(),
                true,
            )
            .permit(permission, collection, |it| it.may_some(permission, collection)),
            Self::Token { .. } | Self::User { .. } | Self::Operator => {
                self.reach(permission, collection).includes(true)
            }
            Self::Anonymous | Self::Schedule => self.may(permission, collection),
        }
    }

    /// Whether the actor may do this with a certain entry. Every right over content is decided here.
    pub fn may_on(&self, permission: Permission, subject: Subject<'_>) -> bool {
        match self {
            Self::Anonymous => false,
            Self::Token { .. } | Self::User { .. } | Self::Operator => {
                self.reach(permission, subject.collection).includes(self.wrote(subject))
            }
            Self::Plugin { grants, acting_for, .. } => Rights::new(
                grants,
                acting_for.as_deref(),
                self.wrote(subject),
            )
            .permit(permission, subject.collection, |it| it.may_on(permission, subject)),
            // Whoever may publish reads what is published, and so does the clock for them.
            Self::Schedule => matches!(permission, Permission::Publish | Permission::ReadDrafts),
        }
    }

    fn reach(&self, permission: Permission, collection: &CollectionName) -> Reach {
        self.held().map_or(Reach::None, |it| it.reach(permission, Some(collection)))
    }

    /// Whether the actor reads what is public of a collection. Everybody does but plugins, which need a grant.
    pub fn reads(&self, collection: &CollectionName) -> bool {
        match self {
            Self::Plugin { grants, acting_for, .. } => {
                Rights::new(grants, acting_for.as_deref(), false).read(collection)
            }
            Self::Anonymous
            | Self::Token { .. }
            | Self::User { .. }
            | Self::Operator
            | Self::Schedule => true,
        }
    }

    /// Whether the actor sees a field of a collection. Plugins have no role: of what everybody sees they see what their
    /// grants name.
    pub fn sees(&self, subject: Subject<'_>, field: &FieldDefinition) -> bool {
        let ranked = field.access.read.is_none_or(|least| self.has_rank(least));
        ranked
            && match self {
                Self::Plugin { grants, acting_for, .. } => {
                    Rights::new(grants, acting_for.as_deref(), self.wrote(subject))
                        .see(subject, field)
                }
                _ => self.field(subject, field.name.as_str()) >= FieldReach::ReadOnly,
            }
    }

    /// Whether the actor changes a field: it sees the field, and has the role or the grant that it takes.
    pub fn changes(&self, subject: Subject<'_>, field: &FieldDefinition) -> bool {
        let ranked = field.access.write.is_none_or(|least| self.has_rank(least));
        let granted =
            || self.changes_named(subject, field.name.as_str(), |it| it.changes(subject, field));
        ranked && self.sees(subject, field) && granted()
    }

    /// Whether the actor chooses slugs: who writes entries does, but for plugins whose grants name fields and not `slug`.
    pub fn changes_slug(&self, subject: Subject<'_>) -> bool {
        self.changes_named(subject, "slug", |it| it.changes_slug(subject))
    }

    fn changes_named(
        &self,
        subject: Subject<'_>,
        name: &str,
        asker_may: impl Fn(&Self) -> bool,
    ) -> bool {
        match self {
            Self::Plugin { grants, acting_for, .. } => {
                Rights::new(grants, acting_for.as_deref(), self.wrote(subject))
                    .change(subject, name, asker_may)
            }
            _ => self.field(subject, name) >= FieldReach::Change,
        }
    }

    /// What the rules of roles say of a field. Those without a role have no rules.
    fn field(&self, subject: Subject<'_>, name: &str) -> FieldReach {
        let held = self.held();
        held.map_or(FieldReach::Change, |it| it.field(Some(subject.collection), name))
    }

    /// Whether the actor sees values of fields that are not defined any more.
    pub fn sees_what_is_gone(&self) -> bool {
        self.has_rank(Rank::Owner)
    }

    fn has_rank(&self, least: Rank) -> bool {
        self.held().is_some_and(|it| it.is_at_least(least))
    }

    /// Whether the entry is one that the actor wrote. A plugin wrote what it wrote on its own account or for somebody; a
    /// person also what plugins wrote for that person, and what the person's tokens did.
    fn wrote(&self, subject: Subject<'_>) -> bool {
        let Some(author) = subject.author else { return false };
        if let Self::Plugin { id, .. } = self {
            let behind = author.strip_prefix("plugin ").and_then(|it| it.strip_prefix(id.as_str()));
            return behind.is_some_and(|it| it.is_empty() || it.starts_with(" for "));
        }
        let before = author.strip_suffix(self.author().as_str());
        // `plugin ID for user …`, and `plugin ID for token NAME of user …`.
        let by_plugin = |it: &str| it.ends_with(" for ") || it.ends_with(" of ");
        before.is_some_and(|it| it.is_empty() || it.starts_with("plugin ") && by_plugin(it))
    }

    /// Refuses what the actor may not do in a collection with entries of whomever.
    pub fn require(
        &self,
        permission: Permission,
        collection: &CollectionName,
    ) -> Result<(), Denied> {
        let may = self.may(permission, collection);
        if may { Ok(()) } else { Err(self.denied(permission, collection)) }
    }

    /// Refuses what the actor may not do in a collection even with what it wrote itself.
    pub fn require_some(
        &self,
        permission: Permission,
        collection: &CollectionName,
    ) -> Result<(), Denied> {
        let may = self.may_some(permission, collection);
        if may { Ok(()) } else { Err(self.denied(permission, collection)) }
    }

    /// Refuses what the actor may not do with a certain entry.
    pub fn require_on(&self, permission: Permission, subject: Subject<'_>) -> Result<(), Denied> {
        let may = self.may_on(permission, subject);
        if may { Ok(()) } else { Err(self.denied(permission, subject.collection)) }
    }

    fn denied(&self, permission: Permission, collection: &CollectionName) -> Denied {
        let hint = match self {
            Self::Plugin { id, grants, acting_for } => {
                hint(id, grants, acting_for.as_deref(), permission, collection)
            }
            Self::Anonymous => Some("send `Authorization: Bearer TOKEN`".to_owned()),
            Self::Token { .. } | Self::User { .. } | Self::Operator | Self::Schedule => None,
        };
        Denied { actor: self.to_string(), permission, collection: collection.clone(), hint }
    }
}

/// What a plugin lacks: a grant, or somebody to act for who may do it.
fn hint(
    id: &PluginId,
    grants: &Grants,
    acting_for: Option<&Actor>,
    permission: Permission,
    collection: &CollectionName,
) -> Option<String> {
    let alone = Actor::Plugin { id: id.clone(), grants: grants.clone(), acting_for: None };
    match acting_for {
        Some(who)
            if alone.may_some(permission, collection) && !who.may_some(permission, collection) =>
        {
            Some(format!(
                "the plugin acts for {who}, who may not do that; a grant with `:as-itself` allows it whoever asks"
            ))
        }
        _ => Grants::needed_for(permission, collection),
    }
}

#[cfg(test)]
mod tests;
