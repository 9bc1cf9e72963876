//! What operations on assets need.

use std::fmt;

use super::{Actor, Rank, Role};

/// What an operation on assets needs. Reading one asset needs nothing: files on a site are public.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AssetPermission {
    /// See which assets there are.
    List,
    /// Store new files.
    Upload,
    /// Change what is said about a file.
    Change,
    /// Take a file away for good.
    Delete,
}

/// An actor asked for what it may not do with assets.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{actor} may not {permission} assets")]
pub struct AssetDenied {
    /// Who asked.
    pub actor: String,
    /// What was needed.
    pub permission: AssetPermission,
    /// What would make it possible.
    pub hint: Option<String>,
}

impl AssetPermission {
    /// Every permission.
    pub const ALL: [Self; 4] = [Self::List, Self::Upload, Self::Change, Self::Delete];

    /// The lasting name.
    pub fn name(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Upload => "upload",
            Self::Change => "change",
            Self::Delete => "delete",
        }
    }
}

impl fmt::Display for AssetPermission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Actor {
    /// Refuses what the actor may not do with assets. Plugins cannot be granted any of it yet.
    pub fn require_with_assets(&self, permission: AssetPermission) -> Result<(), AssetDenied> {
        let held = self.held();
        if held.is_some_and(|it| it.may_with_assets(permission)) {
            return Ok(());
        }
        let hint = match self {
            Self::Token { role, .. } | Self::User { role, .. } => Some(missing(role, permission)),
            Self::Anonymous => Some("send `Authorization: Bearer TOKEN`".to_owned()),
            Self::Plugin { .. } | Self::Schedule | Self::Operator => None,
        };
        Err(AssetDenied { actor: self.to_string(), permission, hint })
    }
}

/// What it takes: a mightier role, or a token with fewer bounds where the role allows it.
fn missing(role: &Role, permission: AssetPermission) -> String {
    if role.may_with_assets(permission) {
        return format!("the role {role} allows it; the token's scopes or its maker do not");
    }
    let able = Rank::ALL.into_iter().rfind(|it| it.may_with_assets(permission));
    let able = able.unwrap_or(Rank::Owner);
    format!("the role here is {role}; it takes {able} or above")
}

#[cfg(test)]
mod tests {
    use super::{Actor, AssetPermission, Role};

    fn allowed(role: Role) -> Vec<AssetPermission> {
        let actor = Actor::token("t", role);
        let all = AssetPermission::ALL.into_iter();
        all.filter(|it| actor.require_with_assets(*it).is_ok()).collect()
    }

    #[test]
    fn authors_upload_and_change_editors_delete() {
        use AssetPermission::{Change, Delete, List, Upload};
        assert_eq!(allowed(Role::VIEWER), [List]);
        assert_eq!(allowed(Role::CONTRIBUTOR), [List]);
        assert_eq!(allowed(Role::AUTHOR), [List, Upload, Change]);
        assert_eq!(allowed(Role::EDITOR), [List, Upload, Change, Delete]);
        assert_eq!(allowed(Role::OWNER), [List, Upload, Change, Delete]);
    }

    #[test]
    fn readers_and_plugins_may_nothing() {
        let plugin = Actor::Plugin {
            id: crate::plugins::PluginId::parse("toc").unwrap(),
            grants: crate::plugins::Grants::default(),
            acting_for: None,
        };
        for permission in AssetPermission::ALL {
            assert!(Actor::Anonymous.require_with_assets(permission).is_err());
            assert!(plugin.require_with_assets(permission).is_err());
        }
    }

    #[test]
    fn a_denial_says_which_role_it_takes() {
        let author = Actor::token("ci", Role::AUTHOR);
        let denied = author.require_with_assets(AssetPermission::Delete).unwrap_err();
        assert_eq!(denied.to_string(), "token ci may not delete assets");
        assert_eq!(denied.hint.unwrap(), "the role here is author; it takes editor or above");
    }
}
