//! The definition of a collection.

use super::field::{FieldDefinition, FieldName};
use super::kind::FieldKind;
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

impl CollectionDefinition {
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

pub(super) fn holds_assets(field: &FieldDefinition) -> bool {
    matches!(field.kind, FieldKind::Asset | FieldKind::Assets)
}

#[cfg(test)]
mod tests {
    use super::CollectionDefinition;
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
        for (image, message) in [
            ("photo", "`image = \"photo\"` names no field of the collection"),
            (
                "title",
                "`image = \"title\"` names a field of the kind text; it has to be asset or assets",
            ),
        ] {
            let problems = refused(image);
            assert_eq!(problems.first().unwrap().message, message);
        }
    }
}
