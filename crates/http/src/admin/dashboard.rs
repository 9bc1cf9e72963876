//! `GET /admin`: what changed last, what waits, and where to begin.

use axum::extract::State;
use smartcms_app::entries::{ContentError, ListEntries, list_entries};
use smartcms_app::ports::Listing;
use smartcms_domain::actors::Permission;
use smartcms_domain::collections::CollectionDefinition;
use smartcms_domain::entries::{Entry, Status};
use smartcms_domain::sorting::sort_by_key;
use smartcms_pages::admin::{DashboardPage, RecentEntry, Waiting};

use super::answer::{self, Answer};
use super::attention::attention;
use super::list::{entry_url, shown_locale, title_of};
use super::person::Person;
use super::visit::Visit;
use crate::state::AppState;

/// How many entries a short list has.
const SHORT: usize = 8;

/// Shows the dashboard.
pub(super) async fn show(State(state): State<AppState>, visit: Visit, person: Person) -> Answer {
    let mut recent = Recent::new(&state, &visit, &person);
    let mut new = Vec::new();
    let all = state.app.collections.all();
    let mut shown: Vec<_> = all.iter().filter(|it| it.taxonomy.is_none()).collect();
    sort_by_key(&mut shown, |it| !it.listed);
    for definition in shown {
        if person.actor.may(Permission::ReadDrafts, &definition.name) {
            recent.read(definition).await?;
        }
        if person.actor.may(Permission::Create, &definition.name) {
            new.push(Waiting {
                label: definition.label_one.clone(),
                url: format!("/admin/content/{}/new", definition.name),
            });
        }
    }
    new.truncate(4);
    let frame = visit.frame(&state, visit.say("nav.dashboard", &[]));
    let (recent, scheduled, drafts) = recent.lists();
    let attention = attention(&state, &visit, &person).await?;
    answer::page(&state, &DashboardPage { frame, recent, scheduled, drafts, attention, new })
}

/// The newest entries of collections, of three kinds.
struct Recent<'a> {
    state: &'a AppState,
    visit: &'a Visit,
    person: &'a Person,
    all: Vec<RecentEntry>,
    scheduled: Vec<RecentEntry>,
    drafts: Vec<RecentEntry>,
}

impl<'a> Recent<'a> {
    fn new(state: &'a AppState, visit: &'a Visit, person: &'a Person) -> Self {
        let (all, scheduled, drafts) = Default::default();
        Self { state, visit, person, all, scheduled, drafts }
    }

    async fn read(&mut self, definition: &CollectionDefinition) -> Result<(), ContentError> {
        let shown = |entry: Entry, at: i64, it: &Self| RecentEntry {
            title: title_of(it.visit, definition, &entry.fields),
            url: entry_url(&entry),
            label: definition.label_one.clone(),
            status: entry.status().name(),
            at,
            locale: shown_locale(&it.state.app, &entry),
        };
        for entry in self.list(definition, None).await? {
            let at = entry.updated_at.as_millis();
            self.all.push(shown(entry, at, self));
        }
        for entry in self.list(definition, Some(Status::Scheduled)).await? {
            let at = entry.schedule.publish_at.unwrap_or(entry.updated_at).as_millis();
            self.scheduled.push(shown(entry, at, self));
        }
        for entry in self.list(definition, Some(Status::Draft)).await? {
            let at = entry.updated_at.as_millis();
            self.drafts.push(shown(entry, at, self));
        }
        Ok(())
    }

    async fn list(
        &self,
        definition: &CollectionDefinition,
        status: Option<Status>,
    ) -> Result<Vec<Entry>, ContentError> {
        let limit = u32::try_from(SHORT).unwrap_or(u32::MAX);
        let name = definition.name.to_string();
        // The order of saving has an index among all entries, and none among those of a status.
        let sort = if status.is_none() { vec!["-updated_at".to_owned()] } else { Vec::new() };
        let query =
            ListEntries { sort, ..ListEntries::first(name, Listing::Newest(status), limit) };
        let ctx = self.person.context(&self.state.app);
        Ok(list_entries(&ctx, query).await?.page.entries)
    }

    fn lists(mut self) -> (Vec<RecentEntry>, Vec<RecentEntry>, Vec<RecentEntry>) {
        sort_by_key(&mut self.all, |it| std::cmp::Reverse(it.at));
        sort_by_key(&mut self.scheduled, |it| it.at);
        sort_by_key(&mut self.drafts, |it| std::cmp::Reverse(it.at));
        for list in [&mut self.all, &mut self.scheduled, &mut self.drafts] {
            list.truncate(SHORT);
        }
        (self.all, self.scheduled, self.drafts)
    }
}
