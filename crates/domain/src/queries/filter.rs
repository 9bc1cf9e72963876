//! Conditions on entries.

use serde_json::Value;

use crate::collections::CollectionName;

/// The most conditions of one filter, and the most values of one list in it.
pub const CONDITIONS_MAX: usize = 50;

/// How deep groups of conditions stand in one another.
pub struct FilterDepth;

impl FilterDepth {
    /// The deepest.
    pub const MAX: usize = 4;
}

/// Conditions joined.
#[derive(Debug, Clone, PartialEq)]
pub enum Filter {
    /// All of them hold; holds when there are none.
    All(Vec<Self>),
    /// One of them holds.
    Any(Vec<Self>),
    /// It does not hold.
    Not(Box<Self>),
    /// One condition.
    Is(Condition),
}

/// A test of one value of an entry.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    /// Which value.
    pub path: Path,
    /// What it has to be.
    pub test: Test,
}

/// Where a value of an entry stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Path {
    /// Something that every entry has.
    System(SystemField),
    /// A field that holds one value, and members of groups on the way to it.
    Field(Vec<String>),
    /// A field that holds a list of values, and members of groups on the way to it.
    List(Vec<String>),
    /// The ids of the entries or assets that a field of the collection points to.
    Relation(String),
    /// A value of the entries that a relation points to: holds when it holds for one of them.
    Through {
        /// The field that is the relation.
        relation: String,
        /// The collection it points to.
        to: CollectionName,
        /// The value there; never another `Through`.
        then: Box<Self>,
    },
}

/// What every entry has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SystemField {
    /// Its id.
    Id,
    /// Its slug on the side that is asked for.
    Slug,
    /// When it was stored first.
    CreatedAt,
    /// When the state that is asked for was stored.
    UpdatedAt,
    /// When it was published first.
    PublishedAt,
}

impl SystemField {
    /// Each with its name in queries.
    pub const ALL: [(&'static str, Self); 5] = [
        ("id", Self::Id),
        ("slug", Self::Slug),
        ("created_at", Self::CreatedAt),
        ("updated_at", Self::UpdatedAt),
        ("published_at", Self::PublishedAt),
    ];

    /// The field with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(it, _)| *it == name).map(|(_, field)| *field)
    }

    /// Whether it is an instant, compared as milliseconds.
    pub fn is_instant(self) -> bool {
        matches!(self, Self::CreatedAt | Self::UpdatedAt | Self::PublishedAt)
    }
}

/// What a value has to be. Values are of the kind of their field; instants are normalised texts.
///
/// A list (several relations, several choices) passes `Eq`, `In`, `Contains` when one of its items does, and `Ne`, `NotIn`
/// when none is equal. A value that is not there passes `Ne`, `NotIn` and `Null(true)` alone.
#[derive(Debug, Clone, PartialEq)]
pub enum Test {
    /// Equal.
    Eq(Value),
    /// Not equal.
    Ne(Value),
    /// Less.
    Lt(Value),
    /// Less or equal.
    Lte(Value),
    /// Greater.
    Gt(Value),
    /// Greater or equal.
    Gte(Value),
    /// One of these.
    In(Vec<Value>),
    /// None of these.
    NotIn(Vec<Value>),
    /// A text that has this text in it, ASCII letters of either case alike; or a list that has this item.
    Contains(Value),
    /// A text that begins with this text, ASCII letters of either case alike.
    StartsWith(String),
    /// Not less than the first and not greater than the second.
    Between(Value, Value),
    /// Not there, or there.
    Null(bool),
}
