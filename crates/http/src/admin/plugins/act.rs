//! `POST /admin/plugins/{id}`: grants, on and off, back, and away.

use axum::extract::{Path, State};
use smartcms_app::plugins::{
    grant, remove_plugin, resume_plugin, revoke, roll_back_plugin, set_enabled,
};
use smartcms_pages::admin::Mistake;

use super::super::answer::Answer;
use super::super::failure::AdminError;
use super::super::form::Form;
use super::super::person::Person;
use super::super::visit::Visit;
use super::{URL, id_of, scope, show, told, url_of};
use crate::state::AppState;

/// Does what the button says.
pub(super) async fn act(
    State(state): State<AppState>,
    visit: Visit,
    person: Person,
    Path(id): Path<String>,
    form: Form,
) -> Answer {
    let plugin = id_of(&id)?;
    let here = url_of(&plugin);
    let ctx = person.context(&state.app);
    let (outcome, said) = match form.action().0 {
        action @ ("grant" | "give" | "revoke") => {
            let given = match scope::of_form(&form) {
                Ok(given) => given,
                Err(why) => {
                    let text = visit.say("plugin.bad_grant", &[("why", &why)]);
                    let mistake = Mistake { input: String::new(), label: String::new(), text };
                    return show::refused(&state, &visit, &person, &id, mistake).await;
                }
            };
            match action {
                "revoke" => (revoke(&ctx, &plugin, vec![given]).await, "plugin.revoked"),
                _ => (grant(&ctx, &plugin, vec![given]).await, "plugin.granted"),
            }
        }
        "enable" => (set_enabled(&ctx, &plugin, true).await, "plugin.enabled"),
        "disable" => (set_enabled(&ctx, &plugin, false).await, "plugin.disabled"),
        "rollback" => (roll_back_plugin(&ctx, &plugin).await, "plugin.rolled_back"),
        "resume" => {
            resume_plugin(&ctx, &plugin).await?;
            return Ok(visit.done(&state, &here, "plugin.resumed"));
        }
        "remove" => {
            remove_plugin(&ctx, &plugin).await?;
            return Ok(visit.done(&state, URL, "plugin.removed"));
        }
        _ => return Err(AdminError::NotFound),
    };
    match outcome {
        Ok(_) => Ok(visit.done(&state, &here, said)),
        Err(error) => told(&state, &visit, &here, error),
    }
}
