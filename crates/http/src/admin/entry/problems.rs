//! What is wrong with an entry, in the places of its form and in words for people.

use smartcms_domain::Problem;
use smartcms_domain::collections::{CollectionDefinition, FieldDefinition};
use smartcms_pages::admin::Mistake;

use super::super::visit::Visit;
use super::values::PREFIX;

/// The mistakes of a form, from what an operation says.
pub(super) fn mistakes_of(
    visit: &Visit,
    definition: &CollectionDefinition,
    problems: &[Problem],
) -> Vec<Mistake> {
    problems.iter().map(|it| mistake(visit, definition, it)).collect()
}

fn mistake(visit: &Visit, definition: &CollectionDefinition, problem: &Problem) -> Mistake {
    let field = problem.field.as_deref().unwrap_or_default();
    if matches!(field, "slug" | "message" | "publish_at" | "unpublish_at") {
        let key = format!("entry.{field}");
        let label = visit.say(&key, &[]);
        return Mistake { input: field.to_owned(), label, text: words(visit, problem) };
    }
    // `links[1].url` is the input `f.links.1.url`.
    let place = field.replace('[', ".").replace(']', "");
    let label = label_of(&definition.fields, &place).unwrap_or_else(|| field.to_owned());
    let input = if field.is_empty() { String::new() } else { format!("{PREFIX}{place}") };
    Mistake { input, label, text: words(visit, problem) }
}

fn label_of(fields: &[FieldDefinition], place: &str) -> Option<String> {
    let (first, rest) = place.split_once('.').unwrap_or((place, ""));
    let field = fields.iter().find(|it| it.name.as_str() == first)?;
    let rest = rest.trim_start_matches(|it: char| it.is_ascii_digit()).trim_start_matches('.');
    match label_of(field.kind.inner_fields(), rest).filter(|_| !rest.is_empty()) {
        Some(inner) => Some(format!("{} › {inner}", field.label)),
        None => Some(field.label.clone()),
    }
}

/// Usual problems have words in every language; others say it in English.
fn words(visit: &Visit, problem: &Problem) -> String {
    let key = format!("problem.{}", problem.code);
    let said = visit.say(&key, &[]);
    if said == key { problem.message.clone() } else { said }
}
