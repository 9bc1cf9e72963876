//! Terms that a model may choose, and what it chose.

use std::sync::Arc;

use smartcms_domain::actors::Subject;
use smartcms_domain::collections::{CollectionDefinition, FieldKind};
use smartcms_domain::entries::EntryId;

use super::error::AssistError;
use super::{PROPOSALS_MAX, TERMS_MAX};
use crate::OpContext;
use crate::entries::{ListEntries, list_entries};
use crate::ports::{Listing, PAGE_LEN_MAX};

/// The longest proposal for a new term, in characters.
const PROPOSAL_CHARS_MAX: usize = 60;

/// A term of the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// Its entry.
    pub id: EntryId,
    /// Its name in addresses.
    pub slug: String,
    /// What people read.
    pub title: String,
}

/// The published terms that a field of a collection can hold.
pub(super) async fn terms_of(
    ctx: &OpContext<'_>,
    definition: &CollectionDefinition,
    field: &str,
) -> Result<Vec<Term>, AssistError> {
    let taxonomy = taxonomy(ctx, definition, field).ok_or_else(|| {
        let message = format!("`{field}` holds no terms of a taxonomy that you could set");
        AssistError::field("field", "no-terms", message)
    })?;
    let mut terms: Vec<Term> = Vec::new();
    let mut asked = ListEntries::first(taxonomy.name.as_str(), Listing::Published, PAGE_LEN_MAX);
    loop {
        let page = list_entries(ctx, asked.clone()).await?.page;
        for entry in &page.entries {
            let Some(live) = &entry.live else { continue };
            let title = live.fields.text(taxonomy.title.as_str()).unwrap_or(live.slug.as_str());
            let (slug, title) = (live.slug.to_string(), one_line(title));
            terms.push(Term { id: entry.id, slug, title });
        }
        asked.after = page.next;
        if asked.after.is_none() || terms.len() >= TERMS_MAX {
            terms.truncate(TERMS_MAX);
            return Ok(terms);
        }
    }
}

/// The taxonomy that a field points to, where the actor may change the field at all.
fn taxonomy(
    ctx: &OpContext<'_>,
    definition: &CollectionDefinition,
    field: &str,
) -> Option<Arc<CollectionDefinition>> {
    let author = ctx.actor.author();
    let subject = Subject::newest(&definition.name).by(&author);
    let field = definition.field(field).filter(|it| ctx.actor.changes(subject, it))?;
    let FieldKind::Relation(relation) = &field.kind else { return None };
    ctx.app.collections.get(&relation.to).filter(|it| it.taxonomy.is_some())
}

/// Of what a model said, a line each: the terms that there are, and proposals for others.
pub(super) fn chosen(terms: &[Term], said: &str) -> (Vec<Term>, Vec<String>) {
    let (mut found, mut proposals): (Vec<Term>, Vec<String>) = (Vec::new(), Vec::new());
    for name in said.lines().flat_map(|it| it.split(',')).map(bare).filter(|it| !it.is_empty()) {
        let is_it = |it: &&Term| same(&it.title, &name) || same(&it.slug, &name);
        match terms.iter().find(is_it) {
            Some(term) if !found.contains(term) => found.push(term.clone()),
            Some(_) => {}
            None => {
                let fits = name.chars().count() <= PROPOSAL_CHARS_MAX;
                let is_new = !proposals.iter().any(|it| same(it, &name));
                if fits && is_new && proposals.len() < PROPOSALS_MAX {
                    proposals.push(name);
                }
            }
        }
    }
    (found, proposals)
}

/// A name without the signs of a list around it.
fn bare(text: &str) -> String {
    let text = text.trim().trim_start_matches(['-', '*', '#', '•', ' ']);
    text.trim_matches(|it: char| matches!(it, '"' | '`' | '.' | '*') || it.is_whitespace())
        .chars()
        .filter(|it| !it.is_control())
        .collect()
}

fn same(a: &str, b: &str) -> bool {
    a.to_lowercase() == b.to_lowercase()
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use smartcms_domain::entries::EntryId;
    use uuid::Uuid;

    use super::{PROPOSALS_MAX, Term, chosen};

    #[test]
    fn only_terms_that_there_are_come_as_terms() {
        let term = |id: u128, title: &str| Term {
            id: EntryId::new(Uuid::from_u128(id)),
            slug: title.to_lowercase(),
            title: title.to_owned(),
        };
        let terms = [term(1, "Forest"), term(2, "Sea")];
        let said = "- forest\n* \"FOREST\"\nSea.\nMountains\nmountains\n";
        let (found, proposals) = chosen(&terms, said);
        assert_eq!(found, terms);
        assert_eq!(proposals, ["Mountains"]);

        let many: String = (0..50).map(|it| format!("new {it}\n")).collect();
        assert_eq!(chosen(&terms, &many).1.len(), PROPOSALS_MAX);
    }
}
