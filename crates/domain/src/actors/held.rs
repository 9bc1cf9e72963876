//! What somebody holds: the rights of the roles that all have to allow, within scopes.
//!
//! A person holds a role. A token holds what its role, its scopes and the role of the person who made it all allow.

use super::asset_permission::AssetPermission;
use super::permission::Permission;
use super::rank::Rank;
use super::role::{FieldReach, Reach, Role, SiteRight};
use super::scope::Scope;
use super::{Actor, TokenBounds};
use crate::collections::CollectionName;

/// How many things that go too far are named.
const BEYOND_MAX: usize = 20;

/// Rights that are held, or given.
#[derive(Debug, Clone, Copy)]
pub struct Held<'a> {
    role: &'a Role,
    maker: Option<&'a Role>,
    scopes: Option<&'a [Scope]>,
}

impl Actor {
    /// What the actor holds. Readers hold nothing; plugins and the clock have no role, and have rules of their own.
    pub fn held(&self) -> Option<Held<'_>> {
        match self {
            Self::Token { role, bounds, .. } => Some(Held::of_token(role, bounds)),
            Self::User { role, .. } => Some(Held::of(role)),
            Self::Operator => Some(Held::of(&Role::OWNER)),
            Self::Anonymous | Self::Plugin { .. } | Self::Schedule => None,
        }
    }
}

impl<'a> Held<'a> {
    /// All that a role gives.
    pub fn of(role: &'a Role) -> Self {
        Self { role, maker: None, scopes: None }
    }

    /// What a role gives within scopes.
    pub fn within(role: &'a Role, scopes: Option<&'a [Scope]>) -> Self {
        Self { role, maker: None, scopes }
    }

    fn of_token(role: &'a Role, bounds: &'a TokenBounds) -> Self {
        let maker = bounds.maker.as_ref().map(|it| &it.role);
        Self { role, maker, scopes: bounds.scopes.as_deref() }
    }

    /// How far it reaches in a collection; for `None`, in those that no rule names.
    pub fn reach(&self, permission: Permission, collection: Option<&CollectionName>) -> Reach {
        let scoped = self.scoped(|it| it.allows(permission, collection));
        if !scoped {
            return Reach::None;
        }
        self.least(|it| it.reach(permission, collection))
    }

    /// What it may do with a field, beside what the field's least rank says.
    pub fn field(&self, collection: Option<&CollectionName>, field: &str) -> FieldReach {
        self.least(|it| it.field(collection, field))
    }

    /// Whether it holds a permission on assets.
    pub fn may_with_assets(&self, permission: AssetPermission) -> bool {
        self.scoped(|it| it.allows_with_assets(permission))
            && self.least(|it| it.may_with_assets(permission))
    }

    /// What it may do with the site itself.
    pub fn site(&self) -> SiteRight {
        let scoped = self.scopes.map(|all| all.iter().map(Scope::site).max());
        let scoped = scoped.map_or(SiteRight::Manage, |it| it.unwrap_or(SiteRight::None));
        self.least(Role::site).min(scoped)
    }

    /// Whether its rank is this one or a mightier one.
    pub fn is_at_least(&self, least: Rank) -> bool {
        self.rank().is_at_least(least)
    }

    /// What of these rights goes beyond those held here, in words; empty where all of it is held.
    ///
    /// This is how nobody gives what they do not have: whoever makes or changes a role, gives one to somebody or makes a
    /// token passes here.
    pub fn beyond(&self, given: &Held<'_>) -> Vec<String> {
        let mut beyond = Vec::new();
        let rank = given.rank();
        if !self.is_at_least(rank) {
            beyond.push(format!("the rank {rank}, by which fields are seen and changed"));
        }
        let named = [self, given].into_iter().flat_map(Held::collections);
        let mut places: Vec<Option<&CollectionName>> = named.map(Some).chain([None]).collect();
        crate::sorting::sort(&mut places);
        places.dedup();
        for place in places {
            self.beyond_in(place, given, &mut beyond);
        }
        for permission in AssetPermission::ALL {
            if given.may_with_assets(permission) && !self.may_with_assets(permission) {
                beyond.push(format!("{permission} assets"));
            }
        }
        match given.site() {
            right if right <= self.site() => {}
            SiteRight::Manage => beyond.push("manage the site".to_owned()),
            _ => beyond.push("arrange the menus and redirects of the site".to_owned()),
        }
        beyond.truncate(BEYOND_MAX);
        beyond
    }

    fn beyond_in(
        &self,
        place: Option<&CollectionName>,
        given: &Held<'_>,
        beyond: &mut Vec<String>,
    ) {
        let of = place.map_or_else(|| "every other collection".to_owned(), ToString::to_string);
        for permission in Permission::ALL {
            let reach = given.reach(permission, place);
            if reach > self.reach(permission, place) {
                let whose = if reach == Reach::Own { "one's own entries" } else { "entries" };
                beyond.push(format!("{permission} {whose} of {of}"));
            }
        }
        let mut fields: Vec<&str> = self.roles().flat_map(Role::fields).collect();
        crate::sorting::sort(&mut fields);
        fields.dedup();
        for field in fields {
            match given.field(place, field) {
                reach if reach <= self.field(place, field) => {}
                FieldReach::ReadOnly => beyond.push(format!("see the field {field} of {of}")),
                _ => beyond.push(format!("see or change the field {field} of {of}")),
            }
        }
    }

    /// The rank by which fields are seen: the lesser one of two.
    fn rank(&self) -> Rank {
        let own = self.role.rank();
        match self.maker.map(Role::rank) {
            Some(maker) if own.is_at_least(maker) => maker,
            _ => own,
        }
    }

    fn roles(&self) -> impl Iterator<Item = &'a Role> {
        [Some(self.role), self.maker].into_iter().flatten()
    }

    fn collections(&self) -> impl Iterator<Item = &'a CollectionName> {
        let scoped = self.scopes.unwrap_or_default().iter().filter_map(Scope::collection);
        self.roles().flat_map(Role::collections).chain(scoped)
    }

    fn scoped(&self, allows: impl Fn(&Scope) -> bool) -> bool {
        self.scopes.is_none_or(|all| all.iter().any(allows))
    }

    fn least<T: Ord>(&self, of: impl Fn(&Role) -> T) -> T {
        let own = of(self.role);
        match self.maker {
            Some(maker) => of(maker).min(own),
            None => own,
        }
    }
}

#[cfg(test)]
mod tests;
