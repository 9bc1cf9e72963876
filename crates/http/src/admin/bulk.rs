//! `POST /admin/content/{collection}`: one thing done with several entries.

use axum::extract::{Path, State};
use axum::response::Response;
use smartcms_app::entries::{
    BATCH_LEN_MAX, ChangeEntry, ContentError, publish_entry, trash_entry, unpublish_entry,
};
use smartcms_domain::entries::EntryId;
use smartcms_pages::admin::FlashKind;

use super::failure::AdminError;
use super::form::Form;
use super::list::collection_of;
use super::person::Person;
use super::visit::Visit;
use crate::state::AppState;

/// Does what the button says with each entry that is chosen. Each is done by itself: one that is refused leaves the
/// others done, and the page says how many were.
pub(super) async fn act(
    State(state): State<AppState>,
    visit: Visit,
    person: Person,
    Path(collection): Path<String>,
    form: Form,
) -> Result<Response, AdminError> {
    let definition = collection_of(&state.app, &person, &collection)?;
    let back = back_to(&form, &format!("/admin/content/{}", definition.name));
    let (action, _) = form.action();
    let mut tally = Tally::default();
    for id in chosen(&form) {
        let change = ChangeEntry { collection: collection.clone(), id, seen: None };
        let ctx = person.context(&state.app);
        tally.count(match action {
            "publish" => publish_entry(&ctx, change).await.map(|_| ()),
            "unpublish" => unpublish_entry(&ctx, change).await.map(|_| ()),
            "trash" => trash_entry(&ctx, change).await.map(|_| ()),
            _ => return Err(AdminError::NotFound),
        });
    }
    Ok(tally.told(&state, &visit, &back, action))
}

/// The entries of a form.
pub(super) fn chosen(form: &Form) -> Vec<EntryId> {
    let ids = form.all("entry").filter_map(|it| EntryId::parse(it).ok());
    ids.take(BATCH_LEN_MAX).collect()
}

/// Where a form comes back to: a page of the admin, whatever it says.
pub(super) fn back_to(form: &Form, usual: &str) -> String {
    let here = form.get("here");
    let own = here.strip_prefix(usual).is_some_and(|it| it.is_empty() || it.starts_with('?'));
    if own { here.to_owned() } else { usual.to_owned() }
}

/// How many of several were done.
#[derive(Default)]
pub(super) struct Tally {
    done: usize,
    failed: usize,
    why: Option<ContentError>,
}

impl Tally {
    /// Counts one.
    pub(super) fn count(&mut self, outcome: Result<(), ContentError>) {
        match outcome {
            Ok(()) => self.done += 1,
            Err(error) => {
                self.failed += 1;
                self.why.get_or_insert(error);
            }
        }
    }

    /// Sends the visitor back with what came of it.
    pub(super) fn told(
        &self,
        state: &AppState,
        visit: &Visit,
        back: &str,
        action: &str,
    ) -> Response {
        let (done, failed) = (self.done.to_string(), self.failed.to_string());
        if self.done == 0 && self.failed == 0 {
            let text = visit.say("list.nothing_chosen", &[]);
            return visit.news(state, back, FlashKind::Warning, text);
        }
        let text = visit.say(&format!("bulk.{action}"), &[("n", &done)]);
        let Some(error) = &self.why else {
            return visit.news(state, back, FlashKind::Done, text);
        };
        let why = error.to_string();
        let values = [("done", text.as_str()), ("n", failed.as_str()), ("why", why.as_str())];
        let kind = if self.done == 0 { FlashKind::Failed } else { FlashKind::Warning };
        visit.news(state, back, kind, visit.say("bulk.failed", &values))
    }
}
