//! What one file of a folder means.

use serde_json::{Map, Value};

use super::flavour::Flavour;
use super::front_matter::{self, Format};
use super::people::People;
use super::permalink::{self, Facts};
use super::shortcodes::Names;
use super::{Page, marks, menus, shortcodes};
use crate::error::Place;
use crate::html::plain_text;
use crate::item::{Body, ImportedEntry, Item, SourceStatus};
use crate::note::{Note, NoteKind};
use crate::time::parse_date;

/// Folders whose files are posts whatever they say.
const POST_FOLDERS: &[&str] = &["post", "posts", "blog", "_posts", "_drafts", "articles", "news"];

/// The front matter, from which what is understood is taken out.
struct Front(Map<String, Value>);

impl Front {
    fn take(&mut self, names: &[&str]) -> Option<Value> {
        let found: Vec<Value> = names.iter().filter_map(|name| self.0.remove(*name)).collect();
        found.into_iter().find(|it| !it.is_null())
    }

    fn text(&mut self, names: &[&str]) -> Option<String> {
        match self.take(names)? {
            Value::String(text) => Some(text.trim().to_owned()).filter(|it| !it.is_empty()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }

    fn flag(&mut self, names: &[&str]) -> Option<bool> {
        match self.take(names)? {
            Value::Bool(is) => Some(is),
            Value::String(text) => Some(text == "true"),
            _ => None,
        }
    }

    /// A list, or words: Jekyll parts them by spaces, others by commas.
    fn list(&mut self, names: &[&str], by_spaces: bool) -> Vec<String> {
        let names_of = |value: Value| match value {
            Value::Array(values) => values.iter().filter_map(name_of).collect(),
            Value::String(text) if text.contains(',') => {
                text.split(',').map(|it| it.trim().to_owned()).collect()
            }
            Value::String(text) if by_spaces => {
                text.split_whitespace().map(str::to_owned).collect()
            }
            other => name_of(&other).into_iter().collect::<Vec<_>>(),
        };
        let mut list: Vec<String> =
            names.iter().filter_map(|name| self.0.remove(*name)).flat_map(names_of).collect();
        list.retain(|it| !it.is_empty());
        list
    }
}

fn name_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The items that a file is: new people and terms, then the entry and what goes with it.
pub(super) fn items(page: &Page<'_>, people: &mut People) -> Vec<Item> {
    let is_html = page.path.ends_with(".html") || page.path.ends_with(".htm");
    let skipped = |message: &str| {
        vec![Item::Note(Note::new(NoteKind::Skipped, &page.place, page.path, message))]
    };
    let parts = front_matter::split(page.text);
    if parts.is_none() && is_html {
        return skipped("it is an HTML file without front matter");
    }
    let (format, front, body, line) = match parts {
        Some(it) => (it.format, it.front, it.body, it.line),
        None => (Format::Yaml, "", page.text, 0),
    };
    let mut front = match front_matter::parse(format, front) {
        Ok(front) => Front(front),
        Err(mistake) => {
            let place = Place { line: line + mistake.line.saturating_sub(1), ..page.place.clone() };
            let message = format!("its front matter cannot be read: {mistake}");
            return vec![Item::Note(Note::new(NoteKind::EntryFailed, &place, page.path, message))];
        }
    };
    let name = Name::of(page);
    if name.is_section && body.trim().is_empty() {
        return skipped("it only describes its folder, and has no text");
    }
    if matches!(name.stem.as_str(), "404" | "search") && name.folder.is_empty() {
        return skipped("the site makes this page itself");
    }
    if page.flavour == Flavour::Jekyll {
        let kind =
            name.collection.as_deref().unwrap_or(if name.is_in_posts { "posts" } else { "pages" });
        page.settings.add_defaults(page.path, kind, &mut front.0);
    }
    let mut items = Vec::new();
    let menus = menus::of_entry(&mut front.0, page);
    let entry = entry(page, front, body, &name, is_html, people, &mut items);
    items.push(Item::Entry(Box::new(entry)));
    items.extend(menus);
    items
}

/// What the path of a file says.
struct Name {
    stem: String,
    folder: String,
    date: Option<String>,
    locale: Option<String>,
    /// The path of the file that it translates.
    original: Option<String>,
    is_section: bool,
    /// Whether it is in one of Jekyll's folders of posts.
    is_in_posts: bool,
    /// The collection of Jekyll that it is in.
    collection: Option<String>,
}

impl Name {
    fn of(page: &Page<'_>) -> Self {
        let flavour = page.flavour;
        let language = page.settings.language_of(page.path);
        let path = language.as_ref().map_or(page.path, |(_, rest, _)| rest);
        let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
        let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
        let (stem, in_name) = match stem.rsplit_once('.') {
            Some((stem, locale)) if flavour != Flavour::Jekyll && page.is_language(locale) => {
                (stem, Some(locale))
            }
            _ => (stem, None),
        };
        let original = match (&language, in_name) {
            (Some((_, _, original)), _) => original.clone(),
            (None, Some(locale)) => Some(page.path.replacen(&format!(".{locale}."), ".", 1)),
            (None, None) => None,
        };
        let locale = language.map(|(code, ..)| code).or(in_name).map(str::to_owned);
        let is_bundle = matches!(stem, "index" | "_index") && !folder.is_empty();
        let is_section = stem == "_index";
        let (folder, stem) = if is_bundle {
            folder.rsplit_once('/').unwrap_or(("", folder))
        } else {
            (folder, stem)
        };
        let (date, stem) = if flavour == Flavour::Hugo { (None, stem) } else { dated(stem) };
        let is_jekyll = flavour == Flavour::Jekyll;
        Self {
            stem: stem.to_owned(),
            folder: folder.to_owned(),
            date,
            locale,
            original: original.filter(|it| page.has(it)).map(|it| format!("file:{it}")),
            is_section,
            is_in_posts: is_jekyll && path.split('/').any(|it| matches!(it, "_posts" | "_drafts")),
            collection: page.settings.collection_of(path).map(str::to_owned),
        }
    }
}

impl Page<'_> {
    /// Whether a part of a name is a language: one that the settings name, or one of a file that stands beside another.
    fn is_language(&self, part: &str) -> bool {
        let original = self.path.replacen(&format!(".{part}."), ".", 1);
        self.settings.has_language(part) || (is_locale(part) && self.has(&original))
    }
}

fn is_locale(text: &str) -> bool {
    let language = text.split(['-', '_']).next().unwrap_or_default();
    language.len() == 2 && text.chars().all(|it| it.is_ascii_alphabetic() || it == '-' || it == '_')
}

/// `2020-01-02-name` and `2020-1-2_name`.
fn dated(stem: &str) -> (Option<String>, &str) {
    let mut parts = stem.splitn(4, ['-', '_']);
    let (Some(year), Some(month), Some(day), Some(name)) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return (None, stem);
    };
    let date = format!("{year}-{month}-{day}");
    match parse_date(&date) {
        Some(at) if !name.is_empty() => (Some(at.date()), name),
        _ => (None, stem),
    }
}

fn entry(
    page: &Page<'_>,
    mut front: Front,
    body: &str,
    name: &Name,
    is_html: bool,
    people: &mut People,
    items: &mut Vec<Item>,
) -> ImportedEntry {
    let mut entry = ImportedEntry::new(format!("file:{}", page.path), "pages", page.place.clone());
    entry.size = page.text.len() as u64;
    let (title, body) = title_and_body(&mut front, body, name);
    entry.title = title;
    let names = Names { site: &page.settings.map, page: &front.0 };
    let replaced = shortcodes::replaced(page.flavour, body, &names);
    entry.slug = front.text(&["slug", "basename"]).or_else(|| Some(name.stem.clone()));
    entry.locale = front.text(&["lang", "language", "locale"]).or_else(|| name.locale.clone());
    entry.translation_of = name.original.clone();
    entry.excerpt = front.text(&["summary", "excerpt", "description"]).map(|it| plain_text(&it));
    entry.picture = picture(&mut front);
    entry.position =
        front.text(&["weight", "menu_order", "nav_order"]).and_then(|it| it.parse().ok());
    entry.featured = front.flag(&["featured", "pinned", "sticky"]).unwrap_or(false);
    dates(&mut front, name, &mut entry);
    status(page, &mut front, &mut entry);
    is_post(&mut front, name, &mut entry);
    people_and_terms(page, &mut front, people, items, &mut entry);
    folder_categories(page, name, people, items, &mut entry);
    address(page, &mut front, name, &mut entry);
    for (kind, message) in replaced.notes {
        entry.note(kind, message);
    }
    if replaced.is_program && entry.collection == "pages" && entry.status != SourceStatus::Draft {
        entry.status = SourceStatus::Draft;
        let message = "its text is a program that the old site ran to make the page; it is a draft until somebody looks at it";
        entry.note(NoteKind::StatusLowered, message);
    }
    let text = marks::without_attributes(page.flavour, &replaced.text);
    entry.body = if is_html { Body::Html(text) } else { Body::Markdown(text) };
    flatten(&mut front);
    entry.meta = front.0;
    entry
}

/// In Jekyll the folders above `_posts` are categories.
fn folder_categories(
    page: &Page<'_>,
    name: &Name,
    people: &mut People,
    items: &mut Vec<Item>,
    entry: &mut ImportedEntry,
) {
    if page.flavour != Flavour::Jekyll {
        return;
    }
    let above = name.folder.split("_posts").next().filter(|_| name.is_in_posts).unwrap_or_default();
    for folder in above.split('/').filter(|it| !it.is_empty() && !it.starts_with('_')) {
        let term = people.term("categories", folder, &page.place, items);
        if !entry.terms.contains(&term) {
            entry.terms.insert(0, term);
        }
    }
}

/// Zola keeps the values of a theme apart.
fn flatten(front: &mut Front) {
    front.0.remove("layout");
    front.0.remove("template");
    if let Some(Value::Object(extra)) = front.0.remove("extra") {
        for (name, value) in extra {
            front.0.entry(name).or_insert(value);
        }
    }
}

/// Without a title of its own an entry is named by its first heading, or by its file.
fn title_and_body<'a>(front: &mut Front, body: &'a str, name: &Name) -> (String, &'a str) {
    let trimmed = body.trim_start();
    if let Some(title) = front.text(&["title"]) {
        let title = plain_text(&title);
        // A heading that says the title once more would stand twice on the page.
        let (line, rest) = trimmed.split_once('\n').unwrap_or((trimmed, ""));
        let heading = line.strip_prefix("# ").map(|it| plain_text(it.trim().trim_end_matches('#')));
        return (title.clone(), if heading == Some(title) { rest } else { body });
    }
    if let Some(heading) = trimmed.strip_prefix("# ") {
        let (line, rest) = heading.split_once('\n').unwrap_or((heading, ""));
        return (plain_text(line.trim().trim_end_matches('#')), rest);
    }
    let mut words = name.stem.replace(['-', '_'], " ");
    if let Some(first) = words.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    (words, body)
}

fn picture(front: &mut Front) -> Option<String> {
    let names =
        ["featured_image", "feature_image", "image", "cover", "thumbnail", "images", "banner"];
    let found = front.take(&names)?;
    let text = match &found {
        Value::Array(values) => values.first()?.as_str(),
        Value::Object(map) => {
            ["image", "src", "path", "url"].iter().find_map(|it| map.get(*it)?.as_str())
        }
        other => other.as_str(),
    };
    text.filter(|it| !it.is_empty()).map(str::to_owned)
}

fn dates(front: &mut Front, name: &Name, entry: &mut ImportedEntry) {
    let written = front.text(&["date"]);
    let published = front.text(&["publishDate", "pubdate", "published_at", "published_date"]);
    let updated = front.text(&["lastmod", "updated", "last_modified_at", "modified"]);
    let ends = front.text(&["expiryDate", "expirydate", "unpublishdate"]);
    entry.unpublished_at = ends.as_deref().and_then(parse_date);
    let date = written.as_deref().and_then(parse_date);
    if let Some(written) = written.filter(|_| date.is_none()) {
        entry.note(NoteKind::DateChanged, format!("its date `{written}` is none"));
    }
    let date = date.or_else(|| name.date.as_deref().and_then(parse_date));
    let published = published.as_deref().and_then(parse_date);
    entry.created_at = date.or(published);
    entry.published_at = published.or(date);
    entry.updated_at = updated.as_deref().and_then(parse_date);
}

fn status(page: &Page<'_>, front: &mut Front, entry: &mut ImportedEntry) {
    let is_draft = front.flag(&["draft"]).unwrap_or(false);
    let is_published = front.flag(&["published"]).unwrap_or(true);
    let in_drafts = page.path.split('/').any(|it| it == "_drafts");
    let draft = is_draft || !is_published || in_drafts;
    let has_no_page = front.flag(&["headless"]).unwrap_or(false)
        || front.flag(&["render"]) == Some(false)
        || ["build", "_build"].iter().any(|it| {
            let render = front.0.get(*it).and_then(|it| it.get("render"));
            render.is_some_and(|it| {
                matches!(it, Value::Bool(false)) || *it == "never" || *it == "link"
            })
        });
    if has_no_page && !draft {
        entry.status = SourceStatus::Draft;
        let message = "it had no page of its own; it is a draft";
        return entry.note(NoteKind::StatusLowered, message);
    }
    entry.status = if draft { SourceStatus::Draft } else { SourceStatus::Published };
}

fn is_post(front: &mut Front, name: &Name, entry: &mut ImportedEntry) {
    let section = name.folder.split('/').find(|it| !it.is_empty()).unwrap_or_default().to_owned();
    if let Some(collection) = &name.collection {
        entry.collection.clone_from(collection);
        return;
    }
    let in_posts = name.folder.split('/').any(|it| POST_FOLDERS.contains(&it));
    let kind = front
        .0
        .get("type")
        .and_then(Value::as_str)
        .filter(|it| !matches!(*it, "page" | "post" | "posts"));
    entry.section =
        kind.map(str::to_owned).or_else(|| Some(section.clone()).filter(|it| !it.is_empty()));
    if name.is_section
        || name.is_in_posts
        || matches!(entry.section.as_deref(), Some("pages" | "authors" | "tags" | "categories"))
    {
        entry.section = None;
    }
    let layout = front.0.get("layout").or_else(|| front.0.get("type")).and_then(Value::as_str);
    let post = match layout {
        Some("page") => false,
        Some("post" | "posts") => true,
        _ => in_posts || entry.created_at.is_some(),
    };
    entry.collection = if post && !name.is_section { "posts" } else { "pages" }.to_owned();
    let says_something = !section.is_empty() && !section.starts_with('_') && !name.is_in_posts;
    if says_something && !POST_FOLDERS.contains(&section.as_str()) {
        front.0.entry("section").or_insert(Value::String(section));
    }
}

fn people_and_terms(
    page: &Page<'_>,
    front: &mut Front,
    people: &mut People,
    items: &mut Vec<Item>,
    entry: &mut ImportedEntry,
) {
    let authors = match front.take(&["authors", "author"]) {
        Some(Value::Array(values)) => values,
        Some(value) => vec![value],
        None => Vec::new(),
    };
    entry.authors.extend(authors.iter().filter_map(|it| people.author(it, &page.place, items)));
    let by_spaces = page.flavour == Flavour::Jekyll;
    let mut tags = front.list(&["tags", "keywords"], by_spaces);
    tags.extend(front.list(&["tag"], false));
    let mut categories = front.list(&["categories"], by_spaces);
    categories.extend(front.list(&["category"], false));
    let mut named = vec![("tags".to_owned(), tags), ("categories".to_owned(), categories)];
    for taxonomy in &page.settings.taxonomies {
        named.push((taxonomy.clone(), front.list(&[taxonomy], false)));
    }
    if let Some(Value::Object(taxonomies)) = front.take(&["taxonomies"]) {
        let lists = taxonomies.into_iter().map(|(name, value)| {
            let list = Front(Map::from_iter([("it".to_owned(), value)])).list(&["it"], false);
            (name, list)
        });
        named.extend(lists);
    }
    for (taxonomy, names) in named {
        for name in names {
            let term = people.term(&taxonomy, &name, &page.place, items);
            if !entry.terms.contains(&term) {
                entry.terms.push(term);
            }
        }
    }
}

fn address(page: &Page<'_>, front: &mut Front, name: &Name, entry: &mut ImportedEntry) {
    entry.aliases = front.list(&["aliases", "redirect_from", "alias"], false);
    let own = front.text(&["url", "permalink", "path"]).filter(|it| !it.contains("://"));
    let categories =
        entry.terms.iter().filter(|it| it.0 == "categories").map(|it| it.1.as_str()).collect();
    let is_jekyll = page.flavour == Flavour::Jekyll;
    let language = name.locale.as_deref().filter(|_| name.original.is_some());
    let facts = Facts {
        folder: name.folder.trim_start_matches('_'),
        slug: entry.slug.as_deref().unwrap_or(&name.stem),
        name: &name.stem,
        title: if is_jekyll { "" } else { &entry.title },
        is_post: entry.collection == "posts",
        collection: name.collection.as_deref(),
        categories,
        date: entry.created_at.map(smartcms_domain::Timestamp::date),
    };
    let path = match own {
        Some(pattern) => permalink::own(page.flavour, &pattern, &facts),
        None => permalink::path(page.flavour, &page.settings.map, &facts),
    };
    // Pages in other languages stand below their name.
    entry.old_url = Some(match language {
        Some(language) => format!("/{language}{path}"),
        None => path,
    });
}
