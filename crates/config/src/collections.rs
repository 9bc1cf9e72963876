//! Collections from the files `collections/*.toml` of a site.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use smartcms_app::Collections;
use smartcms_domain::collections::{
    CollectionDefinition, CollectionName, FieldDefinition, FieldKind, FieldName, UrlPattern,
};

use crate::error::ConfigError;
use crate::nearest::nearest;

/// The collections of a site that defines none, as the files that `smartcms init` writes.
pub const DEFAULT_COLLECTIONS: &[(&str, &str)] = &[
    ("posts.toml", include_str!("../collections/posts.toml")),
    ("pages.toml", include_str!("../collections/pages.toml")),
];

/// The most collections of one site.
const COLLECTIONS_MAX: usize = 200;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CollectionFile {
    label: String,
    label_one: String,
    url: String,
    #[serde(default)]
    listed: bool,
    title: String,
    body: String,
    fields: Vec<FieldFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FieldFile {
    name: String,
    kind: String,
    label: Option<String>,
    #[serde(default)]
    required: bool,
    max: Option<usize>,
    help: Option<String>,
}

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
    let syntax = |source| ConfigError::Syntax { path: path.to_owned(), source: Box::new(source) };
    let file: CollectionFile = toml::from_str(text).map_err(syntax)?;
    let wrong = |reason: String| ConfigError::Collection { path: path.to_owned(), reason };
    let stem = path.file_stem().and_then(|it| it.to_str()).unwrap_or_default();
    definition(stem, file).map_err(wrong)
}

fn definition(stem: &str, file: CollectionFile) -> Result<CollectionDefinition, String> {
    let said = |error: &dyn std::error::Error| error.to_string();
    let name = CollectionName::parse(stem)
        .map_err(|it| format!("the file's name is the collection's: {it}"))?;
    let fields = file.fields.into_iter().map(field).collect::<Result<Vec<_>, _>>()?;
    let definition = CollectionDefinition {
        name,
        label: file.label,
        label_one: file.label_one,
        url: Some(UrlPattern::parse(&file.url).map_err(|it| said(&it))?),
        listed: file.listed,
        fields,
        title: FieldName::parse(&file.title).map_err(|it| said(&it))?,
        body: Some(FieldName::parse(&file.body).map_err(|it| said(&it))?),
        taxonomy: None,
        drafts: true,
    };
    definition.check().map_err(|it| said(&it))
}

fn field(file: FieldFile) -> Result<FieldDefinition, String> {
    let kind = FieldKind::plain(&file.kind).ok_or_else(|| unknown_kind(&file))?;
    let name = FieldName::parse(&file.name).map_err(|it| it.to_string())?;
    let mut field = FieldDefinition::new(name, kind);
    field.label = file.label.unwrap_or(field.label);
    field.required = file.required;
    field.localized = true;
    field.bounds.max = file.max.map(serde_json::Number::from);
    field.help = file.help;
    Ok(field)
}

fn unknown_kind(file: &FieldFile) -> String {
    let names = FieldKind::NAMES;
    let meant = nearest(&file.kind, names.iter().copied());
    let meant = meant.map(|it| format!("; did you mean `{it}`?")).unwrap_or_default();
    format!(
        "field `{}` has the unknown kind `{}`; kinds are {}{meant}",
        file.name,
        file.kind,
        names.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{load_collections, parse};

    #[test]
    fn a_site_without_collections_has_posts_and_pages() {
        let collections = load_collections(Path::new("/nonexistent-site")).unwrap();
        let all = collections.all();
        let names: Vec<&str> = all.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(names, ["posts", "pages"]);
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
            "notes.toml: field `title` has the unknown kind `txt`; kinds are text, long_text, rich_text, \
             markdown, integer, number, boolean, date, date_time, select, multi_select, slug, email, url, colour, \
             json, geo_point, asset, assets, relation, group, repeater; did you mean `text`?",
        );
        check_error(
            &format!("{HEAD}{roles}{}", field("title", "text")),
            "notes.toml: `body = \"body\"` names no field of the collection",
        );
        check_error("label = ", "notes.toml is not valid TOML");
    }
}
