//! `smartcms user`.

use serde_json::json;
use smartcms_app::people::{
    CreateUser, change_role, create_user, disable_user, enable_user, find_user_by_email,
    list_users, reset_second_factor, start_password_reset,
};
use smartcms_app::ports::{USERS_READ_MAX, UserRecord};
use smartcms_app::{App, OpContext};
use smartcms_domain::actors::{Actor, RoleName, RoleNameError, UserId};

use super::say;
use crate::args::{Folders, UserCommand};
use crate::compose::open_for_operator;
use crate::failure::{Failure, exit, fault};
use crate::printable::printable;

pub(super) async fn user(folders: &Folders, command: UserCommand) -> anyhow::Result<()> {
    let app = open_for_operator(folders)?.app;
    let ctx = OpContext::new(&app, &Actor::Operator);
    match command {
        UserCommand::List { json } => list(&app, json).await,
        UserCommand::Create { email, name, role } => {
            let command = CreateUser { email, name, role: role_of(&role)? };
            say(create_user(&ctx, command).await.map_err(fault)?.link.reveal());
            Ok(())
        }
        UserCommand::Disable { email } => {
            disable_user(&ctx, find(&ctx, &email).await?).await.map(drop).map_err(fault)
        }
        UserCommand::Enable { email } => {
            enable_user(&ctx, find(&ctx, &email).await?).await.map(drop).map_err(fault)
        }
        UserCommand::Role { email, role } => {
            let (id, role) = (find(&ctx, &email).await?, role_of(&role)?);
            change_role(&ctx, id, role).await.map(drop).map_err(fault)
        }
        UserCommand::ResetPassword { email, and_second_factor } => {
            let id = find(&ctx, &email).await?;
            // First: it takes the links away that were made before it.
            if and_second_factor {
                reset_second_factor(&ctx, id).await.map_err(fault)?;
            }
            say(start_password_reset(&ctx, id).await.map_err(fault)?.reveal());
            Ok(())
        }
    }
}

async fn find(ctx: &OpContext<'_>, email: &str) -> anyhow::Result<UserId> {
    Ok(find_user_by_email(ctx, email).await.map_err(fault)?.id)
}

fn role_of(text: &str) -> anyhow::Result<RoleName> {
    text.parse().map_err(|error: RoleNameError| {
        let hint = "for somebody who writes and publishes: --role author";
        Failure::hinted(error.to_string(), hint, exit::INVALID)
    })
}

async fn list(app: &App, as_json: bool) -> anyhow::Result<()> {
    let users = all(app).await?;
    if as_json {
        let items: Vec<_> = users.iter().map(json_of).collect();
        say(serde_json::to_string_pretty(&items)?);
        return Ok(());
    }
    for user in users {
        let seen = user.signed_in_at.map_or_else(|| "never".to_owned(), |at| at.to_string());
        say(printable(&format!(
            "{:<32} {:<24} {:<14} {:<9} signed in {seen}",
            user.email.as_str(),
            user.name.as_str(),
            user.role.as_str(),
            user.state.name(),
        )));
    }
    Ok(())
}

async fn all(app: &App) -> anyhow::Result<Vec<UserRecord>> {
    let ctx = OpContext::new(app, &Actor::Operator);
    let mut users: Vec<UserRecord> = Vec::new();
    loop {
        let after = users.last().map(|it| it.email.clone());
        let more = list_users(&ctx, after.as_ref(), USERS_READ_MAX).await.map_err(fault)?;
        if more.is_empty() {
            return Ok(users);
        }
        users.extend(more);
    }
}

fn json_of(user: &UserRecord) -> serde_json::Value {
    json!({
        "id": user.id.to_string(),
        "email": user.email.as_str(),
        "name": user.name.as_str(),
        "role": user.role.as_str(),
        "state": user.state.name(),
        "created_at": user.created_at.to_string(),
        "signed_in_at": user.signed_in_at.map(|at| at.to_string()),
        "has_password": user.has_password,
        "has_totp": user.has_totp,
        "passkeys": user.passkeys,
    })
}
