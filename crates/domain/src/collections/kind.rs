//! What a field holds.

use super::field::FieldDefinition;
use super::name::CollectionName;

/// The most choices of a select.
pub const CHOICES_MAX: usize = 500;
/// How deep groups and repeaters can stand in one another.
pub const NESTING_MAX: usize = 4;

/// What a field holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldKind {
    /// One line of text.
    Text,
    /// Text of many lines.
    LongText,
    /// A block tree: see [`crate::blocks`].
    RichText,
    /// Markdown (CommonMark with tables, strikethrough, task lists, footnotes and autolinks).
    Markdown,
    /// A whole number.
    Integer,
    /// A finite number.
    Number,
    /// True or false.
    Boolean,
    /// A day, `2026-11-24`.
    Date,
    /// An instant, RFC 3339; kept in UTC with milliseconds, so that texts sort as instants do.
    DateTime,
    /// One of a list.
    Select(Vec<Choice>),
    /// Some of a list, each once.
    MultiSelect(Vec<Choice>),
    /// A name that is safe in an address.
    Slug,
    /// An e-mail address.
    Email,
    /// An absolute address, `https://example.com/`, or `mailto:` and `tel:`.
    Url,
    /// A colour, `#1a2b3c`, with two more digits for how opaque it is.
    Colour,
    /// Any JSON value.
    Json,
    /// A place on earth, `{"latitude": 48.2, "longitude": 16.4}`, in degrees of WGS 84.
    GeoPoint,
    /// The id of an asset.
    Asset,
    /// The ids of assets, in order.
    Assets,
    /// Another entry, or several in order.
    Relation(Relation),
    /// Fields of their own, as one object.
    Group(Vec<FieldDefinition>),
    /// Any number of objects with these fields.
    Repeater(Vec<FieldDefinition>),
}

/// One value of a select.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What is stored.
    pub value: String,
    /// What people read.
    pub label: String,
}

/// What a relation points to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relation {
    /// The collection of the entries it points to.
    pub to: CollectionName,
    /// Whether it holds a list of ids, and not one.
    pub many: bool,
    /// What happens when an entry that it points to is deleted.
    pub on_delete: OnDelete,
}

/// What happens to an entry when one that it points to is deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OnDelete {
    /// The reference is taken out when the other entry is purged; in the trash it can still come back.
    #[default]
    Clear,
    /// The other entry cannot go to the trash while it is pointed to.
    Restrict,
    /// It goes to the trash with the other entry.
    Cascade,
}

impl OnDelete {
    /// Every rule.
    pub const ALL: [Self; 3] = [Self::Clear, Self::Restrict, Self::Cascade];

    /// The name in definitions.
    pub fn name(self) -> &'static str {
        match self {
            Self::Clear => "clear",
            Self::Restrict => "restrict",
            Self::Cascade => "cascade",
        }
    }

    /// The rule with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }
}

impl FieldKind {
    /// The name of every kind in definitions.
    pub const NAMES: [&'static str; 22] = [
        "text",
        "long_text",
        "rich_text",
        "markdown",
        "integer",
        "number",
        "boolean",
        "date",
        "date_time",
        "select",
        "multi_select",
        "slug",
        "email",
        "url",
        "colour",
        "json",
        "geo_point",
        "asset",
        "assets",
        "relation",
        "group",
        "repeater",
    ];

    /// The kinds that a name alone describes: without choices, a relation or fields of their own.
    pub fn plain(name: &str) -> Option<Self> {
        Some(match name {
            "text" => Self::Text,
            "long_text" => Self::LongText,
            "rich_text" => Self::RichText,
            "markdown" => Self::Markdown,
            "integer" => Self::Integer,
            "number" => Self::Number,
            "boolean" => Self::Boolean,
            "date" => Self::Date,
            "date_time" => Self::DateTime,
            "slug" => Self::Slug,
            "email" => Self::Email,
            "url" => Self::Url,
            "colour" => Self::Colour,
            "json" => Self::Json,
            "geo_point" => Self::GeoPoint,
            "asset" => Self::Asset,
            "assets" => Self::Assets,
            _ => return None,
        })
    }

    /// The name in definitions.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::LongText => "long_text",
            Self::RichText => "rich_text",
            Self::Markdown => "markdown",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::Boolean => "boolean",
            Self::Date => "date",
            Self::DateTime => "date_time",
            Self::Select(_) => "select",
            Self::MultiSelect(_) => "multi_select",
            Self::Slug => "slug",
            Self::Email => "email",
            Self::Url => "url",
            Self::Colour => "colour",
            Self::Json => "json",
            Self::GeoPoint => "geo_point",
            Self::Asset => "asset",
            Self::Assets => "assets",
            Self::Relation(_) => "relation",
            Self::Group(_) => "group",
            Self::Repeater(_) => "repeater",
        }
    }

    /// Whether a value is one text, number or flag, which can be compared, sorted by, indexed and unique.
    pub fn is_scalar(&self) -> bool {
        match self {
            Self::Text
            | Self::LongText
            | Self::Integer
            | Self::Number
            | Self::Boolean
            | Self::Date
            | Self::DateTime
            | Self::Select(_)
            | Self::Slug
            | Self::Email
            | Self::Url
            | Self::Colour
            | Self::Asset => true,
            Self::Relation(relation) => !relation.many,
            Self::RichText
            | Self::Markdown
            | Self::MultiSelect(_)
            | Self::Json
            | Self::GeoPoint
            | Self::Assets
            | Self::Group(_)
            | Self::Repeater(_) => false,
        }
    }

    /// The fields inside a group or a repeater.
    pub fn inner_fields(&self) -> &[FieldDefinition] {
        match self {
            Self::Group(fields) | Self::Repeater(fields) => fields,
            _ => &[],
        }
    }

    /// The longest text in characters, or the most items of a list, when the definition says nothing.
    pub fn default_len_max(&self) -> usize {
        match self {
            Self::LongText => 100_000,
            Self::Markdown => 1_000_000,
            Self::Url => 2_000,
            Self::MultiSelect(_) | Self::Assets | Self::Relation(_) | Self::Repeater(_) => 1_000,
            _ => 1_000,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::FieldKind;

    #[test]
    fn every_plain_kind_is_read_back_from_its_name() {
        for name in FieldKind::NAMES {
            let Some(kind) = FieldKind::plain(name) else {
                assert!(
                    ["select", "multi_select", "relation", "group", "repeater"].contains(&name)
                );
                continue;
            };
            assert_eq!(kind.name(), name);
        }
    }
}
