//! The definition of a collection.

use super::field::{FieldDefinition, FieldName};
use super::kind::{CHOICES_MAX, FieldKind, NESTING_MAX};
use super::name::CollectionName;
use super::url_pattern::UrlPattern;
use super::value::PROBLEMS_MAX;
use crate::Problem;
use crate::entries::Fields;
use crate::locales::{Locale, Locales};

/// The most fields of one collection.
pub const FIELDS_MAX: usize = 200;

/// The names of fields that hold an entry's image where a definition does not say which does, the likeliest first.
const IMAGE_FIELDS: [&str; 4] = ["image", "featured_image", "cover", "picture"];

/// A type of content: its fields, labels and address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CollectionDefinition {
    /// The name in addresses, files and grants.
    pub name: CollectionName,
    /// What people call the whole: `Posts`.
    pub label: String,
    /// What people call one: `Post`.
    pub label_one: String,
    /// Where an entry is on the site; `None` when its entries have no pages of their own.
    pub url: Option<UrlPattern>,
    /// Whether the newest entries show on the home page and in the feed.
    pub listed: bool,
    /// In the order editors see them.
    pub fields: Vec<FieldDefinition>,
    /// The field that names an entry and makes its slug.
    pub title: FieldName,
    /// The field that is rendered as the entry's page.
    pub body: Option<FieldName>,
    /// The field whose asset is shown with an entry; without, one that is called like it, see [`Self::image_field`].
    pub image: Option<FieldName>,
    /// Whether its entries are the terms of a taxonomy.
    pub taxonomy: Option<Taxonomy>,
    /// Whether a save waits to be published; without drafts every save is public at once.
    pub drafts: bool,
}

/// How the terms of a taxonomy stand to one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taxonomy {
    /// Side by side, as tags do.
    Flat,
    /// Below one another, as categories do, by the relation `parent`.
    Tree,
}

/// Why a definition cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DefinitionError {
    /// A pattern must begin with `/` and hold `{slug}` once, at its end.
    #[error("the url `{0}` has to begin with / and end with {{slug}}, like /posts/{{slug}}")]
    Url(String),
    /// Two fields have the same name.
    #[error("the field `{0}` is defined twice")]
    TwiceDefined(FieldName),
    /// The title, the body or the image names a field that is not there.
    #[error("`{role} = \"{name}\"` names no field of the collection")]
    UnknownField {
        /// `title`, `body` or `image`.
        role: &'static str,
        /// What it names.
        name: FieldName,
    },
    /// The image names a field that holds no file.
    #[error("`image = \"{name}\"` names a field of the kind {kind}; it has to be asset or assets")]
    NoImage {
        /// What it names.
        name: FieldName,
        /// Of which kind that is.
        kind: &'static str,
    },
    /// Something in a field does not fit.
    #[error("the field `{field}` {reason}")]
    Field {
        /// Which one, with the groups around it: `seo.title`.
        field: String,
        /// What is wrong, after its name.
        reason: String,
    },
    /// There are more than [`FIELDS_MAX`] fields.
    #[error("the collection has {0} fields; {FIELDS_MAX} is the limit")]
    TooManyFields(usize),
}

impl CollectionDefinition {
    /// Checks that the parts fit together.
    pub fn check(self) -> Result<Self, DefinitionError> {
        check_fields(&self.fields, "", 1)?;
        let body = self.body.as_ref().map(|name| ("body", name));
        let image = self.image.as_ref().map(|name| ("image", name));
        for (role, name) in std::iter::once(("title", &self.title)).chain(body).chain(image) {
            let Some(field) = self.field(name.as_str()) else {
                return Err(DefinitionError::UnknownField { role, name: name.clone() });
            };
            if role == "image" && !holds_assets(field) {
                let kind = field.kind.name();
                return Err(DefinitionError::NoImage { name: name.clone(), kind });
            }
        }
        let parent = self.field("parent").map(|it| &it.kind);
        let is_tree =
            matches!(parent, Some(FieldKind::Relation(it)) if it.to == self.name && !it.many);
        if self.taxonomy == Some(Taxonomy::Tree) && !is_tree {
            return Err(wrong(
                "parent",
                "has to be there: in a tree it is a relation to the collection itself",
            ));
        }
        Ok(self)
    }

    /// The field with this name.
    pub fn field(&self, name: &str) -> Option<&FieldDefinition> {
        self.fields.iter().find(|it| it.name.as_str() == name)
    }

    /// The field whose asset is shown with an entry: what the definition says, else the first asset field that is
    /// called `image`, `featured_image`, `cover` or `picture`.
    pub fn image_field(&self) -> Option<&FieldDefinition> {
        if let Some(name) = &self.image {
            return self.field(name.as_str());
        }
        IMAGE_FIELDS.iter().filter_map(|name| self.field(name)).find(|it| holds_assets(it))
    }

    /// Everything wrong with an entry's fields; empty when they can be stored.
    pub fn problems_of(&self, fields: &Fields) -> Vec<Problem> {
        let unknown = fields.names().filter(|name| self.field(name).is_none());
        let unknown = unknown.map(|name| {
            Problem::field(name, "unknown-field", format!("{} has no field `{name}`", self.label))
        });
        let wrong = self.fields.iter().flat_map(|it| it.problems_of(fields.get(it.name.as_str())));
        unknown.chain(wrong).take(PROBLEMS_MAX).collect()
    }

    /// These values as they are kept. Only for values without problems.
    #[must_use]
    pub fn normalised(&self, fields: Fields) -> Fields {
        let normal = |(name, value): (&str, &serde_json::Value)| {
            let value = match self.field(name) {
                Some(field) => field.normalised(value.clone()),
                None => value.clone(),
            };
            (name.to_owned(), value)
        };
        let kept =
            fields.iter().filter(|(name, value)| self.field(name).is_none_or(|it| it.keeps(value)));
        kept.map(normal).collect()
    }

    /// These values with the defaults of fields that have none.
    #[must_use]
    pub fn with_defaults(&self, mut fields: Fields) -> Fields {
        for field in &self.fields {
            if let Some(default) =
                field.default.as_ref().filter(|_| fields.get(field.name.as_str()).is_none())
            {
                fields.set(field.name.as_str(), default.clone());
            }
        }
        fields
    }

    /// The values that all translations of an entry share.
    pub fn shared(&self, fields: &Fields) -> Fields {
        let is_shared = |name: &str| self.field(name).is_some_and(|it| !it.localized);
        let shared = fields.iter().filter(|(name, _)| is_shared(name));
        shared.map(|(name, value)| (name.to_owned(), value.clone())).collect()
    }

    /// The path of an entry; other languages than the default one stand below their tag: `/de/posts/hallo`.
    pub fn path(
        &self,
        locales: &Locales,
        locale: &Locale,
        slug: &crate::entries::Slug,
    ) -> Option<String> {
        let path = self.url.as_ref()?.path(slug);
        if locale == locales.default() { Some(path) } else { Some(format!("/{locale}{path}")) }
    }
}

fn holds_assets(field: &FieldDefinition) -> bool {
    matches!(field.kind, FieldKind::Asset | FieldKind::Assets)
}

fn check_fields(
    fields: &[FieldDefinition],
    before: &str,
    depth: usize,
) -> Result<(), DefinitionError> {
    if fields.len() > FIELDS_MAX {
        return Err(DefinitionError::TooManyFields(fields.len()));
    }
    let mut names: Vec<&FieldName> = fields.iter().map(|it| &it.name).collect();
    names.sort_unstable();
    if let Some(twice) =
        names.windows(2).find(|it| it.first() == it.last()).and_then(|it| it.first())
    {
        return Err(DefinitionError::TwiceDefined((*twice).clone()));
    }
    fields.iter().try_for_each(|it| check_field(it, before, depth))
}

fn check_field(field: &FieldDefinition, before: &str, depth: usize) -> Result<(), DefinitionError> {
    let path = format!("{before}{}", field.name);
    let inner = depth > 1;
    if (field.unique || field.indexed) && (inner || !field.kind.is_scalar()) {
        return Err(wrong(
            &path,
            "cannot be unique or indexed: only fields of the collection itself that hold one value can",
        ));
    }
    if inner && (field.localized || field.access != super::field::FieldAccess::default()) {
        return Err(wrong(
            &path,
            "cannot be localized or hidden by itself: say so of the field around it",
        ));
    }
    match &field.kind {
        FieldKind::Select(choices) | FieldKind::MultiSelect(choices)
            if choices.is_empty() || choices.len() > CHOICES_MAX =>
        {
            let len = choices.len();
            let reason = format!("has {len} choices; it needs 1 to {CHOICES_MAX}");
            return Err(wrong(&path, &reason));
        }
        FieldKind::Group(_) | FieldKind::Repeater(_) if depth >= NESTING_MAX => {
            return Err(wrong(&path, &format!("is more than {NESTING_MAX} groups deep")));
        }
        FieldKind::Group(fields) | FieldKind::Repeater(fields) => {
            check_fields(fields, &format!("{path}."), depth + 1)?;
        }
        _ => {}
    }
    let problems = field.default.as_ref().map(|it| field.problems_of(Some(it)));
    match problems.unwrap_or_default().first() {
        Some(problem) => {
            Err(wrong(&path, &format!("has a default that it refuses: {}", problem.message)))
        }
        None => Ok(()),
    }
}

fn wrong(field: &str, reason: &str) -> DefinitionError {
    DefinitionError::Field { field: field.to_owned(), reason: reason.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::{CollectionDefinition, DefinitionError};
    use crate::collections::{CollectionName, FieldDefinition, FieldKind, FieldName};

    fn with(image: Option<&str>, fields: &[(&str, FieldKind)]) -> CollectionDefinition {
        let name = |it: &str| FieldName::parse(it).unwrap();
        let fields = fields.iter().map(|(it, kind)| FieldDefinition::new(name(it), kind.clone()));
        CollectionDefinition {
            name: CollectionName::parse("notes").unwrap(),
            label: "Notes".to_owned(),
            label_one: "Note".to_owned(),
            url: None,
            listed: false,
            fields: fields.collect(),
            title: name("title"),
            body: None,
            image: image.map(name),
            taxonomy: None,
            drafts: true,
        }
    }

    #[test]
    fn an_image_is_what_the_definition_says_or_what_is_called_so() {
        let fields = [
            ("title", FieldKind::Text),
            ("photo", FieldKind::Assets),
            ("cover", FieldKind::Asset),
            ("image", FieldKind::Text),
        ];
        let found = |image| {
            let definition = with(image, &fields).check().unwrap();
            definition.image_field().map(|it| it.name.to_string())
        };
        assert_eq!(found(None).as_deref(), Some("cover"));
        assert_eq!(found(Some("photo")).as_deref(), Some("photo"));
        assert!(with(None, &fields[..2]).image_field().is_none());
    }

    #[test]
    fn an_image_has_to_be_a_field_that_holds_files() {
        let fields = [("title", FieldKind::Text)];
        let refused = |image| with(Some(image), &fields).check().unwrap_err();
        assert!(matches!(refused("photo"), DefinitionError::UnknownField { role: "image", .. }));
        assert!(matches!(refused("title"), DefinitionError::NoImage { kind: "text", .. }));
    }
}
