//! Reading a definition.

use serde_json::Value;

use super::COLLECTION_KEYS;
use super::fields::fields;
use super::table::Table;
use crate::Problem;
use crate::collections::definition::{CollectionDefinition, Taxonomy};
use crate::collections::field::FieldName;
use crate::collections::name::CollectionName;
use crate::collections::url_pattern::UrlPattern;
use crate::collections::value::PROBLEMS_MAX;

impl CollectionDefinition {
    /// Reads the definition of a collection, or tells everything that is wrong with it by its place: `fields[2].kind`.
    ///
    /// The document is an object with the words of `docs/content-model.md`. The name is not among them: it is that of
    /// the file or the address.
    pub fn read(name: CollectionName, document: &Value) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let read = collection(name, document, &mut problems);
        problems.truncate(PROBLEMS_MAX);
        match read.filter(|_| problems.is_empty()) {
            Some(definition) => definition.check(),
            None => Err(problems),
        }
    }
}

fn collection(
    name: CollectionName,
    document: &Value,
    problems: &mut Vec<Problem>,
) -> Option<CollectionDefinition> {
    let mut table = Table::of(document, "", &COLLECTION_KEYS, problems)?;
    let (label, label_one) = (table.required_text("label"), table.required_text("label_one"));
    let url = table.parsed("url", UrlPattern::parse);
    let listed = table.flag("listed", false);
    let title = table.required("title", FieldName::parse);
    let body = table.parsed("body", FieldName::parse);
    let image = table.parsed("image", FieldName::parse);
    let taxonomy = table.parsed("taxonomy", taxonomy);
    let drafts = table.flag("drafts", true);
    if table.get("fields").is_none() {
        table.missing("fields");
    }
    let list = table.list("fields").unwrap_or_default();
    let fields = fields(list, "fields", table.problems());
    Some(CollectionDefinition {
        name,
        label,
        label_one,
        url,
        listed,
        fields,
        title: title?,
        body,
        image,
        taxonomy,
        drafts,
    })
}

fn taxonomy(text: &str) -> Result<Taxonomy, String> {
    match text {
        "flat" => Ok(Taxonomy::Flat),
        "tree" => Ok(Taxonomy::Tree),
        _ => Err(format!("`taxonomy` is `flat` or `tree`, not `{text}`")),
    }
}
