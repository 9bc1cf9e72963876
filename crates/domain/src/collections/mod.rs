//! Collections: the types of content and their fields.

mod definition;
mod field;
mod kind;
mod name;
mod references;
mod shape;
mod url_pattern;
mod value;

pub use definition::{CollectionDefinition, DefinitionError, FIELDS_MAX, Taxonomy};
pub use field::{
    Bounds, FieldAccess, FieldDefinition, FieldName, PATTERN_LEN_MAX, Pattern, PatternError,
};
pub use kind::{CHOICES_MAX, Choice, FieldKind, NESTING_MAX, OnDelete, Relation};
pub use name::{CollectionName, NAME_LEN_MAX, NameError};
pub use references::{Reference, Target};
pub use url_pattern::UrlPattern;
pub use value::{JSON_DEPTH_MAX, PROBLEMS_MAX};
