//! Naming the suggestions that a save took.

use smartcms_domain::Problem;
use smartcms_domain::entries::Help;
use uuid::Uuid;

use super::error::AssistError;
use crate::OpContext;
use crate::ports::SUGGESTIONS_NAMED_MAX;

/// What a saved state keeps of these suggestions. Each has to be there, to be the actor's own, and to be young enough; one
/// that is named twice counts once.
pub async fn take_suggestions(
    ctx: &OpContext<'_>,
    ids: &[String],
) -> Result<Vec<Help>, AssistError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    if ids.len() > SUGGESTIONS_NAMED_MAX {
        let message = format!("a save names at most {SUGGESTIONS_NAMED_MAX} suggestions");
        let problem = Problem::field("suggestions", "too-many", message);
        return Err(AssistError::Invalid(vec![problem]));
    }
    let mut wanted = Vec::new();
    for text in ids {
        let id = Uuid::try_parse(text);
        let id = id.map_err(|_| AssistError::UnknownSuggestion(text.clone()))?;
        if !wanted.contains(&id) {
            wanted.push(id);
        }
    }
    let (person, now) = (ctx.actor.author(), ctx.app.clock.now());
    let mut found = ctx.app.assist.store.suggestions(&wanted).await?;
    found.retain(|it| it.help.person == person && it.expires_at > now);
    let mut taken = Vec::with_capacity(wanted.len());
    for id in wanted {
        let at = found.iter().position(|it| it.id == id);
        let at = at.ok_or_else(|| AssistError::UnknownSuggestion(id.to_string()))?;
        taken.push(found.swap_remove(at).help);
    }
    Ok(taken)
}
