//! Pages for those who have not signed in yet.

use serde::Serialize;

use super::{AdminPage, Frame, Mistake};

/// The sign-in.
#[derive(Debug, Clone, Serialize)]
pub struct SignInPage {
    /// What stands around it.
    pub frame: Frame,
    /// The address that was typed.
    pub email: String,
    /// Where to go then.
    pub next: String,
    /// Who else says who somebody is.
    pub providers: Vec<OfferedProvider>,
    /// Whether this site can have passkeys.
    pub passkeys: bool,
    /// What is wrong.
    pub mistakes: Vec<Mistake>,
}

/// An identity provider to sign in by.
#[derive(Debug, Clone, Serialize)]
pub struct OfferedProvider {
    /// Its word in addresses.
    pub name: String,
    /// What people call it.
    pub label: String,
}

/// The second factor.
#[derive(Debug, Clone, Serialize)]
pub struct SecondFactorPage {
    /// What stands around it.
    pub frame: Frame,
    /// Proof that the password was right.
    pub ticket: String,
    /// Where to go then.
    pub next: String,
    /// What is wrong.
    pub mistakes: Vec<Mistake>,
}

/// The first owner of a new site.
#[derive(Debug, Clone, Serialize)]
pub struct FirstOwnerPage {
    /// What stands around it.
    pub frame: Frame,
    /// The secret of the link.
    pub secret: String,
    /// The name that was typed.
    pub name: String,
    /// The address that was typed.
    pub email: String,
    /// What is wrong.
    pub mistakes: Vec<Mistake>,
}

/// Choosing a password by a link.
#[derive(Debug, Clone, Serialize)]
pub struct PasswordPage {
    /// What stands around it.
    pub frame: Frame,
    /// The secret of the link.
    pub secret: String,
    /// Whose password it is, for those who keep passwords in their browser.
    pub email: String,
    /// Whether it is their first.
    pub is_invitation: bool,
    /// What is wrong.
    pub mistakes: Vec<Mistake>,
}

/// Asking for a link to choose another password.
#[derive(Debug, Clone, Serialize)]
pub struct ForgottenPage {
    /// What stands around it.
    pub frame: Frame,
}

impl AdminPage for PasswordPage {
    const TEMPLATE: &'static str = "password.html";
}

impl AdminPage for ForgottenPage {
    const TEMPLATE: &'static str = "forgotten.html";
}

impl AdminPage for SignInPage {
    const TEMPLATE: &'static str = "sign_in.html";
}

impl AdminPage for SecondFactorPage {
    const TEMPLATE: &'static str = "second_factor.html";
}

impl AdminPage for FirstOwnerPage {
    const TEMPLATE: &'static str = "first_owner.html";
}
