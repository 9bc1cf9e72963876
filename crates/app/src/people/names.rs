//! What people are called, for those who see what they wrote.

use smartcms_domain::actors::UserId;

use crate::App;
use crate::ports::StoreError;

/// What a person is called; `None` for one who is not there any more. Whoever sees what somebody wrote may know the name,
/// and nothing else is told.
pub async fn name_of(app: &App, id: UserId) -> Result<Option<String>, StoreError> {
    let found = app.people.users.find_user(id).await?;
    Ok(found.map(|it| it.name.as_str().to_owned()))
}
