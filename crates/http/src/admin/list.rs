//! `GET /admin/content/{collection}`: entries, searched or listed. Every order and filter here has an index, so that a list
//! is as fast over a hundred thousand entries as over ten.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use smartcms_app::App;
use smartcms_app::entries::{ContentError, ListEntries, View, list_entries, list_locale};
use smartcms_app::ports::{Listing, SearchMode};
use smartcms_app::search::{SearchContent, search_content};
use smartcms_domain::Timestamp;
use smartcms_domain::actors::Permission;
use smartcms_domain::collections::CollectionDefinition;
use smartcms_domain::entries::{Entry, Fields, Status};
use smartcms_pages::admin::{Column, EntryListPage, EntryRow, ListView, Paging, Tab};

use super::answer::{self, Answer};
use super::failure::AdminError;
use super::names::Names;
use super::person::Person;
use super::structure::views_of;
use super::visit::Visit;
use crate::cursor::Order;
use crate::state::AppState;

/// How many entries one page shows.
const ROWS: u32 = 50;
/// What a list can be ordered by.
const SLUG: &str = "slug";
const WRITTEN: &str = "updated_at";

/// What an address asks for.
#[derive(Debug, Clone, Default)]
pub(super) struct Asked {
    view: ListView,
    query: String,
    after: String,
}

/// The pairs of an address.
pub(super) type Pairs = Query<Vec<(String, String)>>;

/// Shows a list.
pub(super) async fn show(
    State(state): State<AppState>,
    visit: Visit,
    person: Person,
    Path(collection): Path<String>,
    Query(pairs): Pairs,
) -> Answer {
    let definition = collection_of(&state.app, &person, &collection)?;
    let asked = Asked::of(&state.app, &pairs);
    let found = match read(&state, &person, &definition, &asked).await {
        Ok(found) => found,
        // Words that cannot be searched for are told on the page.
        Err(ContentError::BadQuery(problems)) => {
            Found { problem: problems.into_iter().next().map(|it| it.message), ..Found::default() }
        }
        Err(error) => return Err(error.into()),
    };
    let page = page(&state, &visit, &person, &definition, asked, found).await?;
    answer::page(&state, &page)
}

/// The collection of an address, for those who may see more of it than readers do.
pub(super) fn collection_of(
    app: &App,
    person: &Person,
    name: &str,
) -> Result<Arc<CollectionDefinition>, AdminError> {
    let found = app.collections.find(name).ok_or(AdminError::NotFound)?;
    let may = person.actor.may_some(Permission::ReadDrafts, &found.name);
    if may { Ok(found) } else { Err(AdminError::Denied) }
}

/// What people call an entry.
pub(super) fn title_of(
    visit: &Visit,
    definition: &CollectionDefinition,
    fields: &Fields,
) -> String {
    let title = fields.text(definition.title.as_str()).map(str::trim).unwrap_or_default();
    if title.is_empty() { visit.say("list.untitled", &[]) } else { title.to_owned() }
}

/// Where an entry is edited.
pub(super) fn entry_url(entry: &Entry) -> String {
    format!("/admin/content/{}/{}", entry.collection, entry.id)
}

/// The language of an entry, where the site has more than one.
pub(super) fn shown_locale(app: &App, entry: &Entry) -> String {
    let several = app.site.locales.iter().nth(1).is_some();
    if several { entry.locale.to_string() } else { String::new() }
}

/// Entries, and where they go on.
#[derive(Default)]
struct Found {
    entries: Vec<Entry>,
    next: String,
    problem: Option<String>,
}

impl Asked {
    fn of(app: &App, pairs: &[(String, String)]) -> Self {
        let value = |name: &str| {
            let found = pairs.iter().find(|(it, _)| it == name);
            found.map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
        };
        let known = |text: String, known: &[&str]| {
            if known.contains(&text.as_str()) { text } else { String::new() }
        };
        let mut asked = Self {
            view: ListView {
                status: known(value("status"), &Status::ALL.map(Status::name)),
                locale: value("locale"),
                sort: known(value("sort"), &["slug", "-slug", "updated_at", "-updated_at"]),
            },
            query: value("q"),
            after: value("after"),
        };
        if !asked.has_order(app, asked.view.sort.trim_start_matches('-')) {
            asked.view.sort.clear();
        }
        asked
    }

    /// The language that is asked for: the only one where the site has one.
    fn locale(&self, app: &App) -> String {
        let mut locales = app.site.locales.iter();
        match (locales.next(), locales.next()) {
            (Some(only), None) => only.to_string(),
            _ if self.view.locale.is_empty() => "*".to_owned(),
            _ => self.view.locale.clone(),
        }
    }

    /// Whether an index has the order: the one by slug is one of a language, and none knows a status.
    fn has_order(&self, app: &App, sort: &str) -> bool {
        let whole = self.view.status.is_empty() && self.query.is_empty();
        whole && (sort != SLUG || self.locale(app) != "*")
    }

    fn listing(&self) -> Listing {
        let status = Status::ALL.into_iter().find(|it| it.name() == self.view.status);
        Listing::Newest(status)
    }

    fn sort(&self) -> Vec<String> {
        let sort = &self.view.sort;
        if sort.is_empty() { Vec::new() } else { vec![sort.clone()] }
    }

    /// The address of this view with one thing changed.
    fn url(&self, list: &str, change: (&str, &str)) -> String {
        let value = |name: &str, own: &str| {
            if change.0 == name { change.1.to_owned() } else { own.to_owned() }
        };
        let ListView { status, locale, sort } = &self.view;
        let (status, locale) = (value("status", status), value("locale", locale));
        let (sort, query) = (value("sort", sort), value("q", &self.query));
        let after = value("after", "");
        let pairs = [
            ("status", status.as_str()),
            ("locale", locale.as_str()),
            ("sort", sort.as_str()),
            ("q", query.as_str()),
            ("after", after.as_str()),
        ];
        format!("{list}{}", answer::query(&pairs))
    }
}

async fn read(
    state: &AppState,
    person: &Person,
    definition: &CollectionDefinition,
    asked: &Asked,
) -> Result<Found, ContentError> {
    let ctx = person.context(&state.app);
    let locale = list_locale(&ctx, Some(&asked.locale(&state.app)))?;
    let name = definition.name.to_string();
    if !asked.query.is_empty() {
        let query = SearchContent {
            text: asked.query.clone(),
            mode: SearchMode::Text,
            collections: vec![name],
            locale,
            view: View::Newest,
            limit: ROWS,
            after: asked.after.parse().unwrap_or(0),
        };
        let found = search_content(&ctx, query).await?;
        let entries = found.hits.into_iter().map(|it| it.entry);
        // Few have the words: those of another status are left out of what was found.
        let wanted =
            |it: &Entry| asked.view.status.is_empty() || it.status().name() == asked.view.status;
        let next = found.next.map(|it| it.to_string()).unwrap_or_default();
        return Ok(Found { entries: entries.filter(wanted).collect(), next, problem: None });
    }
    let order = Order::new(asked.listing(), &asked.sort());
    let query = ListEntries {
        locale,
        sort: asked.sort(),
        after: order.read(&asked.after),
        ..ListEntries::first(name, asked.listing(), ROWS)
    };
    let page = list_entries(&ctx, query).await?.page;
    let next = page.next.map(|it| order.write(&it)).unwrap_or_default();
    Ok(Found { entries: page.entries, next, problem: None })
}

async fn page(
    state: &AppState,
    visit: &Visit,
    person: &Person,
    definition: &CollectionDefinition,
    asked: Asked,
    found: Found,
) -> Result<EntryListPage, AdminError> {
    let url = format!("/admin/content/{}", definition.name);
    let may = |permission| person.actor.may(permission, &definition.name);
    let authors = found.entries.iter().map(|it| it.created_by.as_str());
    let names = Names::of(state, visit, authors).await;
    let rows = found.entries.iter().map(|it| row(state, visit, definition, &names, it)).collect();
    let paging = Paging {
        first: if asked.after.is_empty() { String::new() } else { asked.url(&url, ("after", "")) },
        next: if found.next.is_empty() {
            String::new()
        } else {
            asked.url(&url, ("after", &found.next))
        },
    };
    let list = format!("content/{}", definition.name);
    let views = views_of(state, person, &list, &asked.url(&url, ("after", ""))).await?;
    Ok(EntryListPage {
        frame: visit.frame(state, definition.label.clone()),
        here: asked.url(&url, ("after", &asked.after)),
        views,
        new_url: if may(Permission::Create) { format!("{url}/new") } else { String::new() },
        label_one: definition.label_one.clone(),
        tabs: tabs(visit, &url, &asked),
        locales: locales(&state.app, visit, &url, &asked),
        columns: columns(&state.app, &url, &asked),
        rows,
        paging,
        may_publish: may(Permission::Publish),
        may_delete: may(Permission::Delete),
        problem: found.problem,
        is_part: visit.by_script,
        query: asked.query,
        view: asked.view,
        url,
    })
}

fn row(
    state: &AppState,
    visit: &Visit,
    definition: &CollectionDefinition,
    names: &Names,
    entry: &Entry,
) -> EntryRow {
    let live = entry.live.as_ref();
    let live_url =
        live.and_then(|it| definition.path(&state.app.site.locales, &entry.locale, &it.slug));
    EntryRow {
        id: entry.id.to_string(),
        title: title_of(visit, definition, &entry.fields),
        slug: entry.slug.to_string(),
        url: entry_url(entry),
        live_url: live_url.unwrap_or_default(),
        status: entry.status().name(),
        has_newer_draft: entry.has_newer_draft(),
        locale: shown_locale(&state.app, entry),
        author: names.get(&entry.created_by),
        updated_at: entry.updated_at.as_millis(),
        publish_at: entry.schedule.publish_at.map_or(0, Timestamp::as_millis),
    }
}

/// The views of a list: every status, each an address that can be kept.
fn tabs(visit: &Visit, url: &str, asked: &Asked) -> Vec<Tab> {
    let tab = |value: &str, key: &str| Tab {
        label: visit.say(key, &[]),
        url: asked.url(url, ("status", value)),
        value: value.to_owned(),
        is_current: asked.view.status == value,
    };
    let statuses = Status::ALL.map(|it| tab(it.name(), &format!("status.{}", it.name())));
    std::iter::once(tab("", "status.all")).chain(statuses).collect()
}

fn locales(app: &App, visit: &Visit, url: &str, asked: &Asked) -> Vec<Tab> {
    if app.site.locales.iter().nth(1).is_none() {
        return Vec::new();
    }
    let tab = |value: &str, label: String| Tab {
        label,
        url: asked.url(url, ("locale", value)),
        value: value.to_owned(),
        is_current: asked.view.locale == value,
    };
    let all = tab("", visit.say("list.locale_all", &[]));
    let each = app.site.locales.iter();
    let each = each.map(|it| tab(it.as_str(), smartcms_pages::language_name(it.as_str())));
    std::iter::once(all).chain(each).collect()
}

fn columns(app: &App, url: &str, asked: &Asked) -> Vec<Column> {
    let column = |text, sort: &str| {
        let current = asked.view.sort.as_str();
        let (up, down) = (sort.to_owned(), format!("-{sort}"));
        // Of times the last come first.
        let (first, second) = if sort == WRITTEN { (down, up) } else { (up, down) };
        let next = match current {
            _ if current == first => second,
            _ if current == second => String::new(),
            _ => first,
        };
        let sorted = match current.strip_prefix('-') {
            _ if sort.is_empty() => "",
            None if current == sort => "ascending",
            Some(rest) if rest == sort => "descending",
            _ => "",
        };
        let fixed = sort.is_empty() || !asked.has_order(app, sort);
        let url = if fixed { String::new() } else { asked.url(url, ("sort", &next)) };
        Column { text, url, sorted }
    };
    vec![
        column("column.title", SLUG),
        column("column.status", ""),
        column("column.author", ""),
        column("column.updated", WRITTEN),
    ]
}
