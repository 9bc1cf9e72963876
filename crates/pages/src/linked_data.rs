//! What pages say of themselves to machines: JSON-LD with the words of schema.org.

use serde_json::{Map, Value, json};

use crate::dates::Date;
use crate::site::{NavigationLink, SiteContext};
use crate::urls;

const CONTEXT: &str = "https://schema.org";

/// The site, on its first page.
pub(crate) fn of_site(site: &SiteContext) -> Value {
    let mut data = website(site);
    data.insert("@context".to_owned(), json!(CONTEXT));
    data.insert("description".to_owned(), json!(site.description));
    data.insert("inLanguage".to_owned(), json!(site.language));
    if let Some(search) = &site.search {
        let template = format!("{}?{}={{search_term_string}}", site.absolute(search), urls::QUERY);
        let action = json!({
            "@type": "SearchAction",
            "target": { "@type": "EntryPoint", "urlTemplate": template },
            "query-input": "required name=search_term_string",
        });
        data.insert("potentialAction".to_owned(), action);
    }
    Value::Object(data)
}

/// A list of entries: a collection, a tag, an author, a month.
pub(crate) fn of_list(site: &SiteContext, title: &str, url: &str, is_person: bool) -> Value {
    let mut data = json!({
        "@context": CONTEXT,
        "@type": if is_person { "ProfilePage" } else { "CollectionPage" },
        "name": title,
        "url": url,
        "isPartOf": website(site),
    });
    if let Some(object) = data.as_object_mut().filter(|_| is_person) {
        object.insert(
            "mainEntity".to_owned(),
            json!({ "@type": "Person", "name": title, "url": url }),
        );
    }
    data
}

/// An entry.
pub(crate) struct Article<'a> {
    pub(crate) title: &'a str,
    pub(crate) description: Option<&'a str>,
    pub(crate) url: &'a str,
    pub(crate) published: Option<&'a Date>,
    pub(crate) changed: &'a Date,
    pub(crate) language: &'a str,
    pub(crate) image: Option<&'a str>,
    pub(crate) authors: &'a [NavigationLink],
    pub(crate) keywords: &'a [NavigationLink],
    /// The pages above it, without the home page.
    pub(crate) above: &'a [NavigationLink],
}

/// An entry with a date is an article, one without is a page; with the way to it.
pub(crate) fn of_entry(site: &SiteContext, article: &Article<'_>) -> Value {
    json!({ "@context": CONTEXT, "@graph": [described(site, article), breadcrumbs(site, article)] })
}

fn described(site: &SiteContext, article: &Article<'_>) -> Value {
    let mut object = Map::new();
    let mut set = |name: &str, value: Value| object.insert(name.to_owned(), value);
    let kind = if article.published.is_some() { "Article" } else { "WebPage" };
    set("@type", json!(kind));
    set("headline", json!(article.title));
    set("url", json!(article.url));
    set("mainEntityOfPage", json!(article.url));
    set("dateModified", json!(article.changed.machine));
    set("inLanguage", json!(article.language));
    set("isPartOf", Value::Object(website(site)));
    set("publisher", json!({ "@type": "Organization", "name": site.title }));
    if let Some(text) = article.description {
        set("description", json!(text));
    }
    if let Some(date) = article.published {
        set("datePublished", json!(date.machine));
    }
    if let Some(image) = article.image {
        set("image", json!(image));
    }
    if !article.authors.is_empty() {
        let person = |it: &NavigationLink| json!({ "@type": "Person", "name": it.label, "url": site.absolute(&it.url) });
        set("author", article.authors.iter().map(person).collect());
    }
    if !article.keywords.is_empty() {
        let words: Vec<&str> = article.keywords.iter().map(|it| it.label.as_str()).collect();
        set("keywords", json!(words.join(", ")));
    }
    Value::Object(object)
}

fn breadcrumbs(site: &SiteContext, article: &Article<'_>) -> Value {
    let home = NavigationLink::new(site.title.clone(), site.home);
    let above = std::iter::once(&home).chain(article.above);
    let above = above.map(|it| (it.label.as_str(), site.absolute(&it.url)));
    let all = above.chain(std::iter::once((article.title, article.url.to_owned())));
    let item = |(number, (name, url)): (usize, (&str, String))| json!({ "@type": "ListItem", "position": number + 1, "name": name, "item": url });
    let items: Vec<Value> = all.enumerate().map(item).collect();
    json!({ "@type": "BreadcrumbList", "itemListElement": items })
}

fn website(site: &SiteContext) -> Map<String, Value> {
    let mut object = Map::new();
    object.insert("@type".to_owned(), json!("WebSite"));
    object.insert("name".to_owned(), json!(site.title));
    object.insert("url".to_owned(), json!(site.absolute(site.home)));
    object
}
