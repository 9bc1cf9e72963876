//! Collections: the types of content and their fields.

mod change;
mod check;
mod computed;
mod definition;
mod document;
mod field;
mod kind;
mod name;
mod references;
mod set;
mod shape;
mod url_pattern;
mod value;

pub use change::{
    Converters, DefinitionChange, Effect, FieldStep, Rewritten, Step, StepKind, Touch,
};
pub use check::{FIELDS_IN_ALL_MAX, HELP_LEN_MAX, LABEL_LEN_MAX, problem_count};
pub use computed::{ARGUMENTS_MAX, COMPUTED_MAX, Computed, FUNCTION_LEN_MAX, FunctionNameError};
pub use definition::{CollectionDefinition, FIELDS_MAX, Taxonomy};
pub use document::{COLLECTION_KEYS, FIELD_KEYS};
pub use field::{
    Bounds, FieldAccess, FieldDefinition, FieldName, PATTERN_LEN_MAX, Pattern, PatternError,
    usual_label,
};
pub use kind::{CHOICES_MAX, Choice, FieldKind, NESTING_MAX, OnDelete, Relation};
pub use name::{CollectionName, NAME_LEN_MAX, NameError};
pub use references::{Reference, Target};
pub use set::{COLLECTIONS_MAX, problems_of_set};
pub use url_pattern::{UrlPattern, UrlPatternError};
pub use value::{JSON_DEPTH_MAX, PROBLEMS_MAX};
