//! Tokens: a person's own, and those of everybody.

use serde::Serialize;

use super::{AdminPage, ChoiceContext, Frame, Mistake, Tab};

/// Tokens that there are.
#[derive(Debug, Clone, Serialize)]
pub struct TokensPage {
    /// What stands around it.
    pub frame: Frame,
    /// The pages of the account; empty for the tokens of everybody.
    pub tabs: Vec<Tab>,
    /// Where actions are sent.
    pub url: &'static str,
    /// Whether it is about the tokens of everybody.
    pub is_of_all: bool,
    /// The tokens.
    pub rows: Vec<TokenRow>,
}

/// A token.
#[derive(Debug, Clone, Serialize)]
pub struct TokenRow {
    /// What it is called.
    pub name: String,
    /// What it may do at most, in words.
    pub role: String,
    /// What of that it is for; empty for all.
    pub scopes: Vec<String>,
    /// Who made it.
    pub made_by: String,
    /// When, in milliseconds.
    pub created_at: i64,
    /// When it ends; 0 for never.
    pub expires_at: i64,
    /// Whether it has ended.
    pub is_over: bool,
}

/// Making one.
#[derive(Debug, Clone, Serialize)]
pub struct NewTokenPage {
    /// What stands around it.
    pub frame: Frame,
    /// The pages of the account.
    pub tabs: Vec<Tab>,
    /// The name that was typed.
    pub name: String,
    /// The roles that may be given.
    pub roles: Vec<ChoiceContext>,
    /// When it may end.
    pub ends: Vec<ChoiceContext>,
    /// Whether it is for some of its role alone.
    pub is_scoped: bool,
    /// The permissions on entries, as keys of their texts.
    pub permissions: Vec<&'static str>,
    /// The scopes on entries, those in every collection first.
    pub collections: Vec<ScopeRow>,
    /// The scopes on files.
    pub assets: Vec<ScopeBox>,
    /// The scopes on the site.
    pub site: Vec<ScopeBox>,
    /// What is wrong.
    pub mistakes: Vec<Mistake>,
}

/// The scopes of one collection.
#[derive(Debug, Clone, Serialize)]
pub struct ScopeRow {
    /// What people call the collection; empty for every one.
    pub label: String,
    /// One for each permission.
    pub boxes: Vec<ScopeBox>,
}

/// A scope to choose.
#[derive(Debug, Clone, Serialize)]
pub struct ScopeBox {
    /// The scope as it is written.
    pub value: String,
    /// The key of its text.
    pub text: String,
    /// Whether it is chosen.
    pub checked: bool,
}

/// A new token, shown once.
#[derive(Debug, Clone, Serialize)]
pub struct TokenMadePage {
    /// What stands around it.
    pub frame: Frame,
    /// What it is called.
    pub name: String,
    /// The secret.
    pub secret: String,
    /// An address to try it at.
    pub example_url: String,
}

impl AdminPage for TokensPage {
    const TEMPLATE: &'static str = "tokens.html";
}

impl AdminPage for NewTokenPage {
    const TEMPLATE: &'static str = "new_token.html";
}

impl AdminPage for TokenMadePage {
    const TEMPLATE: &'static str = "token_made.html";
}
