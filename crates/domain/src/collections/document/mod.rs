//! The document format of a definition: one reader and one writer for files, requests and the database.
//!
//! The neutral form is a JSON value; a file of TOML is turned into one first.

mod fields;
mod read;
mod table;
mod write;

#[cfg(test)]
mod tests;

/// The words of a collection, in the order in which they are written.
pub const COLLECTION_KEYS: [&str; 10] = [
    "label",
    "label_one",
    "url",
    "listed",
    "title",
    "body",
    "image",
    "drafts",
    "taxonomy",
    "fields",
];

/// The words of a field, in the order in which they are written.
pub const FIELD_KEYS: [&str; 21] = [
    "name",
    "kind",
    "label",
    "help",
    "to",
    "many",
    "on_delete",
    "required",
    "unique",
    "indexed",
    "localized",
    "choices",
    "min",
    "max",
    "pattern",
    "default",
    "read",
    "write",
    "computed",
    "renamed_from",
    "fields",
];
