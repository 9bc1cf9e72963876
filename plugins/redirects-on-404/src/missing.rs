//! What was asked for and is not there.

use smartcms_plugin::routes::decoded;

/// The longest path that is looked at, in bytes: what the site itself allows of redirects.
const PATH_BYTES_MAX: usize = 1024;
/// Endings of other systems that say nothing.
const ENDINGS: &[&str] = &[".html", ".htm", ".php", ".aspx", ".md"];
/// Last parts of an address that stand for the folder before them.
const OF_THE_FOLDER: &[&str] = &["index", "default", "amp", "feed", "print"];

/// A path that leads nowhere.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Missing {
    /// The path as people write it.
    pub(crate) path: String,
    /// The part of it that names an entry.
    pub(crate) name: String,
}

impl Missing {
    /// Reads `path=…`, to the end of the query: a theme need not encode it. None when it names nothing.
    pub(crate) fn parse(query: &str) -> Option<Self> {
        let text = query.strip_prefix("path=")?;
        // In a path a plus is a plus.
        let path = decoded(&text.replace('+', "%2B"));
        let path = path.split(['?', '#']).next()?.to_owned();
        if path.len() > PATH_BYTES_MAX || !path.starts_with('/') || path.contains(char::is_control)
        {
            return None;
        }
        let mut parts: Vec<&str> = path.split('/').filter(|it| !it.is_empty()).collect();
        let mut name = without_ending(parts.pop()?);
        if OF_THE_FOLDER.contains(&name.as_str()) {
            name = without_ending(parts.pop()?);
        }
        (!name.is_empty()).then_some(Self { path, name })
    }
}

/// The name in small letters, with hyphens between words and without the ending of a file.
fn without_ending(part: &str) -> String {
    let part = part.to_lowercase();
    let part = ENDINGS.iter().find_map(|it| part.strip_suffix(it)).unwrap_or(&part);
    let words = part.split(|c: char| !c.is_alphanumeric()).filter(|it| !it.is_empty());
    words.collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::Missing;

    #[track_caller]
    fn check(query: &str, expected: Option<&str>) {
        assert_eq!(Missing::parse(query).map(|it| it.name).as_deref(), expected, "{query}");
    }

    #[test]
    fn the_last_part_that_says_something_names_the_entry() {
        check("path=/posts/a-walk", Some("a-walk"));
        check("path=/2019/05/A_Walk.html", Some("a-walk"));
        check("path=/a-walk/index.php", Some("a-walk"));
        check("path=/a-walk/amp/", Some("a-walk"));
        check("path=/caf%C3%A9%20au+lait", Some("café-au-lait"));
        check("path=/a&b=c", Some("a-b-c"));
    }

    #[test]
    fn what_names_nothing_is_not_looked_for() {
        for query in [
            "",
            "path=",
            "path=/",
            "path=a-walk",
            "path=/index.html",
            "path=/%0A",
            "q=/a",
            "path=/--/",
        ] {
            check(query, None);
        }
        check(&format!("path=/{}", "a".repeat(1100)), None);
    }
}
