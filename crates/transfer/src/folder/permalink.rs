//! The address that an entry had.

use serde_json::{Map, Value};

use super::flavour::Flavour;

/// What an address is made of.
pub(super) struct Facts<'a> {
    /// The path inside the content, without its ending and without a date before its name.
    pub(super) folder: &'a str,
    pub(super) slug: &'a str,
    /// The name of the file, which a slug may replace.
    pub(super) name: &'a str,
    pub(super) title: &'a str,
    pub(super) is_post: bool,
    /// The collection of Jekyll, when it is one of its own.
    pub(super) collection: Option<&'a str>,
    pub(super) categories: Vec<&'a str>,
    /// `2020-01-02`.
    pub(super) date: Option<String>,
}

/// The address that the generator made by itself.
pub(super) fn path(flavour: Flavour, config: &Map<String, Value>, facts: &Facts<'_>) -> String {
    if flavour == Flavour::Jekyll {
        return jekyll(config, facts);
    }
    let folder = facts.folder.trim_matches('/');
    let section = folder.split('/').next().unwrap_or_default();
    if flavour == Flavour::Hugo
        && let Some(pattern) = hugo_pattern(config, section)
    {
        return expanded(pattern, facts);
    }
    let before = if folder.is_empty() { String::new() } else { format!("/{folder}") };
    let is_ugly = config.get("uglyURLs").or_else(|| config.get("uglyurls"));
    let ending = if is_ugly == Some(&Value::Bool(true)) { ".html" } else { "/" };
    format!("{before}/{}{ending}", facts.slug)
}

/// A pattern that a file gives itself, with what its names stand for.
pub(super) fn own(flavour: Flavour, pattern: &str, facts: &Facts<'_>) -> String {
    let pattern = if pattern.starts_with('/') { pattern.to_owned() } else { format!("/{pattern}") };
    match flavour {
        Flavour::Jekyll | Flavour::Hugo if pattern.contains(':') => expanded(&pattern, facts),
        _ => pattern,
    }
}

/// `[permalinks] posts = "…"`, or the same below `page`.
fn hugo_pattern<'c>(config: &'c Map<String, Value>, section: &str) -> Option<&'c str> {
    let patterns = config.get("permalinks")?;
    let of = |map: &'c Value| map.get(section)?.as_str();
    of(patterns).or_else(|| of(patterns.get("page")?))
}

fn jekyll(config: &Map<String, Value>, facts: &Facts<'_>) -> String {
    let own = facts.collection.and_then(|it| config.get("collections")?.get(it)?.get("permalink"));
    let common = config.get("permalink");
    let pattern = own.or(common).and_then(Value::as_str).unwrap_or("date");
    let is_pretty = pattern == "pretty" || pattern.ends_with('/');
    if let Some(collection) = facts.collection {
        return match own.and_then(Value::as_str) {
            Some(pattern) => expanded(&pattern.replace(":path", facts.name), facts),
            None if is_pretty => format!("/{collection}/{}/", facts.slug),
            None => format!("/{collection}/{}.html", facts.slug),
        };
    }
    if !facts.is_post {
        let folder = facts.folder.trim_matches('/');
        let before = if folder.is_empty() { String::new() } else { format!("/{folder}") };
        let is_index = facts.name == "index";
        return match (is_index, is_pretty) {
            (true, _) => format!("{before}/"),
            (_, true) => format!("{before}/{}/", facts.slug),
            _ => format!("{before}/{}.html", facts.slug),
        };
    }
    let pattern = match pattern {
        "date" => "/:categories/:year/:month/:day/:title.html",
        "pretty" => "/:categories/:year/:month/:day/:title/",
        "ordinal" => "/:categories/:year/:y_day/:title.html",
        "none" => "/:categories/:title.html",
        other => other,
    };
    expanded(pattern, facts)
}

fn expanded(pattern: &str, facts: &Facts<'_>) -> String {
    let date = facts.date.as_deref().unwrap_or("1970-01-01");
    let mut parts = date.split('-');
    let mut part = || parts.next().unwrap_or_default();
    let (year, month, day) = (part(), part(), part());
    let folder = facts.folder.trim_matches('/');
    let section = folder.split('/').next().unwrap_or_default();
    let categories = facts.categories.join("/").to_lowercase();
    let slugified = smartcms_domain::entries::Slug::from_title(facts.title);
    let title = slugified.as_ref().map_or(facts.slug, |it| it.as_str());
    // Longer names first: `:title` is the beginning of none of them, but `:section` is of `:sections`.
    let names = [
        (":slugorcontentbasename", facts.slug),
        (":slugorfilename", facts.slug),
        (":contentbasename", facts.name),
        (":categories", &categories),
        (":collection", facts.collection.unwrap_or_default()),
        (":short_year", year.get(2..).unwrap_or_default()),
        (":output_ext", ".html"),
        (":sections", folder),
        (":filename", facts.name),
        (":i_month", month.trim_start_matches('0')),
        (":section", section),
        (":i_day", day.trim_start_matches('0')),
        (":month", month),
        (
            ":title",
            if facts.collection.is_some() || facts.is_jekyll_name() { facts.slug } else { title },
        ),
        (":year", year),
        (":slug", facts.slug),
        (":name", facts.name),
        (":day", day),
    ];
    let path =
        names.iter().fold(pattern.to_owned(), |path, (name, value)| path.replace(name, value));
    let mut clean = String::with_capacity(path.len() + 1);
    for part in path.split('/').filter(|it| !it.is_empty()) {
        clean.push('/');
        clean.push_str(part);
    }
    if path.ends_with('/') {
        clean.push('/');
    }
    clean
}

impl Facts<'_> {
    /// In Jekyll `:title` is the name of the file, in Hugo the title.
    fn is_jekyll_name(&self) -> bool {
        self.title.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::flavour::Flavour;
    use super::{Facts, own, path};

    fn facts(title: &'static str) -> Facts<'static> {
        Facts {
            folder: "posts/sub",
            slug: "a-b",
            name: "a-b",
            title,
            is_post: true,
            collection: None,
            categories: vec!["Food", "Soup"],
            date: Some("2020-01-02".to_owned()),
        }
    }

    #[track_caller]
    fn check(flavour: Flavour, config: Value, title: &'static str, expected: &str) {
        assert_eq!(path(flavour, config.as_object().unwrap(), &facts(title)), expected);
    }

    #[test]
    fn addresses_follow_the_settings() {
        check(Flavour::Hugo, json!({}), "T", "/posts/sub/a-b/");
        check(Flavour::Hugo, json!({"uglyURLs": true}), "T", "/posts/sub/a-b.html");
        let pattern = json!({"permalinks": {"posts": "/:year/:month/:title/"}});
        check(Flavour::Hugo, pattern, "My Title", "/2020/01/my-title/");
        let pattern = json!({"permalinks": {"page": {"posts": "/:sections/:slug"}}});
        check(Flavour::Hugo, pattern, "T", "/posts/sub/a-b");
        check(Flavour::Jekyll, json!({}), "", "/food/soup/2020/01/02/a-b.html");
        check(Flavour::Jekyll, json!({"permalink": "/b/:i_day/:title/"}), "", "/b/2/a-b/");
        let got = own(Flavour::Jekyll, "x/:year/:title", &facts(""));
        assert_eq!(got, "/x/2020/a-b");
    }
}
