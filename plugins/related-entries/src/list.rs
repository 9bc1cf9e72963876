//! The list as HTML.

use smartcms_plugin::content::Entry;
use smartcms_plugin::fields;
use smartcms_plugin::html::escape;

use crate::common::Subject;
use crate::options::{Attributes, Options};

/// An entry that has something in common with the one that is shown.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) score: usize,
    collection: String,
    slug: String,
    title: String,
}

impl Found {
    /// None when there is nothing in common.
    pub(crate) fn of(subject: &Subject, entry: &Entry) -> Option<Self> {
        let score = subject.in_common(&Subject::of(&entry.fields));
        let title = fields::text(&entry.fields, "title").unwrap_or(&entry.slug);
        (score > 0).then(|| Self {
            score,
            collection: entry.collection.clone(),
            slug: entry.slug.clone(),
            title: title.to_owned(),
        })
    }
}

/// Links to the nearest entries; nothing where there are none.
pub(crate) fn html(found: &[Found], attributes: &Attributes, options: &Options) -> String {
    if found.is_empty() {
        return String::new();
    }
    let title = escape(attributes.title.as_deref().unwrap_or(&options.title));
    let mut html = format!("<nav aria-label=\"{title}\">\n<p><strong>{title}</strong></p>\n<ul>\n");
    for it in found.iter().take(attributes.limit) {
        let address = escape(&options.addresses.of(&it.collection, &it.slug));
        html.push_str(&format!("<li><a href=\"{address}\">{}</a></li>\n", escape(&it.title)));
    }
    html.push_str("</ul>\n</nav>");
    html
}
