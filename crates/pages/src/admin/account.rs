//! A person's own account.

use serde::Serialize;

use super::{AdminPage, Frame, Mistake, QrPicture, Tab};

/// How a person signs in.
#[derive(Debug, Clone, Serialize)]
pub struct AccountPage {
    /// What stands around it.
    pub frame: Frame,
    /// The pages of the account.
    pub tabs: Vec<Tab>,
    /// What the person is called.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Whether they proved not long ago who they are.
    pub is_fresh: bool,
    /// Whether they have a password.
    pub has_password: bool,
    /// Whether the password alone does not let them in.
    pub has_totp: bool,
    /// How many recovery codes are left.
    pub recovery_codes: u32,
    /// Whether this site can have passkeys.
    pub passkeys_available: bool,
    /// Their passkeys.
    pub passkeys: Vec<PasskeyRow>,
    /// What is wrong.
    pub mistakes: Vec<Mistake>,
}

/// A passkey.
#[derive(Debug, Clone, Serialize)]
pub struct PasskeyRow {
    /// Its id, as forms name it.
    pub id: String,
    /// What its owner calls it.
    pub name: String,
    /// When it was added, in milliseconds.
    pub created_at: i64,
    /// When it was last used; 0 for never.
    pub used_at: i64,
}

/// Codes that are being set up.
#[derive(Debug, Clone, Serialize)]
pub struct TotpPage {
    /// What stands around it.
    pub frame: Frame,
    /// What goes on with it.
    pub ticket: String,
    /// The secret in groups, to be typed.
    pub secret: String,
    /// The secret for an app on this machine.
    pub address: String,
    /// The picture for a phone.
    pub picture: Option<QrPicture>,
    /// What is wrong.
    pub mistakes: Vec<Mistake>,
}

/// Recovery codes, shown once.
#[derive(Debug, Clone, Serialize)]
pub struct RecoveryCodesPage {
    /// What stands around it.
    pub frame: Frame,
    /// The codes.
    pub codes: Vec<String>,
    /// Whether the codes of the app were set up just now.
    pub is_new: bool,
}

/// Where a person is signed in.
#[derive(Debug, Clone, Serialize)]
pub struct SessionsPage {
    /// What stands around it.
    pub frame: Frame,
    /// The pages of the account.
    pub tabs: Vec<Tab>,
    /// The sessions.
    pub rows: Vec<SessionRow>,
}

/// A session.
#[derive(Debug, Clone, Serialize)]
pub struct SessionRow {
    /// What it is called; opens nothing.
    pub id: String,
    /// The browser and the system, in words.
    pub browser: String,
    /// From where; empty where that is not known.
    pub address: String,
    /// When it began, in milliseconds.
    pub created_at: i64,
    /// When it was last seen, in milliseconds.
    pub seen_at: i64,
    /// Whether it is the one that looks.
    pub is_current: bool,
}

impl AdminPage for AccountPage {
    const TEMPLATE: &'static str = "account.html";
}

impl AdminPage for TotpPage {
    const TEMPLATE: &'static str = "totp.html";
}

impl AdminPage for RecoveryCodesPage {
    const TEMPLATE: &'static str = "recovery_codes.html";
}

impl AdminPage for SessionsPage {
    const TEMPLATE: &'static str = "sessions.html";
}
