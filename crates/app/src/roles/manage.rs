//! Listing roles, making and changing them, and taking them away.

use serde_json::Value;
use smartcms_domain::actors::{CustomRole, Held, Role, RoleName};
use smartcms_domain::entries::Revision;

use super::error::RoleError;
use crate::OpContext;
use crate::audit::{Deed, digest_of};
use crate::ports::{RoleRecord, RoleRemoved, RoleSaved};

/// A role, and its state; built-in ones have none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleView {
    /// The role.
    pub role: Role,
    /// How it is stored.
    pub record: Option<RoleRecord>,
}

impl RoleView {
    fn stored(record: RoleRecord) -> Self {
        Self { role: record.role.clone().into(), record: Some(record) }
    }
}

/// What a change of a role was made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SeenRole {
    /// Nothing: the role is to be new.
    Nothing,
    /// Whatever is stored, also nothing.
    Whatever,
    /// This state.
    State(Revision),
}

/// Every role: the built-in ones, the mightiest first, then those of the site by name. Who chooses a role for a token of
/// one's own has to see them, so everybody with a role does.
pub async fn list_roles(ctx: &OpContext<'_>) -> Result<Vec<RoleView>, RoleError> {
    refuse_without_role(ctx)?;
    let built_in = Role::BUILT_IN.map(|role| RoleView { role, record: None });
    let custom = ctx.app.roles.list_roles().await?;
    Ok(built_in.into_iter().chain(custom.into_iter().map(RoleView::stored)).collect())
}

/// The roles that the actor may give to somebody, or to a token: those that hold nothing beyond what the actor holds.
pub async fn list_givable_roles(ctx: &OpContext<'_>) -> Result<Vec<RoleView>, RoleError> {
    let mut roles = list_roles(ctx).await?;
    roles.retain(|it| RoleError::refuse_beyond(ctx, &Held::of(&it.role)).is_ok());
    Ok(roles)
}

/// One role.
pub async fn get_role(ctx: &OpContext<'_>, name: &str) -> Result<RoleView, RoleError> {
    refuse_without_role(ctx)?;
    let name = RoleName::parse(name).map_err(|_| RoleError::Unknown(name.to_owned()))?;
    if let Some(rank) = name.built_in() {
        return Ok(RoleView { role: rank.into(), record: None });
    }
    let found = ctx.app.roles.find_role(&name).await?;
    found.map(RoleView::stored).ok_or_else(|| RoleError::Unknown(name.to_string()))
}

/// Stores a role as a whole; whether it is new, and how it is stored. Neither what it becomes nor what it was may go
/// beyond what the actor holds: nobody gives what they do not have, or takes from those above them.
pub async fn save_role(
    ctx: &OpContext<'_>,
    name: &str,
    document: &Value,
    seen: SeenRole,
) -> Result<(bool, RoleRecord), RoleError> {
    RoleError::refuse_denied(ctx)?;
    let name = RoleName::parse(name)?;
    if name.built_in().is_some() {
        return Err(RoleError::BuiltIn(name));
    }
    let role = CustomRole::read(name.clone(), document).map_err(RoleError::Invalid)?;
    let before = ctx.app.roles.find_role(&name).await?;
    require_seen(&name, before.as_ref(), seen)?;
    RoleError::refuse_beyond(ctx, &Held::of(&role.clone().into()))?;
    if let Some(before) = &before {
        RoleError::refuse_beyond(ctx, &Held::of(&before.role.clone().into()))?;
    }
    let previous = before.as_ref().map(|it| it.revision);
    let record = RoleRecord {
        role,
        revision: previous.map_or(Revision::FIRST, Revision::next),
        changed_at: ctx.app.clock.now(),
        changed_by: ctx.actor.to_string(),
    };
    let operation = if before.is_none() { "role.created" } else { "role.changed" };
    let deed = Deed::done(operation).to("role", &name).detail(record.role.label.clone());
    let deed = deed.digests(before.as_ref().map(digest), Some(digest(&record)));
    match ctx.app.roles.save_role(record.clone(), previous, deed.record(ctx)).await? {
        RoleSaved::Done => Ok((before.is_none(), record)),
        RoleSaved::Stale => Err(RoleError::Stale(name)),
        RoleSaved::TooMany => Err(RoleError::TooMany),
    }
}

/// Takes a role away that nobody has; `None` for whatever state is stored.
pub async fn remove_role(
    ctx: &OpContext<'_>,
    name: &str,
    seen: Option<Revision>,
) -> Result<(), RoleError> {
    RoleError::refuse_denied(ctx)?;
    let unknown = || RoleError::Unknown(name.to_owned());
    let name = RoleName::parse(name).map_err(|_| unknown())?;
    if name.built_in().is_some() {
        return Err(RoleError::BuiltIn(name));
    }
    let before = ctx.app.roles.find_role(&name).await?.ok_or_else(unknown)?;
    if seen.is_some_and(|it| it != before.revision) {
        return Err(RoleError::Stale(name));
    }
    RoleError::refuse_beyond(ctx, &Held::of(&before.role.clone().into()))?;
    let deed = Deed::done("role.removed").to("role", &name).digests(Some(digest(&before)), None);
    match ctx.app.roles.remove_role(&name, before.revision, deed.record(ctx)).await? {
        RoleRemoved::Done => Ok(()),
        RoleRemoved::Stale => Err(RoleError::Stale(name)),
        RoleRemoved::InUse { people, tokens } => Err(RoleError::InUse { name, people, tokens }),
    }
}

fn refuse_without_role(ctx: &OpContext<'_>) -> Result<(), RoleError> {
    match ctx.actor.held() {
        Some(_) => Ok(()),
        None => Err(RoleError::Denied(ctx.actor.to_string())),
    }
}

fn require_seen(
    name: &RoleName,
    before: Option<&RoleRecord>,
    seen: SeenRole,
) -> Result<(), RoleError> {
    match (seen, before.map(|it| it.revision)) {
        (SeenRole::Nothing, Some(_)) => Err(RoleError::Present(name.clone())),
        (SeenRole::State(seen), stored) if stored != Some(seen) => {
            Err(RoleError::Stale(name.clone()))
        }
        _ => Ok(()),
    }
}

fn digest(record: &RoleRecord) -> [u8; 32] {
    digest_of(&record.role.document().to_string())
}
