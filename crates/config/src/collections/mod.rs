//! Collections from the files `collections/*.toml` of a site.

mod file;
mod write;

use std::path::{Path, PathBuf};

use smartcms_domain::collections::{CollectionDefinition, CollectionName, problems_of_set};

use self::file::{File, Located};
pub use self::write::collection_file;
use crate::error::ConfigError;

/// The collections of a site that defines none, as the files that `smartcms init` writes.
pub const DEFAULT_COLLECTIONS: &[(&str, &str)] = &[
    ("posts.toml", include_str!("../../collections/posts.toml")),
    ("pages.toml", include_str!("../../collections/pages.toml")),
    ("authors.toml", include_str!("../../collections/authors.toml")),
    ("tags.toml", include_str!("../../collections/tags.toml")),
    ("categories.toml", include_str!("../../collections/categories.toml")),
];

/// The definitions that a site's files say, in the order of the files' names, beside others that are kept elsewhere. A file
/// counts for more than what is kept elsewhere under its name.
pub fn load_collections(
    site: &Path,
    kept: &[CollectionDefinition],
) -> Result<Vec<CollectionDefinition>, ConfigError> {
    let folder = site.join("collections");
    let mut texts = Vec::new();
    for path in files_in(&folder)? {
        let text = std::fs::read_to_string(&path)
            .map_err(|source| ConfigError::Read { path: path.clone(), source })?;
        texts.push((path, text));
    }
    let definitions: Vec<CollectionDefinition> =
        texts.iter().map(|(path, text)| parse(path, text)).collect::<Result<_, _>>()?;
    check_set(&folder, &texts, &definitions, kept)?;
    Ok(definitions)
}

/// The definitions of a new site without files.
pub fn default_collections() -> Result<Vec<CollectionDefinition>, ConfigError> {
    if cfg!(target_family = "wasm") {
        return written_as_json();
    }
    DEFAULT_COLLECTIONS.iter().map(|(name, text)| parse(Path::new(name), text)).collect()
}

/// The same from what `build.rs` made of them.
fn written_as_json() -> Result<Vec<CollectionDefinition>, ConfigError> {
    let text = include_str!(concat!(env!("OUT_DIR"), "/collections.json"));
    let all: Vec<(String, serde_json::Value)> = serde_json::from_str(text).unwrap_or_default();
    let read = |(name, document): (String, serde_json::Value)| {
        let path = Path::new(&name);
        let wrong = |reason: String| ConfigError::Collection { path: path.to_owned(), reason };
        let name = CollectionName::parse(&name).map_err(|it| wrong(it.to_string()))?;
        CollectionDefinition::read(name, &document).map_err(|problems| {
            wrong(problems.into_iter().map(|it| it.message).collect::<Vec<_>>().join("\n  "))
        })
    };
    all.into_iter().map(read).collect()
}

fn files_in(folder: &Path) -> Result<Vec<PathBuf>, ConfigError> {
    let failed = |source| ConfigError::Read { path: folder.to_owned(), source };
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(failed(error)),
    };
    let mut paths = Vec::new();
    for entry in entries {
        let path = entry.map_err(failed)?.path();
        if path.extension().is_some_and(|it| it == "toml") {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

fn parse(path: &Path, text: &str) -> Result<CollectionDefinition, ConfigError> {
    let stem = path.file_stem().and_then(|it| it.to_str()).unwrap_or_default();
    let file = File::parse(text).map_err(|source| ConfigError::Syntax {
        path: path.to_owned(),
        source: Box::new(source),
    })?;
    file.definition(stem).map_err(|problems| wrong(path, &problems))
}

/// What is wrong with a file, each in a line of its own.
fn wrong(path: &Path, problems: &[Located]) -> ConfigError {
    let told = problems.iter().map(|it| format!("line {}: {}", it.line, it.message));
    ConfigError::Collection { path: path.to_owned(), reason: told.collect::<Vec<_>>().join("\n  ") }
}

/// What has to be true of all collections together.
fn check_set(
    folder: &Path,
    texts: &[(PathBuf, String)],
    definitions: &[CollectionDefinition],
    kept: &[CollectionDefinition],
) -> Result<(), ConfigError> {
    let in_files = |it: &&CollectionDefinition| definitions.iter().all(|file| file.name != it.name);
    let mut all: Vec<CollectionDefinition> = kept.iter().filter(in_files).cloned().collect();
    all.extend_from_slice(definitions);
    let problems = problems_of_set(&all);
    let Some((name, _)) = problems.first() else { return Ok(()) };
    let of_it: Vec<_> = problems.iter().filter(|(it, _)| it == name).map(|it| &it.1).collect();
    let path = folder.join(format!("{name}.toml"));
    let text = texts.iter().find(|(it, _)| *it == path).map(|(_, text)| text.as_str());
    match text.map(File::parse).and_then(Result::ok) {
        Some(file) => {
            let located: Vec<Located> = of_it.iter().map(|it| file.locate(it)).collect();
            Err(wrong(&path, &located))
        }
        None => {
            let told: Vec<&str> = of_it.iter().map(|it| it.message.as_str()).collect();
            let reason = format!(
                "the collection `{name}`, which the database keeps, does not fit beside the files: {}",
                told.join("; ")
            );
            Err(ConfigError::Collection { path: folder.to_owned(), reason })
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{collection_file, default_collections, load_collections, parse};

    #[test]
    fn the_usual_collections_fit_together() {
        let all = default_collections().unwrap();
        let names: Vec<&str> = all.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(names, ["posts", "pages", "authors", "tags", "categories"]);
        assert_eq!(all.first().unwrap().fields.first().unwrap().label, "Title");
        assert_eq!(super::written_as_json().unwrap(), all);
        assert!(load_collections(Path::new("/nonexistent-site"), &all).unwrap().is_empty());
    }

    #[test]
    fn a_definition_that_is_written_to_a_file_is_read_back_from_it() {
        for definition in default_collections().unwrap() {
            let text = collection_file(&definition);
            let path = format!("{}.toml", definition.name);
            assert_eq!(parse(Path::new(&path), &text).unwrap(), definition, "{text}");
        }
    }

    #[track_caller]
    fn check_error(file: &str, expected: &str) {
        let error = parse(Path::new("notes.toml"), file).unwrap_err();
        assert_eq!(error.to_string(), expected);
    }

    const HEAD: &str = "label = \"Notes\"\nlabel_one = \"Note\"\nurl = \"/notes/{slug}\"\n";

    #[test]
    fn a_wrong_definition_says_what_is_wrong() {
        let field =
            |name: &str, kind: &str| format!("[[fields]]\nname = \"{name}\"\nkind = \"{kind}\"\n");
        let roles = "title = \"title\"\nbody = \"body\"\n";
        check_error(
            &format!("{HEAD}{roles}{}", field("title", "txt")),
            "notes.toml: line 8: the field `title` has the unknown kind `txt`; kinds are text, long_text, rich_text, \
             markdown, integer, number, boolean, date, date_time, select, multi_select, slug, email, url, colour, \
             json, geo_point, asset, assets, relation, group, repeater; did you mean `text`?",
        );
        check_error(
            &format!("{HEAD}{roles}{}", field("title", "text")),
            "notes.toml: line 5: `body = \"body\"` names no field of the collection",
        );
        check_error(
            &format!("{HEAD}title = \"title\"\nimage = \"title\"\n{}", field("title", "text")),
            "notes.toml: line 5: `image = \"title\"` names a field of the kind text; it has to be asset or assets",
        );
        check_error("label = ", "notes.toml is not valid TOML");
        check_error(
            &format!("lable = 1\n{HEAD}{roles}{}", field("title", "txt"))
                .replace("kind = \"txt\"\n", ""),
            "notes.toml: line 1: there is no `lable` here; did you mean `label`?\n  \
             line 8: the field `title` needs `kind`",
        );
    }

    #[test]
    fn a_definition_can_say_everything() {
        let file = r##"
label = "Books"
label_one = "Book"
title = "title"
drafts = false

[[fields]]
name = "title"
kind = "text"
required = true
localized = true
[[fields]]
name = "isbn"
kind = "text"
unique = true
pattern = "[0-9]{13}"
[[fields]]
name = "price"
kind = "number"
min = 0
max = 999.5
default = 10
read = "author"
write = "editor"
[[fields]]
name = "genre"
kind = "select"
choices = ["novel", { value = "scifi", label = "Science fiction" }]
default = "novel"
[[fields]]
name = "sequel"
kind = "relation"
to = "books"
on_delete = "restrict"
[[fields]]
name = "chapters"
kind = "repeater"
[[fields.fields]]
name = "name"
kind = "text"
"##;
        let books = parse(Path::new("books.toml"), file).unwrap();
        assert!(!books.drafts && books.url.is_none() && books.body.is_none());
        let kinds: Vec<&str> = books.fields.iter().map(|it| it.kind.name()).collect();
        assert_eq!(kinds, ["text", "text", "number", "select", "relation", "repeater"]);
        assert_eq!(books.field("price").unwrap().access.read.unwrap().name(), "author");
        let text = collection_file(&books);
        assert_eq!(parse(Path::new("books.toml"), &text).unwrap(), books, "{text}");
        assert_eq!(
            text.trim(),
            file.trim().replace("\n\n", "\n").replace("\n[[", "\n\n[["),
            "as one would write it"
        );
    }

    #[test]
    fn a_field_that_does_not_fit_is_named_with_its_line() {
        let roles = "title = \"title\"\n";
        let field = |rest: &str| format!("{HEAD}{roles}[[fields]]\nname = \"title\"\n{rest}");
        for (rest, expected) in [
            (
                "kind = \"select\"\n",
                "line 6: the field `title` is of the kind `select`, which needs `choices`",
            ),
            (
                "kind = \"text\"\nto = \"x\"\n",
                "line 8: the field `title` has `to`, which only the kinds relation have",
            ),
            (
                "kind = \"json\"\nunique = true\n",
                "line 8: the field `title` cannot be unique or indexed: only fields of the collection itself that hold one value can",
            ),
            (
                "kind = \"integer\"\ndefault = \"a\"\n",
                "line 8: the field `title` has a default that it refuses: Title has to be a whole number of 64 bits",
            ),
            (
                "kind = \"text\"\npattern = \"(\"\n",
                "line 8: the pattern `(` cannot be used: found open group without closing ')'",
            ),
        ] {
            check_error(&field(rest), &format!("notes.toml: {expected}"));
        }
    }

    #[test]
    fn a_relation_has_to_lead_somewhere_and_says_its_line_when_it_does_not() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("collections")).unwrap();
        let path = folder.path().join("collections/notes.toml");
        let relation = "[[fields]]\nname = \"by\"\nkind = \"relation\"\nto = \"authors\"\n";
        let field = "[[fields]]\nname = \"title\"\nkind = \"text\"\n";
        std::fs::write(&path, format!("{HEAD}title = \"title\"\n{field}{relation}")).unwrap();
        let error = load_collections(folder.path(), &[]).unwrap_err().to_string();
        let expected =
            "line 11: the field `by` points to the collection `authors`, which is not there";
        assert!(error.ends_with(expected), "{error}");
        let kept = default_collections().unwrap();
        assert_eq!(load_collections(folder.path(), &kept).unwrap().len(), 1, "the database has it");
    }
}
