//! Collections from the files `collections/*.toml` of a site.

mod file;

use std::path::{Path, PathBuf};

use smartcms_app::Collections;
use smartcms_domain::collections::{CollectionDefinition, FieldKind};

use self::file::Wrong;
use crate::error::ConfigError;
use crate::nearest::nearest;

/// The collections of a site that defines none, as the files that `smartcms init` writes.
pub const DEFAULT_COLLECTIONS: &[(&str, &str)] = &[
    ("posts.toml", include_str!("../../collections/posts.toml")),
    ("pages.toml", include_str!("../../collections/pages.toml")),
    ("authors.toml", include_str!("../../collections/authors.toml")),
    ("tags.toml", include_str!("../../collections/tags.toml")),
    ("categories.toml", include_str!("../../collections/categories.toml")),
];

/// The most collections of one site.
const COLLECTIONS_MAX: usize = 200;

/// Reads a site's collections in the order of their file names; a site without any has the usual ones.
pub fn load_collections(site: &Path) -> Result<Collections, ConfigError> {
    let folder = site.join("collections");
    let mut definitions = Vec::new();
    for path in files_in(&folder)? {
        let text = std::fs::read_to_string(&path)
            .map_err(|source| ConfigError::Read { path: path.clone(), source })?;
        definitions.push(parse(&path, &text)?);
    }
    if definitions.is_empty() {
        for (name, text) in DEFAULT_COLLECTIONS {
            definitions.push(parse(Path::new(name), text)?);
        }
    }
    if definitions.len() > COLLECTIONS_MAX {
        let reason = format!("{} collections; {COLLECTIONS_MAX} is the limit", definitions.len());
        return Err(ConfigError::Collection { path: folder, reason });
    }
    check_relations(&folder, &definitions)?;
    Ok(Collections::new(definitions))
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
    file::parse(stem, text).map_err(|wrong| match wrong {
        Wrong::Syntax(source) => {
            ConfigError::Syntax { path: path.to_owned(), source: Box::new(source) }
        }
        Wrong::Meaning(start, reason) => {
            let line = text.bytes().take(start).filter(|it| *it == b'\n').count() + 1;
            ConfigError::Collection {
                path: path.to_owned(),
                reason: format!("line {line}: {reason}"),
            }
        }
    })
}

/// Relations have to lead somewhere.
fn check_relations(folder: &Path, definitions: &[CollectionDefinition]) -> Result<(), ConfigError> {
    for definition in definitions {
        for field in &definition.fields {
            let FieldKind::Relation(relation) = &field.kind else { continue };
            if definitions.iter().any(|it| it.name == relation.to) {
                continue;
            }
            let names: Vec<&str> = definitions.iter().map(|it| it.name.as_str()).collect();
            let meant = nearest(relation.to.as_str(), names.iter().copied());
            let meant = meant.map(|it| format!("; did you mean `{it}`?")).unwrap_or_default();
            let reason = format!(
                "the field `{}` points to the collection `{}`, which is not there{meant}",
                field.name, relation.to
            );
            let path = folder.join(format!("{}.toml", definition.name));
            return Err(ConfigError::Collection { path, reason });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{load_collections, parse};

    #[test]
    fn a_site_without_collections_has_the_usual_ones() {
        let collections = load_collections(Path::new("/nonexistent-site")).unwrap();
        let all = collections.all();
        let names: Vec<&str> = all.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(names, ["posts", "pages", "authors", "tags", "categories"]);
        assert_eq!(collections.find("posts").unwrap().fields.first().unwrap().label, "Title");
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
    }

    #[test]
    fn a_field_that_does_not_fit_is_named_with_its_line() {
        let roles = "title = \"title\"\n";
        let field = |rest: &str| format!("{HEAD}{roles}[[fields]]\nname = \"title\"\n{rest}");
        for (rest, expected) in [
            (
                "kind = \"select\"\n",
                "line 7: the field `title` is of the kind `select`, which needs `choices`",
            ),
            (
                "kind = \"text\"\nto = \"x\"\n",
                "line 7: the field `title` has `to`, which only the kinds relation have",
            ),
            (
                "kind = \"json\"\nunique = true\n",
                "line 6: the field `title` cannot be unique or indexed: only fields of the collection itself that hold one value can",
            ),
            (
                "kind = \"integer\"\ndefault = \"a\"\n",
                "line 6: the field `title` has a default that it refuses: Title has to be a whole number of 64 bits",
            ),
            (
                "kind = \"text\"\npattern = \"(\"\n",
                "line 8: the pattern `(` cannot be used: error: unclosed group",
            ),
        ] {
            check_error(&field(rest), &format!("notes.toml: {expected}"));
        }
    }
}
