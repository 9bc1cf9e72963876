//! `GET …/{id-or-slug}/revisions/{number}/diff/{other}`: what differs between two saved states.

use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use smartcms_app::App;
use smartcms_app::entries::{
    BlockDiff, Detail, FieldDiff, ItemDiff, RevisionDiff, RowDiff, TextDiff, TextPart,
    diff_revisions,
};
use smartcms_domain::entries::Revision;

use super::EntryPath;
use super::change::resolved;
use super::revisions::RevisionBody;
use crate::caller::Caller;
use crate::problem::HttpProblem;
use crate::query::Parameters;
use crate::reply::{self, JSON};
use crate::segments::Segments;

#[derive(Deserialize)]
pub(crate) struct DiffPath {
    collection: String,
    key: String,
    number: String,
    other: String,
}

#[derive(Serialize)]
struct DiffBody<'a> {
    from: RevisionBody<'a>,
    to: RevisionBody<'a>,
    fields: Vec<FieldBody<'a>>,
}

#[derive(Serialize)]
struct FieldBody<'a> {
    field: &'a str,
    kind: &'static str,
    change: &'static str,
    #[serde(flatten)]
    detail: DetailBody<'a>,
}

/// One of these is there, by the kind of the field.
#[derive(Serialize)]
#[serde(untagged)]
enum DetailBody<'a> {
    Values { from: &'a Value, to: &'a Value },
    Text { text: TextBody<'a> },
    Items { items: Vec<ItemBody<'a>> },
    Fields { fields: Vec<FieldBody<'a>> },
    Rows { rows: Vec<RowBody<'a>> },
    Blocks { blocks: Vec<BlockBody<'a>> },
}

#[derive(Serialize)]
#[serde(untagged)]
enum TextBody<'a> {
    Parts { parts: Vec<PartBody<'a>> },
    TooLarge { too_large: bool, from_len: usize, to_len: usize },
}

/// A piece of text by what became of it.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum PartBody<'a> {
    Equal(&'a str),
    Removed(&'a str),
    Added(&'a str),
    SkippedLines(usize),
}

#[derive(Serialize)]
struct ItemBody<'a> {
    change: &'static str,
    value: &'a Value,
    from: Option<usize>,
    to: Option<usize>,
}

#[derive(Serialize)]
struct RowBody<'a> {
    change: &'static str,
    from: Option<usize>,
    to: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<&'a Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fields: Vec<FieldBody<'a>>,
}

#[derive(Serialize)]
struct BlockBody<'a> {
    id: &'a str,
    change: &'static str,
    moved: bool,
    from: Option<usize>,
    to: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<TextBody<'a>>,
}

/// Compares two saved states.
pub(crate) async fn read(
    State(app): State<App>,
    uri: Uri,
    Segments(path): Segments<DiffPath>,
    caller: Caller,
) -> Result<Response, HttpProblem> {
    Parameters::refuse_all(&uri)?;
    let numbers = path.number.parse().ok().zip(path.other.parse().ok());
    let Some((from, to)) = numbers.map(|(from, to)| (Revision::new(from), Revision::new(to)))
    else {
        return Err(HttpProblem::unknown_route(uri.path()));
    };
    let path = EntryPath { collection: path.collection, key: path.key };
    let change = resolved(&app, &caller, path, None).await?;
    let ctx = caller.context(&app);
    let found = diff_revisions(&ctx, &change.collection, change.id, (from, to)).await;
    let diff = found.map_err(|it| caller.explain(it))?;
    // A state never changes, but what the caller sees of it may: the answer has no tag.
    let mut response = reply::json(StatusCode::OK, JSON, &body(&diff));
    reply::set_caching(response.headers_mut(), false);
    Ok(response)
}

fn body(diff: &RevisionDiff) -> DiffBody<'_> {
    DiffBody {
        from: RevisionBody::in_list(&diff.from),
        to: RevisionBody::in_list(&diff.to),
        fields: diff.fields.iter().map(field).collect(),
    }
}

fn field(diff: &FieldDiff) -> FieldBody<'_> {
    let detail = match &diff.detail {
        Detail::Values { from, to } => DetailBody::Values { from, to },
        Detail::Text(it) => DetailBody::Text { text: text(it) },
        Detail::Items(items) => DetailBody::Items { items: items.iter().map(item).collect() },
        Detail::Fields(fields) => DetailBody::Fields { fields: fields.iter().map(field).collect() },
        Detail::Rows(rows) => DetailBody::Rows { rows: rows.iter().map(row).collect() },
        Detail::Blocks(blocks) => DetailBody::Blocks { blocks: blocks.iter().map(block).collect() },
    };
    FieldBody { field: &diff.name, kind: diff.kind, change: diff.change.name(), detail }
}

fn text(diff: &TextDiff) -> TextBody<'_> {
    match diff {
        TextDiff::Parts(parts) => TextBody::Parts { parts: parts.iter().map(part).collect() },
        TextDiff::TooLarge { from_len, to_len } => {
            TextBody::TooLarge { too_large: true, from_len: *from_len, to_len: *to_len }
        }
    }
}

fn part(part: &TextPart) -> PartBody<'_> {
    match part {
        TextPart::Equal(text) => PartBody::Equal(text),
        TextPart::Removed(text) => PartBody::Removed(text),
        TextPart::Added(text) => PartBody::Added(text),
        TextPart::Skipped(lines) => PartBody::SkippedLines(*lines),
    }
}

fn item(diff: &ItemDiff) -> ItemBody<'_> {
    ItemBody { change: diff.change.name(), value: &diff.value, from: diff.from, to: diff.to }
}

fn row(diff: &RowDiff) -> RowBody<'_> {
    RowBody {
        change: diff.change.name(),
        from: diff.from,
        to: diff.to,
        value: diff.value.as_ref(),
        fields: diff.fields.iter().map(field).collect(),
    }
}

fn block(diff: &BlockDiff) -> BlockBody<'_> {
    BlockBody {
        id: &diff.id,
        change: diff.change.name(),
        moved: diff.moved,
        from: diff.from,
        to: diff.to,
        before: diff.before.as_ref(),
        after: diff.after.as_ref(),
        text: diff.text.as_ref().map(text),
    }
}
