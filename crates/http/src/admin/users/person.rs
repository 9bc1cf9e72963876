//! `GET` and `POST /admin/users/{id}`: one person, for those who manage people.

use axum::extract::{Path, State};
use axum::response::Response;
use smartcms_app::people::{
    PeopleError, change_role, disable_user, enable_user, find_user, invite_again, list_sessions,
    remove_passkeys_of, rename_user, reset_second_factor, revoke_session, revoke_sessions,
    start_password_reset,
};
use smartcms_app::ports::UserRecord;
use smartcms_app::roles::{list_givable_roles, list_roles};
use smartcms_domain::actors::{RoleName, UserId};
use smartcms_pages::admin::{Mistake, UserPage};
use uuid::Uuid;

use super::{URL, is_self, row, show_link, url_of};
use crate::admin::answer::{self, Answer};
use crate::admin::failure::AdminError;
use crate::admin::form::Form;
use crate::admin::people_words::{mistakes_of, role_choices, session_row};
use crate::admin::person::Person;
use crate::admin::visit::Visit;
use crate::state::AppState;

/// Shows the person.
pub(super) async fn show(
    State(state): State<AppState>,
    visit: Visit,
    person: Person,
    Path(id): Path<String>,
) -> Answer {
    let user = user_of(&state, &person, &id).await?;
    answer::page(&state, &page(&state, &visit, &person, &user, Vec::new()).await?)
}

/// Does what the button says. Whether that may be is said by the operations.
pub(super) async fn change(
    State(state): State<AppState>,
    visit: Visit,
    person: Person,
    Path(id): Path<String>,
    form: Form,
) -> Answer {
    let user = user_of(&state, &person, &id).await?;
    let error = match act(&state, &visit, &person, &user, &form).await {
        Ok(response) => return Ok(response),
        Err(AdminError::People(error)) => error,
        Err(other) => return Err(other),
    };
    let (status, mistakes) = mistakes_of(&visit, error)?;
    answer::page_with(&state, status, &page(&state, &visit, &person, &user, mistakes).await?)
}

async fn act(
    state: &AppState,
    visit: &Visit,
    person: &Person,
    user: &UserRecord,
    form: &Form,
) -> Result<Response, AdminError> {
    let (ctx, id) = (person.context(&state.app), user.id);
    let (action, which) = form.action();
    let key = match action {
        "name" => {
            rename_user(&ctx, id, form.get("name").trim()).await?;
            "users.saved"
        }
        "role" => {
            let role = RoleName::parse(form.get("role")).map_err(|_| AdminError::NotFound)?;
            change_role(&ctx, id, role).await?;
            "users.role_changed"
        }
        "disable" => {
            disable_user(&ctx, id).await?;
            "users.disabled_now"
        }
        "enable" => {
            enable_user(&ctx, id).await?;
            "users.enabled_now"
        }
        "no-totp" => {
            reset_second_factor(&ctx, id).await?;
            "users.no_totp_now"
        }
        "no-passkeys" => {
            remove_passkeys_of(&ctx, id).await?;
            "users.no_passkeys_now"
        }
        "end" => {
            let session = Uuid::try_parse(which).map_err(|_| AdminError::NotFound)?;
            revoke_session(&ctx, id, session).await?;
            "sessions.ended"
        }
        "end-all" => {
            revoke_sessions(&ctx, id).await?;
            "sessions.ended"
        }
        "reset" => {
            let link = start_password_reset(&ctx, id).await?;
            return show_link(state, visit, user, &link, false);
        }
        "invite" => {
            let invited = invite_again(&ctx, id).await?;
            return show_link(state, visit, user, &invited.link, true);
        }
        _ => return Err(AdminError::NotFound),
    };
    Ok(visit.done(state, &url_of(id), key))
}

async fn user_of(state: &AppState, person: &Person, id: &str) -> Result<UserRecord, AdminError> {
    let id = UserId::parse(id).map_err(|_| AdminError::NotFound)?;
    // Who does not manage people has a page of their own, and may read nobody's here.
    if !person.actor.may_manage_site() {
        return Err(AdminError::Denied);
    }
    let found: Result<UserRecord, PeopleError> = find_user(&person.context(&state.app), id).await;
    Ok(found?)
}

async fn page(
    state: &AppState,
    visit: &Visit,
    person: &Person,
    user: &UserRecord,
    mistakes: Vec<Mistake>,
) -> Result<UserPage, AdminError> {
    let ctx = person.context(&state.app);
    let (roles, givable) = (list_roles(&ctx).await?, list_givable_roles(&ctx).await?);
    let holds = givable.iter().any(|it| it.role.name() == user.role.as_str());
    // Where somebody is signed in is told to those who may end it.
    let sessions = if holds { list_sessions(&ctx, user.id).await? } else { Vec::new() };
    let above = visit.say("users.title", &[]);
    Ok(UserPage {
        frame: visit.frame_below(state, user.name.as_str(), &[(&above, URL)]),
        user: row(visit, &roles, person, user),
        created_at: user.created_at.as_millis(),
        has_password: user.has_password,
        recovery_codes: user.recovery_codes,
        roles: role_choices(visit, &givable, user.role.as_str()),
        may_change: holds && !is_self(person, user.id),
        sessions: sessions.iter().map(|it| session_row(visit, it, None)).collect(),
        mistakes,
    })
}
