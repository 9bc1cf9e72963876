//! From the name of a role to what it allows now.

use smartcms_domain::actors::{Role, RoleName, UserId};
use smartcms_domain::people::UserState;

use crate::App;
use crate::ports::StoreError;

/// The role with this name, as it is now; `None` where there is none. A built-in one is not read from anywhere; another
/// is one read by key.
pub async fn resolve_role(app: &App, name: &RoleName) -> Result<Option<Role>, StoreError> {
    if let Some(rank) = name.built_in() {
        return Ok(Some(rank.into()));
    }
    let found = app.roles.find_role(name).await?;
    Ok(found.map(|it| it.role.into()))
}

/// The role of a person who may sign in, as it is now; `None` for nobody, and for one who may not.
pub async fn person_role(app: &App, id: UserId) -> Result<Option<Role>, StoreError> {
    match app.people.users.find_user(id).await? {
        Some(person) if person.state == UserState::Active => resolve_role(app, &person.role).await,
        _ => Ok(None),
    }
}
