//! The data of plugins' blocks is what the plugins take.

use serde_json::Value;
use smartcms_domain::Problem;
use smartcms_domain::blocks::{BlockKind, Document};
use smartcms_domain::collections::{
    CollectionDefinition, FieldDefinition, FieldKind, PROBLEMS_MAX,
};
use smartcms_domain::entries::Fields;

use super::save_checks::holds_markup;
use crate::OpContext;
use crate::ports::BlockCheck;
use crate::rendering::{PLUGIN_BLOCKS_MAX, markdown_to_blocks, needs_blocks, plugin_blocks};

/// What is wrong with blocks in fields that changed. A block whose plugin is not there is kept, and the operator told.
pub(super) async fn block_problems(
    ctx: &OpContext<'_>,
    definition: &CollectionDefinition,
    before: &Fields,
    fields: &Fields,
) -> Vec<Problem> {
    let mut problems = Vec::new();
    for field in definition.fields.iter().filter(|it| holds_markup(it)) {
        let name = field.name.as_str();
        let Some(value) = fields.get(name).filter(|it| before.get(name) != Some(it)) else {
            continue;
        };
        let mut documents = Vec::new();
        collect(field, value, &mut documents);
        for document in &documents {
            problems.extend(problems_of(ctx, definition, name, document).await);
        }
        problems.truncate(PROBLEMS_MAX);
    }
    problems
}

async fn problems_of(
    ctx: &OpContext<'_>,
    definition: &CollectionDefinition,
    field: &str,
    document: &Document,
) -> Vec<Problem> {
    let mut problems = Vec::new();
    let blocks = plugin_blocks(document);
    if blocks.len() > PLUGIN_BLOCKS_MAX {
        let message = format!(
            "there are {} blocks of plugins; {PLUGIN_BLOCKS_MAX} is the limit",
            blocks.len()
        );
        problems.push(Problem::field(field, "too-many-blocks", message));
    }
    for block in blocks.into_iter().take(PLUGIN_BLOCKS_MAX) {
        let BlockKind::Plugin { name, data } = &block.kind else { continue };
        match ctx.app.plugins.check_block(name, data).await {
            BlockCheck::Fits => {}
            BlockCheck::Misfits(reasons) => problems.extend(reasons.into_iter().map(|reason| {
                Problem::field(
                    field,
                    "block",
                    format!("block {} ({}): {reason}", block.id, name.as_str()),
                )
            })),
            BlockCheck::Unknown(reason) => tracing::warn!(
                collection = %definition.name, field, block = %block.id, block.kind = name.as_str(), reason,
                "a block is saved unchecked"
            ),
        }
    }
    problems
}

/// The texts with blocks in a value, wherever they stand in it.
fn collect(field: &FieldDefinition, value: &Value, found: &mut Vec<Document>) {
    match (&field.kind, value) {
        (FieldKind::Markdown, Value::String(text)) if needs_blocks(text) => {
            found.push(markdown_to_blocks(text));
        }
        (FieldKind::RichText, value) => found.extend(Document::parse(value).ok()),
        (FieldKind::Group(fields), value) => collect_members(fields, value, found),
        (FieldKind::Repeater(fields), Value::Array(rows)) => {
            rows.iter().for_each(|row| collect_members(fields, row, found));
        }
        _ => {}
    }
}

fn collect_members(fields: &[FieldDefinition], value: &Value, found: &mut Vec<Document>) {
    for field in fields {
        if let Some(value) = value.get(field.name.as_str()) {
            collect(field, value, found);
        }
    }
}
