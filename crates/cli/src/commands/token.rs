//! `smartcms token`.

use serde_json::json;
use smartcms_app::OpContext;
use smartcms_app::ports::TokenRecord;
use smartcms_app::tokens::{CreateToken, create_token, list_tokens, revoke_token};
use smartcms_domain::Timestamp;
use smartcms_domain::actors::{Actor, RoleName, Scope, ScopeError};

use super::say;
use crate::args::{Folders, TokenCommand};
use crate::compose::open_for_operator;
use crate::failure::{Failure, exit, fault};

pub(super) async fn token(folders: &Folders, command: TokenCommand) -> anyhow::Result<()> {
    let app = open_for_operator(folders)?.app;
    let ctx = OpContext::new(&app, &Actor::Operator);
    match command {
        TokenCommand::Create { name, role, scopes, expires } => {
            create(&ctx, name, &role, &scopes, expires.as_deref()).await
        }
        TokenCommand::List { json } => list(&ctx, json).await,
        TokenCommand::Revoke { name } => revoke_token(&ctx, &name).await.map_err(fault),
    }
}

async fn create(
    ctx: &OpContext<'_>,
    name: String,
    role: &str,
    scopes: &[String],
    expires: Option<&str>,
) -> anyhow::Result<()> {
    let invalid = |message: String, hint: &str| Failure::hinted(message, hint, exit::INVALID);
    let role = RoleName::parse(role).map_err(|error| {
        invalid(error.to_string(), "for a program that writes and publishes: --role editor")
    })?;
    let scopes: Result<Vec<Scope>, _> = scopes.iter().map(|it| it.parse()).collect();
    let scopes = scopes.map_err(|error: ScopeError| {
        invalid(error.to_string(), "to write drafts of posts: --scope content:create=posts")
    })?;
    let scopes = Some(scopes).filter(|it| !it.is_empty());
    let expires_at = expires.map(Timestamp::parse).transpose().map_err(|error| {
        invalid(error.to_string(), "leave --expires out for a token without an end")
    })?;
    let command = CreateToken { name, role, scopes, expires_at };
    say(create_token(ctx, command).await.map_err(fault)?);
    Ok(())
}

async fn list(ctx: &OpContext<'_>, as_json: bool) -> anyhow::Result<()> {
    let tokens = list_tokens(ctx).await.map_err(fault)?;
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
            token.role.as_str(),
            token.created_at
        ));
    }
    Ok(())
}

fn json_of(token: &TokenRecord) -> serde_json::Value {
    json!({
        "name": token.name,
        "role": token.role.as_str(),
        "scopes": token.scopes.as_ref().map(|it| it.iter().map(ToString::to_string).collect::<Vec<_>>()),
        "made_by": token.made_by.map(|it| it.to_string()),
        "created_at": token.created_at.to_string(),
        "expires_at": token.expires_at.map(|at| at.to_string()),
    })
}
