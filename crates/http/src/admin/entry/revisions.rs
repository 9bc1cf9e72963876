//! The history of an entry: what differs between two saved states, and bringing one back.

use axum::extract::{Path, Query, State};
use smartcms_app::entries::{
    BlockDiff, Change, ContentError, Detail, FieldDiff, RestoreRevision, RevisionDiff, TextDiff,
    TextPart, diff_revisions, list_revisions, restore_revision,
};
use smartcms_domain::actors::Permission;
use smartcms_domain::collections::{CollectionDefinition, FieldDefinition};
use smartcms_domain::entries::{Entry, Help, Revision, RevisionRecord};
use smartcms_pages::admin::{
    DiffField, DiffPiece, FlashKind, RevisionHelp, RevisionRow, RevisionsPage,
};

use super::super::answer::{self, Answer};
use super::super::failure::AdminError;
use super::super::form::Form;
use super::super::list::{Pairs, title_of};
use super::super::names::Names;
use super::super::person::Person;
use super::super::visit::Visit;
use super::controls::plain;
use super::draft::Desk;
use crate::state::AppState;

/// How many states one page shows.
const ROWS: u32 = 30;

/// Shows the history.
pub(in super::super) async fn revisions(
    State(state): State<AppState>,
    visit: Visit,
    person: Person,
    Path((collection, id)): Path<(String, String)>,
    Query(pairs): Pairs,
) -> Answer {
    let number = |name: &str| {
        let found = pairs.iter().find(|(it, _)| it == name);
        found.and_then(|(_, value)| value.parse::<u64>().ok()).map(Revision::new)
    };
    let desk = Desk::of(&state, visit, person, &collection, &id).await?;
    let entry = desk.entry.as_ref().ok_or(AdminError::NotFound)?;
    let ctx = desk.person.context(&state.app);
    let before = number("before");
    let found = list_revisions(&ctx, &collection, entry.id, before, ROWS).await?;
    let to = number("to").or(found.first().map(|it| it.revision)).unwrap_or(entry.revision);
    let usual = || found.iter().map(|it| it.revision).find(|it| *it < to);
    let from = number("from").or_else(usual).unwrap_or(to);
    let diff = match diff_revisions(&ctx, &collection, entry.id, (from, to)).await {
        Ok(diff) => Some(diff),
        Err(ContentError::UnknownRevision { .. }) => None,
        Err(error) => return Err(error.into()),
    };
    let page = desk.history(entry, &found, (from, to), diff).await;
    answer::page(&state, &page)
}

/// Brings a state back.
pub(in super::super) async fn restore(
    State(state): State<AppState>,
    visit: Visit,
    person: Person,
    Path((collection, id)): Path<(String, String)>,
    form: Form,
) -> Answer {
    let desk = Desk::of(&state, visit, person, &collection, &id).await?;
    let entry = desk.entry.as_ref().ok_or(AdminError::NotFound)?;
    let revision = form.get("revision").parse().map(Revision::new);
    let revision = revision.map_err(|_| AdminError::NotFound)?;
    let mut change = desk.seen(entry);
    change.seen = form.get("seen").parse().ok().map(Revision::new).or(change.seen);
    let ctx = desk.person.context(&state.app);
    let back = desk.url();
    match restore_revision(&ctx, RestoreRevision { change, revision }).await {
        Ok(_) => {
            let number = revision.number().to_string();
            let text = desk.visit.say("entry.restored", &[("number", &number)]);
            Ok(desk.visit.news(&state, &back, FlashKind::Done, text))
        }
        Err(error @ (ContentError::Denied(_) | ContentError::Store(_))) => Err(error.into()),
        Err(error) => {
            let back = format!("{back}/revisions");
            Ok(desk.visit.news(&state, &back, FlashKind::Failed, error.to_string()))
        }
    }
}

fn helped(help: &Help) -> RevisionHelp {
    RevisionHelp { task: help.task.clone(), model: help.model.clone() }
}

impl Desk {
    async fn history(
        &self,
        entry: &Entry,
        found: &[RevisionRecord],
        (from, to): (Revision, Revision),
        diff: Option<RevisionDiff>,
    ) -> RevisionsPage {
        let here = self.url();
        let title = title_of(&self.visit, &self.definition, &entry.fields);
        let list = format!("/admin/content/{}", self.definition.name);
        let crumbs =
            [(self.definition.label.as_str(), list.as_str()), (title.as_str(), here.as_str())];
        let heading = self.visit.say("revisions.title", &[]);
        let authors = found.iter().map(|it| it.author.as_str());
        let names = Names::of(&self.state, &self.visit, authors).await;
        let url = format!("{here}/revisions");
        let last = found.last().filter(|it| it.revision > Revision::FIRST);
        let older = last.map(|it| format!("{url}?before={}", it.revision.number()));
        let rows = found.iter().map(|it| RevisionRow {
            number: it.revision.number(),
            change: it.change.name().trim_start_matches("entry.").to_owned(),
            author: names.get(&it.author),
            at: it.at.as_millis(),
            message: it.message.clone().unwrap_or_default(),
            help: it.help.iter().map(helped).collect(),
            is_live: entry.live.as_ref().is_some_and(|live| live.revision == it.revision),
            is_newest: it.revision == entry.revision,
        });
        RevisionsPage {
            frame: self.visit.frame_below(&self.state, heading, &crumbs),
            newest: entry.revision.number(),
            rows: rows.collect(),
            older_url: older.unwrap_or_default(),
            from: from.number(),
            to: to.number(),
            fields: diff.map(|it| self.differing(&it)).unwrap_or_default(),
            may_restore: self.person.actor.may_some(Permission::Update, &self.definition.name),
            url,
        }
    }

    fn differing(&self, diff: &RevisionDiff) -> Vec<DiffField> {
        let mut fields = Vec::new();
        if diff.from.slug != diff.to.slug {
            let pieces = vec![
                piece("removed", diff.from.slug.to_string()),
                piece("same", " → ".to_owned()),
                piece("added", diff.to.slug.to_string()),
            ];
            let label = self.visit.say("diff.slug", &[]);
            fields.push(DiffField { label, change: "changed", pieces });
        }
        fields.extend(diff.fields.iter().map(|it| DiffField {
            label: label_of(&self.definition, &it.name),
            change: it.change.name(),
            pieces: pieces_of(&self.definition.fields, it),
        }));
        fields
    }
}

fn label_of(definition: &CollectionDefinition, name: &str) -> String {
    definition.field(name).map_or_else(|| name.to_owned(), |it| it.label.clone())
}

fn piece(kind: &'static str, text: String) -> DiffPiece {
    DiffPiece { kind, text }
}

fn pieces_of(fields: &[FieldDefinition], diff: &FieldDiff) -> Vec<DiffPiece> {
    let inner = fields.iter().find(|it| it.name.as_str() == diff.name);
    let inner = inner.map(|it| it.kind.inner_fields()).unwrap_or_default();
    match &diff.detail {
        Detail::Values { from, to } => {
            let mut pieces = Vec::new();
            if !from.is_null() {
                pieces.push(piece("removed", plain(from)));
            }
            if !from.is_null() && !to.is_null() {
                pieces.push(piece("same", " → ".to_owned()));
            }
            if !to.is_null() {
                pieces.push(piece("added", plain(to)));
            }
            pieces
        }
        Detail::Text(text) => of_text(text),
        Detail::Items(items) => items
            .iter()
            .map(|it| piece(kind_of(it.change), format!("{}\n", plain(&it.value))))
            .collect(),
        Detail::Fields(fields) => of_fields(inner, fields),
        Detail::Rows(rows) => rows
            .iter()
            .flat_map(|it| {
                let number = it.to.or(it.from).map_or(0, |it| it + 1);
                let mut pieces = vec![piece("heading", number.to_string())];
                if let Some(value) = &it.value {
                    let text = serde_json::to_string_pretty(value).unwrap_or_default();
                    pieces.push(piece(kind_of(it.change), text));
                }
                pieces.extend(of_fields(inner, &it.fields));
                pieces
            })
            .collect(),
        Detail::Blocks(blocks) => blocks.iter().flat_map(of_block).collect(),
    }
}

fn of_fields(inner: &[FieldDefinition], fields: &[FieldDiff]) -> Vec<DiffPiece> {
    let of_field = |it: &FieldDiff| {
        let label = inner.iter().find(|field| field.name.as_str() == it.name);
        let label = label.map_or_else(|| it.name.clone(), |field| field.label.clone());
        let mut pieces = vec![piece("heading", label)];
        pieces.extend(pieces_of(inner, it));
        pieces
    };
    fields.iter().flat_map(of_field).collect()
}

fn of_text(text: &TextDiff) -> Vec<DiffPiece> {
    match text {
        TextDiff::Parts(parts) => parts
            .iter()
            .map(|it| match it {
                TextPart::Equal(text) => piece("same", text.clone()),
                TextPart::Removed(text) => piece("removed", text.clone()),
                TextPart::Added(text) => piece("added", text.clone()),
                TextPart::Skipped(_) => piece("same", "\n […]\n".to_owned()),
            })
            .collect(),
        TextDiff::TooLarge { from_len, to_len } => {
            vec![piece("removed", from_len.to_string()), piece("added", to_len.to_string())]
        }
    }
}

/// A block as a text, before and after.
fn of_block(block: &BlockDiff) -> Vec<DiffPiece> {
    if let Some(text) = &block.text {
        let mut pieces = of_text(text);
        pieces.push(piece("same", "\n".to_owned()));
        return pieces;
    }
    let text = |it: &serde_json::Value| {
        let parsed = smartcms_domain::blocks::Document::parse_block(it, 0).ok();
        let parsed = parsed.map(|it| smartcms_domain::blocks::Document::new(vec![it]));
        parsed.map_or_else(|| it.to_string(), |it| smartcms_app::rendering::blocks_to_reading(&it))
    };
    let states = [("removed", &block.before), ("added", &block.after)];
    let states = states.into_iter().filter_map(|(kind, state)| Some((kind, state.as_ref()?)));
    let pieces = states.flat_map(|(kind, state)| {
        [piece(kind, text(state).trim_end().to_owned()), piece("same", "\n".to_owned())]
    });
    pieces.collect()
}

fn kind_of(change: Change) -> &'static str {
    match change {
        Change::Added => "added",
        Change::Removed => "removed",
        Change::Changed | Change::Moved => "same",
    }
}
