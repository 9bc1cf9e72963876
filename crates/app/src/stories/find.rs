//! Finding a story by its title.

use smartcms_domain::actors::Actor;
use smartcms_domain::entries::Entry;

use super::STORIES;
use crate::entries::{AskedCondition, ContentError, ListEntries, list_entries};
use crate::ports::Listing;
use crate::{App, OpContext};

/// The story with this title; a title that none can have finds none.
pub(super) async fn find(app: &App, title: &str) -> Result<Option<Entry>, ContentError> {
    if title.trim().is_empty() || title.chars().count() > super::TITLE_CHARS_MAX {
        return Ok(None);
    }
    let ctx = OpContext::new(app, &Actor::Operator);
    let mut asked = ListEntries::first(STORIES, Listing::Newest(None), 1);
    asked.conditions = vec![AskedCondition {
        path: "title".to_owned(),
        operator: "eq".to_owned(),
        value: title.to_owned(),
    }];
    Ok(list_entries(&ctx, asked).await?.page.entries.into_iter().next())
}

/// Whether the title is one of another story.
pub(super) fn is_taken(error: &ContentError) -> bool {
    match error {
        ContentError::Invalid(problems) => problems.iter().any(|it| it.code == "taken"),
        _ => false,
    }
}
