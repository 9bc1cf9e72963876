//! `GET /admin/go`: where one can go from anywhere: pages, collections, new entries, views that were kept, and entries with
//! some words. A script asks for the same as JSON.

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use smartcms_app::entries::View;
use smartcms_app::ports::SearchMode;
use smartcms_app::search::{SearchContent, search_content};
use smartcms_app::views::all_views;
use smartcms_domain::actors::Permission;
use smartcms_pages::admin::{GoGroup, GoItem, GoPage, NavLink};

use super::super::answer::{self, Answer};
use super::super::failure::AdminError;
use super::super::list::{Pairs, entry_url, title_of};
use super::super::person::Person;
use super::super::visit::Visit;
use crate::reply::{self, JSON};
use crate::state::AppState;

/// How many entries are found.
const ENTRIES: u32 = 8;

/// Shows where one can go.
pub(in super::super) async fn show(
    State(state): State<AppState>,
    visit: Visit,
    person: Person,
    Query(pairs): Pairs,
) -> Answer {
    let words = pairs.iter().find(|(it, _)| it == "q").map(|(_, it)| it.trim().to_owned());
    let words = words.unwrap_or_default();
    let groups = groups(&state, &visit, &person, &words).await?;
    if visit.wants_json {
        let body = serde_json::json!({ "groups": groups });
        return Ok(reply::json(StatusCode::OK, JSON, &body).into_response());
    }
    let frame = visit.frame(&state, visit.say("go.title", &[]));
    answer::page(&state, &GoPage { frame, query: words, groups })
}

async fn groups(
    state: &AppState,
    visit: &Visit,
    person: &Person,
    words: &str,
) -> Result<Vec<GoGroup>, AdminError> {
    let fits = |it: &GoItem| {
        let text = it.label.to_lowercase();
        words.to_lowercase().split_whitespace().all(|word| text.contains(word))
    };
    let group = |key: &str, items: Vec<GoItem>| GoGroup {
        label: visit.say(key, &[]),
        items: items.into_iter().filter(fits).collect(),
    };
    let mut groups = vec![
        group("go.pages", pages(state, visit)),
        group("go.new", new_entries(state, visit, person)),
        group("go.views", views(state, person).await?),
    ];
    let label = visit.say("go.entries", &[]);
    groups.push(GoGroup { label, items: entries(state, visit, person, words).await });
    groups.retain(|it| !it.items.is_empty());
    Ok(groups)
}

/// The pages of the navigation, which has what the person may see.
fn pages(state: &AppState, visit: &Visit) -> Vec<GoItem> {
    let nav = visit.frame(state, String::new()).nav;
    let item = |it: NavLink| GoItem {
        label: if it.text.is_empty() { it.label } else { visit.say(it.text, &[]) },
        note: String::new(),
        url: it.url,
        icon: it.icon,
    };
    nav.groups.into_iter().flat_map(|it| it.links).map(item).collect()
}

fn new_entries(state: &AppState, visit: &Visit, person: &Person) -> Vec<GoItem> {
    let all = state.app.collections.all();
    let may = all.iter().filter(|it| person.actor.may(Permission::Create, &it.name));
    let item = may.map(|it| GoItem {
        label: visit.say("list.new", &[("label", &it.label_one)]),
        note: it.label.clone(),
        url: format!("/admin/content/{}/new", it.name),
        icon: "plus",
    });
    item.collect()
}

async fn views(state: &AppState, person: &Person) -> Result<Vec<GoItem>, AdminError> {
    let kept = all_views(&person.context(&state.app)).await?;
    let item = |it: smartcms_app::ports::SavedView| {
        let collection = it.list.strip_prefix("content/")?;
        let definition = state.app.collections.find(collection)?;
        let may = person.actor.may_some(Permission::ReadDrafts, &definition.name);
        may.then(|| GoItem {
            note: definition.label.clone(),
            url: format!("/admin/{}?{}", it.list, it.query),
            label: it.name,
            icon: "eye",
        })
    };
    Ok(kept.into_iter().filter_map(item).collect())
}

/// Entries with these words; none for words that cannot be searched for.
async fn entries(state: &AppState, visit: &Visit, person: &Person, words: &str) -> Vec<GoItem> {
    if words.is_empty() {
        return Vec::new();
    }
    let query = SearchContent {
        text: words.to_owned(),
        mode: SearchMode::Text,
        collections: Vec::new(),
        locale: None,
        view: View::Newest,
        limit: ENTRIES,
        after: 0,
    };
    let found = search_content(&person.context(&state.app), query).await;
    let hits = found.map(|it| it.hits).unwrap_or_default();
    let item = |hit: &smartcms_app::search::FoundEntry| {
        let definition = state.app.collections.get(&hit.entry.collection)?;
        Some(GoItem {
            label: title_of(visit, &definition, &hit.entry.fields),
            note: definition.label_one.clone(),
            url: entry_url(&hit.entry),
            icon: "file",
        })
    };
    hits.iter().filter_map(item).collect()
}
