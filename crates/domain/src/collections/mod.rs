//! Collections: the types of content and their fields.

mod definition;
mod field;
mod name;

pub use definition::{CollectionDefinition, DefinitionError, FIELDS_MAX, UrlPattern};
pub use field::{FieldDefinition, FieldKind, FieldName};
pub use name::{CollectionName, NAME_LEN_MAX, NameError};
