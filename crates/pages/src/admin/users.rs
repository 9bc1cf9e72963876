//! People who work on the site.

use serde::Serialize;

use super::{AdminPage, ChoiceContext, Frame, Mistake, Paging, SessionRow};

/// Who there is.
#[derive(Debug, Clone, Serialize)]
pub struct UsersPage {
    /// What stands around it.
    pub frame: Frame,
    /// The people.
    pub rows: Vec<UserRow>,
    /// Where the list goes on.
    pub paging: Paging,
}

/// A person.
#[derive(Debug, Clone, Serialize)]
pub struct UserRow {
    /// Their page.
    pub url: String,
    /// What they are called.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Their role, in words.
    pub role: String,
    /// `active`, `invited` or `disabled`.
    pub state: &'static str,
    /// Whether the password alone does not let them in.
    pub has_totp: bool,
    /// How many passkeys they have.
    pub passkeys: u32,
    /// When they last signed in; 0 for never.
    pub signed_in_at: i64,
    /// Whether it is the one who looks.
    pub is_self: bool,
}

/// Inviting somebody.
#[derive(Debug, Clone, Serialize)]
pub struct NewUserPage {
    /// What stands around it.
    pub frame: Frame,
    /// The name that was typed.
    pub name: String,
    /// The address that was typed.
    pub email: String,
    /// The roles that may be given.
    pub roles: Vec<ChoiceContext>,
    /// Whether mail reaches people.
    pub has_mail: bool,
    /// What is wrong.
    pub mistakes: Vec<Mistake>,
}

/// A link that is shown once.
#[derive(Debug, Clone, Serialize)]
pub struct LinkPage {
    /// What stands around it.
    pub frame: Frame,
    /// Whom it is for.
    pub name: String,
    /// Their address.
    pub email: String,
    /// The link.
    pub link: String,
    /// Whether it is an invitation.
    pub is_invitation: bool,
    /// Whether it was mailed too.
    pub has_mail: bool,
    /// Where to go on.
    pub back: String,
}

/// One person.
#[derive(Debug, Clone, Serialize)]
pub struct UserPage {
    /// What stands around it.
    pub frame: Frame,
    /// The person.
    pub user: UserRow,
    /// When they were added, in milliseconds.
    pub created_at: i64,
    /// Whether they have a password.
    pub has_password: bool,
    /// How many recovery codes they have left.
    pub recovery_codes: u32,
    /// The roles that may be given.
    pub roles: Vec<ChoiceContext>,
    /// Whether the one who looks holds all that this person does, and may change them.
    pub may_change: bool,
    /// Where they are signed in.
    pub sessions: Vec<SessionRow>,
    /// What is wrong.
    pub mistakes: Vec<Mistake>,
}

impl AdminPage for UsersPage {
    const TEMPLATE: &'static str = "users.html";
}

impl AdminPage for NewUserPage {
    const TEMPLATE: &'static str = "new_user.html";
}

impl AdminPage for LinkPage {
    const TEMPLATE: &'static str = "link.html";
}

impl AdminPage for UserPage {
    const TEMPLATE: &'static str = "user.html";
}
