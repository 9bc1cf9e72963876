//! What the settings of a generator say about its files.

use serde_json::{Map, Value};

use super::flavour::Flavour;

/// The settings of a site.
#[derive(Debug, Default)]
pub(super) struct Settings {
    pub(super) map: Map<String, Value>,
    languages: Vec<Language>,
    /// Names of the lists in front matter that are taxonomies, besides tags and categories.
    pub(super) taxonomies: Vec<String>,
    /// Jekyll's collections, whose files are in folders with `_` before their names.
    collections: Vec<String>,
    defaults: Vec<Defaults>,
}

#[derive(Debug)]
struct Language {
    code: String,
    /// The folder inside the content that has its files, when it has one of its own.
    folder: Option<String>,
    is_default: bool,
}

/// Front matter that Jekyll gives to many files.
#[derive(Debug)]
struct Defaults {
    path: String,
    kind: Option<String>,
    values: Map<String, Value>,
}

impl Settings {
    pub(super) fn new(flavour: Flavour, map: Map<String, Value>) -> Self {
        let mut settings = Self { map, ..Self::default() };
        match flavour {
            Flavour::Hugo | Flavour::Zola => {
                settings.languages = languages(&settings.map);
                settings.taxonomies = taxonomies(&settings.map);
            }
            Flavour::Jekyll => {
                settings.collections = collections(&settings.map);
                settings.defaults = defaults(&settings.map);
            }
            Flavour::Plain => {}
        }
        settings
    }

    /// Whether the settings name a language.
    pub(super) fn has_language(&self, code: &str) -> bool {
        self.languages.iter().any(|it| it.code.eq_ignore_ascii_case(code))
    }

    /// The language of a file by its folder: its code, its path inside that folder, and the path of the file that it
    /// translates; `None` when languages have no folders of their own.
    pub(super) fn language_of<'p>(&self, path: &'p str) -> Option<(&str, &'p str, Option<String>)> {
        let below = |language: &Language| {
            let folder = language.folder.as_deref()?;
            path.strip_prefix(folder)?.strip_prefix('/')
        };
        let (language, rest) = self.languages.iter().find_map(|it| Some((it, below(it)?)))?;
        let default = self.languages.iter().find(|it| it.is_default && !language.is_default);
        let original = default.and_then(|it| Some(format!("{}/{rest}", it.folder.as_deref()?)));
        Some((&language.code, rest, original))
    }

    /// The collection of Jekyll that a path is in.
    pub(super) fn collection_of(&self, path: &str) -> Option<&str> {
        let (first, _) = path.split_once('/')?;
        let name = first.strip_prefix('_')?;
        self.collections.iter().find(|it| *it == name).map(String::as_str)
    }

    /// Whether a folder with `_` before its name holds entries.
    pub(super) fn is_collection(&self, folder: &str) -> bool {
        let name = folder.strip_prefix('_').unwrap_or(folder);
        matches!(name, "posts" | "drafts") || self.collections.iter().any(|it| it == name)
    }

    /// Adds the front matter that a file has without saying so.
    pub(super) fn add_defaults(&self, path: &str, kind: &str, front: &mut Map<String, Value>) {
        // The longest path says most of a file, and what comes later wins over what came before.
        let mut fitting: Vec<&Defaults> =
            self.defaults.iter().filter(|it| it.fits(path, kind)).collect();
        fitting.sort_by_key(|it| it.path.len());
        for defaults in fitting.iter().rev() {
            for (name, value) in &defaults.values {
                front.entry(name).or_insert_with(|| value.clone());
            }
        }
    }
}

impl Defaults {
    fn fits(&self, path: &str, kind: &str) -> bool {
        let kind_fits = self
            .kind
            .as_deref()
            .is_none_or(|it| it == kind || it.trim_end_matches('s') == kind.trim_end_matches('s'));
        let own = self.path.trim_matches('/');
        let rest = path.strip_prefix(own);
        kind_fits && rest.is_some_and(|it| own.is_empty() || it.is_empty() || it.starts_with('/'))
    }
}

fn text(value: &Value, name: &str) -> Option<String> {
    value.get(name)?.as_str().map(str::to_owned).filter(|it| !it.is_empty())
}

fn languages(map: &Map<String, Value>) -> Vec<Language> {
    let Some(Value::Object(named)) = map.get("languages") else { return Vec::new() };
    let default = ["defaultContentLanguage", "defaultcontentlanguage", "default_language"];
    let default = default.iter().find_map(|it| map.get(*it)?.as_str()).unwrap_or("en");
    let own = named.iter().map(|(code, language)| {
        let folder = text(language, "contentDir").or_else(|| text(language, "contentdir"));
        let folder = folder.map(|it| it.trim_start_matches("content").trim_matches('/').to_owned());
        Language {
            code: code.clone(),
            folder: folder.filter(|it| !it.is_empty()),
            is_default: code == default,
        }
    });
    let mut languages: Vec<Language> = own.collect();
    if !languages.iter().any(|it| it.is_default) {
        languages.push(Language { code: default.to_owned(), folder: None, is_default: true });
    }
    languages
}

/// Hugo names them `series = "series"`, Zola `[{name = "series"}]`.
fn taxonomies(map: &Map<String, Value>) -> Vec<String> {
    let named: Vec<String> = match map.get("taxonomies") {
        Some(Value::Object(map)) => {
            map.values().filter_map(|it| it.as_str().map(str::to_owned)).collect()
        }
        Some(Value::Array(list)) => list.iter().filter_map(|it| text(it, "name")).collect(),
        _ => Vec::new(),
    };
    named
        .into_iter()
        .filter(|it| !matches!(it.as_str(), "tags" | "categories" | "authors"))
        .collect()
}

fn collections(map: &Map<String, Value>) -> Vec<String> {
    match map.get("collections") {
        Some(Value::Object(map)) => map.keys().filter(|it| *it != "posts").cloned().collect(),
        Some(Value::Array(list)) => {
            list.iter().filter_map(|it| it.as_str().map(str::to_owned)).collect()
        }
        _ => Vec::new(),
    }
}

fn defaults(map: &Map<String, Value>) -> Vec<Defaults> {
    let list = map.get("defaults").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let defaults = list.iter().filter_map(|it| {
        let scope = it.get("scope")?;
        let path = text(scope, "path").unwrap_or_default();
        let kind = text(scope, "type");
        let values = it.get("values")?.as_object()?.clone();
        Some(Defaults { path, kind, values })
    });
    defaults.collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

    use super::super::flavour::Flavour;
    use super::Settings;

    fn settings(flavour: Flavour, value: Value) -> Settings {
        Settings::new(flavour, value.as_object().unwrap().clone())
    }

    #[test]
    fn languages_may_have_folders() {
        let hugo = settings(
            Flavour::Hugo,
            json!({"languages": {"en": {"contentDir": "content/english"}, "de": {"contentDir": "content/deutsch"}}}),
        );
        let (code, rest, original) = hugo.language_of("deutsch/posts/a.md").unwrap();
        assert_eq!((code, rest), ("de", "posts/a.md"));
        assert_eq!(original.as_deref(), Some("english/posts/a.md"));
        assert_eq!(hugo.language_of("english/posts/a.md").unwrap().2, None);
        assert!(hugo.language_of("posts/a.md").is_none() && hugo.has_language("de"));
    }

    #[test]
    fn defaults_fill_what_is_not_said() {
        let jekyll = settings(
            Flavour::Jekyll,
            json!({"defaults": [
                {"scope": {"path": ""}, "values": {"author": "Ada", "layout": "x"}},
                {"scope": {"path": "_posts/food", "type": "posts"}, "values": {"author": "Bo"}}]}),
        );
        let author = |path: &str, kind: &str| {
            let mut front = Map::from_iter([("layout".to_owned(), json!("own"))]);
            jekyll.add_defaults(path, kind, &mut front);
            assert_eq!(front["layout"], "own");
            front["author"].clone()
        };
        assert_eq!(author("_posts/food/a.md", "posts"), "Bo");
        assert_eq!(author("_posts/foods/a.md", "posts"), "Ada");
        assert_eq!(author("about.md", "pages"), "Ada");
    }
}
