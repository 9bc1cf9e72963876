//! `GET` and `POST /admin/trash`: what can still come back.

use axum::extract::{Query, State};
use axum::response::Response;
use smartcms_app::entries::{ChangeEntry, ListEntries, list_entries, purge_entry, restore_entry};
use smartcms_app::ports::Listing;
use smartcms_domain::actors::Permission;
use smartcms_pages::admin::{Paging, Tab, TrashPage, TrashRow};

use super::answer::{self, Answer};
use super::bulk::{Tally, chosen};
use super::failure::AdminError;
use super::form::Form;
use super::list::{Pairs, collection_of, title_of};
use super::person::Person;
use super::visit::Visit;
use crate::cursor;
use crate::state::AppState;

/// How many entries one page shows.
const ROWS: u32 = 50;
const URL: &str = "/admin/trash";

/// Shows the trash of one collection.
pub(super) async fn show(
    State(state): State<AppState>,
    visit: Visit,
    person: Person,
    Query(pairs): Pairs,
) -> Answer {
    let value = |name: &str| {
        let found = pairs.iter().find(|(it, _)| it == name);
        found.map(|(_, value)| value.as_str()).unwrap_or_default()
    };
    let all = state.app.collections.all();
    let seen: Vec<_> =
        all.iter().filter(|it| person.actor.may(Permission::ReadDrafts, &it.name)).collect();
    let named = seen.iter().find(|it| it.name.as_str() == value("collection"));
    let definition = named.or(seen.first()).ok_or(AdminError::Denied)?;
    let after = cursor::read(Listing::Trashed, value("after"));
    let query = ListEntries {
        after: after.clone(),
        ..ListEntries::first(definition.name.to_string(), Listing::Trashed, ROWS)
    };
    let page = list_entries(&person.context(&state.app), query).await?.page;
    let address = |name: &str, after: &str| {
        format!("{URL}{}", answer::query(&[("collection", name), ("after", after)]))
    };
    let name = definition.name.as_str();
    let tabs = seen.iter().map(|it| Tab {
        label: it.label.clone(),
        url: address(it.name.as_str(), ""),
        value: it.name.to_string(),
        is_current: it.name == definition.name,
    });
    let rows = page.entries.iter().map(|it| TrashRow {
        id: it.id.to_string(),
        title: title_of(&visit, definition, &it.fields),
        slug: it.slug.to_string(),
        at: it.trashed_at.unwrap_or(it.updated_at).as_millis(),
    });
    let next = page.next.map(|it| address(name, &cursor::write(Listing::Trashed, &it)));
    let first = if after.is_some() { address(name, "") } else { String::new() };
    let page = TrashPage {
        frame: visit.frame(&state, visit.say("trash.title", &[])),
        tabs: tabs.collect(),
        collection: name.to_owned(),
        rows: rows.collect(),
        paging: Paging { first, next: next.unwrap_or_default() },
        may_delete: person.actor.may(Permission::Delete, &definition.name),
    };
    answer::page(&state, &page)
}

/// Brings back, or takes away for good.
pub(super) async fn act(
    State(state): State<AppState>,
    visit: Visit,
    person: Person,
    form: Form,
) -> Result<Response, AdminError> {
    let definition = collection_of(&state.app, &person, form.get("collection"))?;
    let collection = definition.name.to_string();
    let back = format!("{URL}{}", answer::query(&[("collection", &collection)]));
    let (action, _) = form.action();
    let mut tally = Tally::default();
    for id in chosen(&form) {
        let change = ChangeEntry { collection: collection.clone(), id, seen: None };
        let ctx = person.context(&state.app);
        tally.count(match action {
            "restore" => restore_entry(&ctx, change).await.map(|_| ()),
            "purge" => purge_entry(&ctx, change).await,
            _ => return Err(AdminError::NotFound),
        });
    }
    Ok(tally.told(&state, &visit, &back, action))
}
