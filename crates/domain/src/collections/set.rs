//! What has to be true of all collections of a site together.

use super::definition::CollectionDefinition;
use super::field::FieldDefinition;
use super::kind::FieldKind;
use super::name::CollectionName;
use crate::Problem;

/// The most collections of one site.
pub const COLLECTIONS_MAX: usize = 200;

/// What does not fit, with the collection whose definition says it.
pub fn problems_of_set(definitions: &[CollectionDefinition]) -> Vec<(CollectionName, Problem)> {
    let mut problems = Vec::new();
    for (at, definition) in definitions.iter().enumerate() {
        let mut add = |path: &str, code: &str, message: String| {
            problems.push((definition.name.clone(), Problem::field(path, code, message)));
        };
        if at == COLLECTIONS_MAX {
            let len = definitions.len();
            add("name", "too-many", format!("{len} collections; {COLLECTIONS_MAX} is the limit"));
        }
        let earlier = || definitions.iter().take(at);
        let url = definition.url.as_ref();
        if let Some(other) = url.and_then(|url| earlier().find(|it| it.url.as_ref() == Some(url))) {
            let url = url.map(ToString::to_string).unwrap_or_default();
            let message = format!("the collection `{}` has the url `{url}` already", other.name);
            add("url", "taken", message);
        }
        check_relations(definitions, &definition.fields, "fields", &mut add);
    }
    problems
}

/// Relations have to lead somewhere.
fn check_relations(
    definitions: &[CollectionDefinition],
    fields: &[FieldDefinition],
    path: &str,
    add: &mut impl FnMut(&str, &str, String),
) {
    for (at, field) in fields.iter().enumerate() {
        let place = format!("{path}[{at}]");
        check_relations(definitions, field.kind.inner_fields(), &format!("{place}.fields"), add);
        let FieldKind::Relation(relation) = &field.kind else { continue };
        if definitions.iter().any(|it| it.name == relation.to) {
            continue;
        }
        let meant =
            crate::meant(relation.to.as_str(), definitions.iter().map(|it| it.name.as_str()));
        let message = format!(
            "the field `{}` points to the collection `{}`, which is not there{meant}",
            field.name, relation.to
        );
        add(&format!("{place}.to"), "unknown-collection", message);
    }
}
