//! What a plugin may do with content: the one place where its grants and the one it acts for are put together.
//!
//! A plugin that acts on its own account needs a grant. One that acts for somebody needs the grant *and* what it does
//! has to be allowed to that one, scope by scope, unless the scope says `as-itself`.

use super::grant::Grant;
use super::grants::Grants;
use super::scope::{ReadScope, WriteScope};
use crate::actors::{Actor, Permission, Subject};
use crate::collections::{CollectionName, FieldDefinition};

/// The rights of one plugin in one call.
pub(crate) struct Rights<'a> {
    grants: &'a Grants,
    /// Who the plugin acts for; `None` on its own account.
    acting_for: Option<&'a Actor>,
    /// Whether the entry in question is one that the plugin wrote.
    own: bool,
}

impl<'a> Rights<'a> {
    pub(crate) fn new(grants: &'a Grants, acting_for: Option<&'a Actor>, own: bool) -> Self {
        Self { grants, acting_for, own }
    }

    /// Whether it may do this; `asker_may` says the same of one that it acts for.
    pub(crate) fn permit(
        &self,
        permission: Permission,
        collection: &CollectionName,
        asker_may: impl Fn(&Actor) -> bool,
    ) -> bool {
        let asker_may = self.asker(asker_may);
        match permission {
            Permission::ReadDrafts => self
                .readers(collection)
                .any(|it| it.reaches_newest(self.own) && (it.as_itself || asker_may)),
            Permission::Create | Permission::Update => {
                self.writers(collection).any(|it| it.as_itself || asker_may)
            }
            Permission::Publish => {
                self.writers(collection).any(|it| !it.drafts_only && (it.as_itself || asker_may))
            }
            Permission::Delete => false,
        }
    }

    /// Whether it may see published entries of a collection.
    pub(crate) fn read(&self, collection: &CollectionName) -> bool {
        let asker_may = self.asker(|it| it.reads(collection));
        self.readers(collection).any(|it| it.as_itself || asker_may)
    }

    /// Whether it sees a field that everybody sees: what it may change it sees too, in answers to its changes.
    pub(crate) fn see(&self, subject: Subject<'_>, field: &FieldDefinition) -> bool {
        let asker_sees = self.asker(|it| {
            let state = !subject.newest || it.may_on(Permission::ReadDrafts, subject);
            state && it.reads(subject.collection) && it.sees(subject, field)
        });
        let name = field.name.as_str();
        let read = self.readers(subject.collection).any(|it| {
            let state = !subject.newest || it.reaches_newest(self.own);
            state && it.fields.has(name) && (it.as_itself || asker_sees)
        });
        read || self.change(subject, name, |it| it.sees(subject, field))
    }

    /// Whether it may change what has this name, a field or the slug; `allowed` says it of one that it acts for.
    pub(crate) fn change(
        &self,
        subject: Subject<'_>,
        name: &str,
        allowed: impl Fn(&Actor) -> bool,
    ) -> bool {
        // Both by the same scope: what one allows for anybody and what another one names are not mixed.
        let asker_may = self.asker(|it| it.may_on(Permission::Update, subject) && allowed(it));
        self.writers(subject.collection)
            .any(|it| it.fields.has(name) && (it.as_itself || asker_may))
    }

    fn asker(&self, may: impl Fn(&Actor) -> bool) -> bool {
        self.acting_for.is_none_or(may)
    }

    fn readers(&self, collection: &CollectionName) -> impl Iterator<Item = &'a ReadScope> {
        let scopes = self.grants.iter().filter_map(|it| match it {
            Grant::ContentRead(scopes) => Some(scopes),
            _ => None,
        });
        scopes.flatten().filter(move |it| it.collection == *collection)
    }

    /// The scopes that reach the entry.
    fn writers(&self, collection: &CollectionName) -> impl Iterator<Item = &'a WriteScope> {
        let own = self.own;
        let scopes = self.grants.iter().filter_map(|it| match it {
            Grant::ContentWrite(scopes) => Some(scopes),
            _ => None,
        });
        scopes.flatten().filter(move |it| it.collection == *collection && it.reaches(own))
    }
}
