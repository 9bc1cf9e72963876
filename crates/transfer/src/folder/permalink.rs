//! The address that an entry had.

use serde_json::{Map, Value};

use super::flavour::Flavour;

/// What an address is made of.
pub(super) struct Facts<'a> {
    /// The path inside the content, without its ending and without a date before its name.
    pub(super) folder: &'a str,
    pub(super) slug: &'a str,
    pub(super) is_post: bool,
    pub(super) categories: Vec<&'a str>,
    /// `2020-01-02`.
    pub(super) date: Option<String>,
}

/// The address that the generator made by itself.
pub(super) fn path(flavour: Flavour, config: &Map<String, Value>, facts: &Facts<'_>) -> String {
    if flavour == Flavour::Jekyll && facts.is_post {
        let pattern = config.get("permalink").and_then(Value::as_str).unwrap_or("date");
        return jekyll(pattern, facts);
    }
    let folder = facts.folder.trim_matches('/');
    let before = if folder.is_empty() { String::new() } else { format!("/{folder}") };
    match flavour {
        Flavour::Jekyll => format!("{before}/{}.html", facts.slug),
        _ => format!("{before}/{}/", facts.slug),
    }
}

fn jekyll(pattern: &str, facts: &Facts<'_>) -> String {
    let pattern = match pattern {
        "date" => "/:categories/:year/:month/:day/:title.html",
        "pretty" => "/:categories/:year/:month/:day/:title/",
        "none" => "/:categories/:title.html",
        other => other,
    };
    let date = facts.date.as_deref().unwrap_or("1970-01-01");
    let mut parts = date.split('-');
    let mut part = || parts.next().unwrap_or_default();
    let (year, month, day) = (part(), part(), part());
    let path = pattern
        .replace(":categories", &facts.categories.join("/").to_lowercase())
        .replace(":i_month", month.trim_start_matches('0'))
        .replace(":i_day", day.trim_start_matches('0'))
        .replace(":short_year", year.get(2..).unwrap_or_default())
        .replace(":year", year)
        .replace(":month", month)
        .replace(":day", day)
        .replace(":title", facts.slug)
        .replace(":slug", facts.slug)
        .replace(":name", facts.slug)
        .replace(":output_ext", ".html");
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
