//! `PATCH /api/v1/users/{id}`: another role, another name, and whether somebody may sign in.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use smartcms_app::App;
use smartcms_app::people::{change_role, disable_user, enable_user, find_user, rename_user};
use smartcms_domain::Problem;
use smartcms_domain::actors::RoleName;

use super::body::UserBody;
use super::id_of;
use super::read::answer;
use crate::body::read_object;
use crate::caller::Caller;
use crate::problem::HttpProblem;
use crate::query::Parameters;
use crate::segments::Segments;

/// `{"role"?, "name"?, "enabled"?}`: what is named changes, the rest stays. With another role, and when they are disabled,
/// the sessions of the person end.
pub(super) async fn update(
    State(app): State<App>,
    uri: Uri,
    Segments(id): Segments<String>,
    headers: HeaderMap,
    caller: Caller,
    body: Body,
) -> Result<Response, HttpProblem> {
    caller.require_credentials()?;
    Parameters::refuse_all(&uri)?;
    let mut members = read_object(&headers, body).await?;
    let (role, name) = (members.text("role"), members.text("name"));
    let enabled = members.flag("enabled");
    members.finish()?;
    let role = role.map(|it| RoleName::parse(&it)).transpose().map_err(|error| {
        let problem = Problem::field("role", "malformed", error.to_string());
        HttpProblem::bad_request("request.body", error.to_string()).with_problems(vec![problem])
    })?;
    let (ctx, id) = (caller.context(&app), id_of(&id)?);
    if let Some(name) = name {
        rename_user(&ctx, id, &name).await?;
    }
    if let Some(role) = role {
        change_role(&ctx, id, role).await?;
    }
    match enabled {
        Some(true) => drop(enable_user(&ctx, id).await?),
        Some(false) => drop(disable_user(&ctx, id).await?),
        None => {}
    }
    Ok(answer(&UserBody::from(&find_user(&ctx, id).await?)))
}
