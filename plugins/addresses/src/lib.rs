//! Where entries are on the site. Plugins are not told, so that what is usual counts until the operator says otherwise
//! by the setting `addresses`: `posts=/blog/{slug} books=/b/{slug}`.

use smartcms_plugin::{log, settings};

/// What stands for the slug in a pattern.
const SLUG: &str = "{slug}";

/// Where the entries of each collection are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Addresses(Vec<(String, String)>);

impl Addresses {
    /// Reads the setting.
    #[must_use]
    pub fn read() -> Self {
        Self::parse(&settings::get("addresses").ok().flatten().unwrap_or_default())
    }

    /// Reads what the setting says; words that say nothing are told in the log and left out.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let mut all = Vec::new();
        for word in text.split_whitespace() {
            match word.split_once('=') {
                // Anything but a path of this site would lead readers away.
                Some((collection, pattern))
                    if is_path(pattern) && pattern.matches(SLUG).count() == 1 =>
                {
                    all.push((collection.to_owned(), pattern.to_owned()));
                }
                _ => log::warn(format!(
                    "the setting `addresses` has `{word}`, and needs COLLECTION=/PATH/{SLUG}; it is left out"
                )),
            }
        }
        Self(all)
    }

    /// The entry that is at a path, among those of these collections, as its collection and its slug.
    #[must_use]
    pub fn entry_at<'a>(&self, path: &'a str, collections: &[String]) -> Option<(String, &'a str)> {
        // The pattern that says most comes first: `/{slug}` fits what `/posts/{slug}` does not.
        let mut patterns: Vec<_> = collections.iter().map(|it| (it, self.of(it, SLUG))).collect();
        patterns.sort_by_key(|it| std::cmp::Reverse(it.1.len()));
        patterns.iter().find_map(|(collection, pattern)| {
            let (before, after) = pattern.split_once(SLUG)?;
            let slug = path.strip_prefix(before)?.strip_suffix(after)?;
            let slug = slug.strip_suffix('/').unwrap_or(slug);
            (!slug.is_empty() && !slug.contains('/')).then(|| ((*collection).clone(), slug))
        })
    }

    /// The path of an entry.
    #[must_use]
    pub fn of(&self, collection: &str, slug: &str) -> String {
        match self.0.iter().find(|it| it.0 == collection) {
            Some((_, pattern)) => pattern.replace(SLUG, slug),
            None if collection == "pages" => format!("/{slug}"),
            None => format!("/{collection}/{slug}"),
        }
    }
}

fn is_path(text: &str) -> bool {
    text.starts_with('/') && !text.starts_with("//") && !text.contains('\\')
}

#[cfg(test)]
mod tests {
    use smartcms_plugin::testing;

    use super::Addresses;

    #[test]
    fn what_is_usual_counts_until_it_is_said_otherwise() {
        let addresses = Addresses::parse("posts=/blog/{slug}");
        assert_eq!(addresses.of("posts", "a"), "/blog/a");
        assert_eq!(addresses.of("pages", "about"), "/about");
        assert_eq!(addresses.of("books", "a"), "/books/a");
    }

    #[test]
    fn an_entry_is_found_by_its_path() {
        let all = ["pages".to_owned(), "posts".to_owned()];
        let addresses = Addresses::default();
        let at = |path| addresses.entry_at(path, &all).map(|(name, slug)| format!("{name} {slug}"));
        assert_eq!(at("/posts/a-walk").as_deref(), Some("posts a-walk"));
        assert_eq!(at("/posts/a-walk/").as_deref(), Some("posts a-walk"));
        assert_eq!(at("/about").as_deref(), Some("pages about"));
        assert_eq!((at("/"), at("/posts/a/b"), at("posts/a")), (None, None, None));
    }

    #[test]
    fn a_pattern_that_leads_elsewhere_is_told_and_left_out() {
        for wrong in ["posts=//evil/{slug}", "posts=https://evil/{slug}", "posts=/a", "posts"] {
            assert_eq!(Addresses::parse(wrong), Addresses::default());
            assert_eq!(testing::logged().len(), 1, "{wrong}");
        }
    }
}
