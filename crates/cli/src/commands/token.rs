//! `smartcms token`.

use serde_json::json;
use smartcms_app::App;
use smartcms_app::ports::TokenRecord;
use smartcms_app::tokens::{CreateToken, create_token, list_tokens, revoke_token};
use smartcms_domain::Timestamp;

use super::say;
use crate::args::{Folders, TokenCommand};
use crate::compose::open_for_operator;
use crate::failure::{Failure, exit, fault};

pub(super) async fn token(folders: &Folders, command: TokenCommand) -> anyhow::Result<()> {
    let app = open_for_operator(folders)?.app;
    match command {
        TokenCommand::Create { name, role, expires } => {
            create(&app, name, &role, expires.as_deref()).await
        }
        TokenCommand::List { json } => list(&app, json).await,
        TokenCommand::Revoke { name } => revoke_token(&app, &name).await.map_err(fault),
    }
}

async fn create(app: &App, name: String, role: &str, expires: Option<&str>) -> anyhow::Result<()> {
    let invalid = |message: String, hint: &str| Failure::hinted(message, hint, exit::INVALID);
    let role = role.parse().map_err(|error: smartcms_domain::actors::UnknownRole| {
        invalid(error.to_string(), "for a program that writes and publishes: --role editor")
    })?;
    let expires_at = expires.map(Timestamp::parse).transpose().map_err(|error| {
        invalid(error.to_string(), "leave --expires out for a token without an end")
    })?;
    let secret = create_token(app, CreateToken { name, role, expires_at }).await.map_err(fault)?;
    say(secret);
    Ok(())
}

async fn list(app: &App, as_json: bool) -> anyhow::Result<()> {
    let tokens = list_tokens(app).await.map_err(fault)?;
    if as_json {
        let items: Vec<_> = tokens.iter().map(json_of).collect();
        say(serde_json::to_string_pretty(&items)?);
        return Ok(());
    }
    for token in tokens {
        let end = token.expires_at.map_or_else(|| "no end".to_owned(), |at| format!("ends {at}"));
        say(format_args!(
            "{:<24} {:<14} made {}, {end}",
            token.name,
            token.role.name(),
            token.created_at
        ));
    }
    Ok(())
}

fn json_of(token: &TokenRecord) -> serde_json::Value {
    json!({
        "name": token.name,
        "role": token.role.name(),
        "created_at": token.created_at.to_string(),
        "expires_at": token.expires_at.map(|at| at.to_string()),
    })
}
