//! `/admin/terms`: the terms of taxonomies, with how many entries use them. A new one needs no more than its name.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::StatusCode;
use smartcms_app::Fault;
use smartcms_app::entries::{
    ChangeEntry, ContentError, CreateEntry, ListEntries, USES_COUNTED_MAX, View, count_uses,
    create_entry, entries_by_id, list_entries, list_locale, publish_entry,
};
use smartcms_app::ports::{Listing, SearchMode};
use smartcms_app::search::{SearchContent, search_content};
use smartcms_domain::actors::Permission;
use smartcms_domain::collections::{CollectionDefinition, Taxonomy};
use smartcms_domain::entries::{Entry, EntryId, Fields};
use smartcms_pages::admin::{FlashKind, Mistake, Paging, Tab, TermListPage, TermRow};

use super::super::answer::{self, Answer, query};
use super::super::failure::AdminError;
use super::super::form::Form;
use super::super::list::{Pairs, collection_of, entry_url, title_of};
use super::super::person::Person;
use super::super::visit::Visit;
use super::mistakes::{status, whole};
use crate::cursor::Order;
use crate::state::AppState;

const URL: &str = "/admin/terms";
/// How many terms one page shows.
const ROWS: u32 = 50;

/// Shows the terms of one taxonomy.
pub(in super::super) async fn list(
    State(state): State<AppState>,
    visit: Visit,
    person: Person,
    Query(pairs): Pairs,
) -> Answer {
    let desk = Desk { state: &state, visit: &visit, person: &person };
    let page = desk.page(&pairs, String::new(), Vec::new()).await?;
    answer::page(&state, &page)
}

/// Makes a term, and publishes it where there are drafts.
pub(in super::super) async fn create(
    State(state): State<AppState>,
    visit: Visit,
    person: Person,
    form: Form,
) -> Answer {
    let desk = Desk { state: &state, visit: &visit, person: &person };
    let definition = collection_of(&state.app, &person, form.get("collection"))?;
    let pairs: Vec<(String, String)> =
        ["collection", "locale"].map(|it| (it.to_owned(), form.get(it).to_owned())).to_vec();
    let name = form.get("name").trim().to_owned();
    let to = format!(
        "{URL}{}",
        query(&[("collection", definition.name.as_str()), ("locale", form.get("locale"))])
    );
    match desk.store(&definition, &name, form.get("locale")).await {
        Ok(entry) if entry.live.is_some() => Ok(visit.done(&state, &to, "terms.created")),
        Ok(_) => {
            let text = visit.say("terms.created_draft", &[]);
            Ok(visit.news(&state, &to, FlashKind::Warning, text))
        }
        Err(error) if status(&error) == StatusCode::FORBIDDEN => Err(error.into()),
        Err(error) => {
            let problem = error.problems().first().map(|it| it.message.clone());
            let mistake = match problem {
                Some(text) => {
                    let label = visit.say("terms.name", &[]);
                    Mistake { input: "name".to_owned(), label, text }
                }
                None => whole(&error),
            };
            let page = desk.page(&pairs, name, vec![mistake]).await?;
            answer::page_with(&state, status(&error), &page)
        }
    }
}

/// Somebody at terms.
struct Desk<'a> {
    state: &'a AppState,
    visit: &'a Visit,
    person: &'a Person,
}

/// Terms, and where they go on.
#[derive(Default)]
struct Found {
    terms: Vec<Entry>,
    next: String,
}

impl Desk<'_> {
    async fn store(
        &self,
        definition: &CollectionDefinition,
        name: &str,
        locale: &str,
    ) -> Result<Entry, ContentError> {
        let ctx = self.person.context(&self.state.app);
        let mut fields = Fields::default();
        fields.set(definition.title.as_str(), name.into());
        let command = CreateEntry {
            collection: definition.name.to_string(),
            locale: Some(locale.to_owned()).filter(|it| !it.is_empty()),
            translation_of: None,
            slug: None,
            fields,
            message: None,
        };
        let entry = create_entry(&ctx, command).await?;
        if entry.live.is_some() || !self.person.actor.may(Permission::Publish, &definition.name) {
            return Ok(entry);
        }
        let change = ChangeEntry {
            collection: definition.name.to_string(),
            id: entry.id,
            seen: Some(entry.revision),
        };
        publish_entry(&ctx, change).await
    }

    /// The taxonomies that the person may see.
    fn taxonomies(&self) -> Vec<Arc<CollectionDefinition>> {
        let all = self.state.app.collections.all();
        let seen = all.iter().filter(|it| {
            it.taxonomy.is_some() && self.person.actor.may_some(Permission::ReadDrafts, &it.name)
        });
        seen.cloned().collect()
    }

    async fn page(
        &self,
        pairs: &[(String, String)],
        name: String,
        mistakes: Vec<Mistake>,
    ) -> Result<TermListPage, AdminError> {
        let value = |name: &str| {
            let found = pairs.iter().find(|(it, _)| it == name);
            found.map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
        };
        let taxonomies = self.taxonomies();
        let wanted = value("collection");
        let named = taxonomies.iter().find(|it| it.name.as_str() == wanted);
        let Some(definition) = named.or(taxonomies.first()).cloned() else {
            return Ok(self.nothing());
        };
        let (words, after) = (value("q"), value("after"));
        let locale = self.locale(&value("locale"));
        let found = self.find(&definition, &words, &locale, &after).await?;
        let rows = self.rows(&definition, &found.terms).await?;
        let address = |collection: &str, locale: &str, after: &str| {
            let pairs = [
                ("collection", collection),
                ("locale", locale),
                ("q", words.as_str()),
                ("after", after),
            ];
            format!("{URL}{}", query(&pairs))
        };
        let own = definition.name.as_str();
        let tabs = taxonomies.iter().map(|it| Tab {
            label: it.label.clone(),
            url: format!("{URL}{}", query(&[("collection", it.name.as_str())])),
            value: it.name.to_string(),
            is_current: it.name == definition.name,
        });
        Ok(TermListPage {
            frame: self.visit.frame(self.state, self.visit.say("terms.title", &[])),
            tabs: tabs.collect(),
            collection: own.to_owned(),
            label_one: definition.label_one.clone(),
            is_tree: definition.taxonomy == Some(Taxonomy::Tree),
            new_url: format!("/admin/content/{own}/new"),
            may_create: self.person.actor.may(Permission::Create, &definition.name),
            query: words.clone(),
            locales: self.locales(&locale, |it| address(own, it, "")),
            locale: locale.clone(),
            name,
            rows,
            paging: Paging {
                first: if after.is_empty() { String::new() } else { address(own, &locale, "") },
                next: match found.next.as_str() {
                    "" => String::new(),
                    next => address(own, &locale, next),
                },
            },
            mistakes,
            is_part: self.visit.by_script,
        })
    }

    fn nothing(&self) -> TermListPage {
        TermListPage {
            frame: self.visit.frame(self.state, self.visit.say("terms.title", &[])),
            tabs: Vec::new(),
            collection: String::new(),
            label_one: String::new(),
            is_tree: false,
            new_url: String::new(),
            may_create: false,
            query: String::new(),
            locales: Vec::new(),
            locale: String::new(),
            name: String::new(),
            rows: Vec::new(),
            paging: Paging::default(),
            mistakes: Vec::new(),
            is_part: false,
        }
    }

    /// The language that is asked for; empty for the site's own, which needs no saying.
    fn locale(&self, asked: &str) -> String {
        let locales = &self.state.app.site.locales;
        let known = locales.iter().any(|it| it.as_str() == asked);
        if known && asked != locales.default().as_str() { asked.to_owned() } else { String::new() }
    }

    fn locales(&self, chosen: &str, url: impl Fn(&str) -> String) -> Vec<Tab> {
        let locales = &self.state.app.site.locales;
        if locales.iter().nth(1).is_none() {
            return Vec::new();
        }
        let tab = locales.iter().map(|it| {
            let value = self.locale(it.as_str());
            Tab {
                label: smartcms_pages::language_name(it.as_str()),
                url: url(&value),
                is_current: value == chosen,
                value,
            }
        });
        tab.collect()
    }

    async fn find(
        &self,
        definition: &CollectionDefinition,
        words: &str,
        locale: &str,
        after: &str,
    ) -> Result<Found, ContentError> {
        let ctx = self.person.context(&self.state.app);
        let own = self.state.app.site.locales.default().to_string();
        let locale = if locale.is_empty() { own } else { locale.to_owned() };
        let locale = list_locale(&ctx, Some(&locale))?;
        let name = definition.name.to_string();
        if !words.is_empty() {
            let query = SearchContent {
                text: words.to_owned(),
                mode: SearchMode::Text,
                collections: vec![name],
                locale,
                view: View::Newest,
                limit: ROWS,
                after: after.parse().unwrap_or(0),
            };
            let found = match search_content(&ctx, query).await {
                Err(ContentError::BadQuery(_)) => return Ok(Found::default()),
                found => found?,
            };
            let next = found.next.map(|it| it.to_string()).unwrap_or_default();
            let terms = found.hits.into_iter().map(|it| it.entry).collect();
            return Ok(Found { terms, next });
        }
        let (listing, sort) = (Listing::Newest(None), vec!["slug".to_owned()]);
        let order = Order::new(listing, &sort);
        let query = ListEntries {
            locale,
            sort,
            after: order.read(after),
            ..ListEntries::first(name, listing, ROWS)
        };
        let page = list_entries(&ctx, query).await?.page;
        let next = page.next.map(|it| order.write(&it)).unwrap_or_default();
        Ok(Found { terms: page.entries, next })
    }

    async fn rows(
        &self,
        definition: &CollectionDefinition,
        terms: &[Entry],
    ) -> Result<Vec<TermRow>, ContentError> {
        let ctx = self.person.context(&self.state.app);
        let ids: Vec<EntryId> = terms.iter().map(|it| it.id).collect();
        let uses = count_uses(&ctx, definition.name.as_str(), &ids).await?;
        let parent = |it: &Entry| EntryId::parse(it.fields.text("parent")?).ok();
        let parents: Vec<EntryId> = match definition.taxonomy {
            Some(Taxonomy::Tree) => terms.iter().filter_map(parent).collect(),
            _ => Vec::new(),
        };
        let parents = entries_by_id(&ctx, &parents).await?;
        let title = |it: &Entry| title_of(self.visit, definition, &it.fields);
        let parents: BTreeMap<EntryId, String> =
            parents.iter().map(|it| (it.id, title(it))).collect();
        let row = |it: &Entry| TermRow {
            title: title(it),
            slug: it.slug.to_string(),
            url: entry_url(it),
            status: it.status().name(),
            parent: parent(it).and_then(|it| parents.get(&it).cloned()).unwrap_or_default(),
            uses: uses.get(&it.id).copied().unwrap_or_default(),
            has_many_uses: uses.get(&it.id) == Some(&u64::from(USES_COUNTED_MAX)),
        };
        Ok(terms.iter().map(row).collect())
    }
}
