//! What pages say of themselves to machines: JSON-LD with the words of schema.org.

use serde_json::{Value, json};

use crate::dates::Date;
use crate::site::SiteContext;

/// The list of entries.
pub(crate) fn of_site(site: &SiteContext) -> Value {
    json!({
        "@context": "https://schema.org",
        "@type": "WebSite",
        "name": site.title,
        "description": site.description,
        "url": site.absolute(site.home),
        "inLanguage": site.language,
    })
}

/// An entry.
pub(crate) struct Article<'a> {
    pub(crate) title: &'a str,
    pub(crate) description: Option<&'a str>,
    pub(crate) url: &'a str,
    pub(crate) published: Option<&'a Date>,
    pub(crate) changed: &'a Date,
}

/// An entry with a date is an article, one without is a page.
pub(crate) fn of_entry(site: &SiteContext, article: &Article<'_>) -> Value {
    let mut data = json!({
        "@context": "https://schema.org",
        "@type": if article.published.is_some() { "Article" } else { "WebPage" },
        "headline": article.title,
        "url": article.url,
        "mainEntityOfPage": article.url,
        "dateModified": article.changed.machine,
        "inLanguage": site.language,
        "isPartOf": { "@type": "WebSite", "name": site.title, "url": site.absolute(site.home) },
    });
    if let Some(object) = data.as_object_mut() {
        if let Some(text) = article.description {
            object.insert("description".to_owned(), json!(text));
        }
        if let Some(date) = article.published {
            object.insert("datePublished".to_owned(), json!(date.machine));
        }
    }
    data
}
