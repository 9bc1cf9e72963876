//! `GET /admin/search`: everything that has some words.

use axum::extract::{Query, State};
use smartcms_app::entries::{ContentError, View};
use smartcms_app::ports::SearchMode;
use smartcms_app::search::{Found, SearchContent, search_content};
use smartcms_pages::admin::{RecentEntry, SearchResultsPage};

use super::answer::{self, Answer};
use super::list::{Pairs, entry_url, shown_locale, title_of};
use super::person::Person;
use super::visit::Visit;
use crate::state::AppState;

/// How many hits are shown.
const HITS: u32 = 50;

/// Searches all collections that the person may see.
pub(super) async fn show(
    State(state): State<AppState>,
    visit: Visit,
    person: Person,
    Query(pairs): Pairs,
) -> Answer {
    let text = pairs.iter().find(|(it, _)| it == "q").map(|(_, it)| it.trim().to_owned());
    let text = text.unwrap_or_default();
    let query = SearchContent {
        text: text.clone(),
        mode: SearchMode::Text,
        collections: Vec::new(),
        locale: None,
        view: View::Newest,
        limit: HITS,
        after: 0,
    };
    let ctx = person.context(&state.app);
    let (found, problem) = match text.is_empty() {
        true => (Found::default(), None),
        false => match search_content(&ctx, query).await {
            Ok(found) => (found, None),
            Err(ContentError::BadQuery(problems)) => {
                (Found::default(), problems.into_iter().next().map(|it| it.message))
            }
            Err(error) => return Err(error.into()),
        },
    };
    let hits = found.hits.into_iter().filter_map(|hit| {
        let definition = state.app.collections.get(&hit.entry.collection)?;
        Some(RecentEntry {
            title: title_of(&visit, &definition, &hit.entry.fields),
            url: entry_url(&hit.entry),
            label: definition.label_one.clone(),
            status: hit.entry.status().name(),
            at: hit.entry.updated_at.as_millis(),
            locale: shown_locale(&state.app, &hit.entry),
        })
    });
    let hits = hits.collect();
    let frame = visit.frame(&state, visit.say("find.title", &[]));
    answer::page(&state, &SearchResultsPage { frame, query: text, hits, problem })
}
