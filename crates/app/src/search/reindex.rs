//! Reading entries for the search again when the site's collections changed.

use std::fmt::Write as _;

use smartcms_domain::collections::{CollectionDefinition, FieldDefinition};

use crate::App;
use crate::entries::{ContentError, facts_of};

/// How many entries are read and stored at once.
const BATCH_LEN: u32 = 200;

/// Raised when entries are read in another way than before, so that all are read again.
const READING_VERSION: u32 = 1;

/// Brings the search up to date with the definitions of the collections; how many entries had to be read.
///
/// Has to be done before the site is served: a field that is hidden from now on must not be found any more.
pub async fn reindex(app: &App) -> Result<u64, ContentError> {
    let all = app.collections.all();
    let definitions: Vec<_> = all.iter().map(|it| (it.name.clone(), reading_of(it))).collect();
    app.search.prepare(&definitions).await?;
    let mut read = 0;
    loop {
        let ids = app.search.pending(BATCH_LEN).await?;
        if ids.is_empty() {
            return Ok(read);
        }
        let entries = app.entries.find_many(&ids).await?;
        let facts = |entry: &smartcms_domain::entries::Entry| {
            let definition = app.collections.get(&entry.collection);
            let facts = definition.map(|it| facts_of(&it, entry)).unwrap_or_default();
            (entry.id, entry.revision, facts)
        };
        app.search.index(entries.iter().map(facts).collect()).await?;
        read += ids.len() as u64;
    }
}

/// What of a definition tells which text is found.
fn reading_of(definition: &CollectionDefinition) -> String {
    let mut text = format!("{READING_VERSION} {}", definition.title);
    for field in definition.fields.iter().filter(|it| it.is_public()) {
        describe(field, &mut text);
    }
    text
}

fn describe(field: &FieldDefinition, text: &mut String) {
    // Writing to a string cannot fail.
    let _ = write!(text, " {}:{}", field.name, field.kind.name());
    use smartcms_domain::collections::FieldKind::{Group, Repeater};
    if let Group(fields) | Repeater(fields) = &field.kind {
        text.push('(');
        fields.iter().for_each(|it| describe(it, text));
        text.push(')');
    }
}
