//! Addresses in HTML.

use super::entities::{decode_entities, escape_attribute};
use super::scan::tags;

/// Attributes that hold one address.
const ONE: &[&str] = &["src", "href", "poster", "data-src", "data-full-url", "data-orig-file"];

/// HTML with its addresses replaced: the function gets each, and whether it is of a medium; `None` leaves it.
/// `sets`: also those of a picture in several sizes.
pub(crate) fn rewrite_urls(
    html: &str,
    sets: bool,
    rewrite: &mut dyn FnMut(&str, bool) -> Option<String>,
) -> String {
    let mut rewritten = String::with_capacity(html.len());
    let mut at = 0;
    for tag in tags(html).filter(|it| !it.is_closing && it.name != "!--") {
        let rest_start = tag.end - 1 - tag.rest.len();
        for (name, range) in tag.attributes() {
            let Some(value) = tag.rest.get(range.clone()) else { continue };
            let is_medium = !name.eq_ignore_ascii_case("href");
            let replaced = if name.eq_ignore_ascii_case("srcset") && sets {
                Some(rewrite_set(value, rewrite))
            } else if ONE.iter().any(|it| name.eq_ignore_ascii_case(it)) {
                rewrite(&decode_entities(value), is_medium).map(|it| escape_attribute(&it))
            } else {
                None
            };
            if let Some(replaced) = replaced {
                let start = rest_start + range.start;
                rewritten.push_str(html.get(at..start).unwrap_or_default());
                rewritten.push_str(&replaced);
                at = rest_start + range.end;
            }
        }
    }
    rewritten.push_str(html.get(at..).unwrap_or_default());
    rewritten
}

/// `a.jpg 300w, b.jpg 600w`.
fn rewrite_set(value: &str, rewrite: &mut dyn FnMut(&str, bool) -> Option<String>) -> String {
    let candidates = value.split(", ").map(|candidate| {
        let candidate = candidate.trim();
        let (url, size) = candidate.split_once(' ').unwrap_or((candidate, ""));
        let url = rewrite(&decode_entities(url), true)
            .map_or_else(|| url.to_owned(), |it| escape_attribute(&it));
        format!("{url} {size}").trim_end().to_owned()
    });
    candidates.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::rewrite_urls;

    #[test]
    fn addresses_are_replaced_where_they_stand() {
        let html = "<p title='src=x'><a href=\"/a?b&amp;c\">x</a><img src=/i.png srcset=\"/i.png 1x, /j.png 2x\"></p>";
        let mut seen = Vec::new();
        let got = rewrite_urls(html, true, &mut |url, is_medium| {
            seen.push((url.to_owned(), is_medium));
            (url != "/j.png").then(|| format!("/new{url}"))
        });
        assert_eq!(
            got,
            "<p title='src=x'><a href=\"/new/a?b&amp;c\">x</a><img src=/new/i.png srcset=\"/new/i.png 1x, /j.png 2x\"></p>"
        );
        assert_eq!(seen.first(), Some(&("/a?b&c".to_owned(), false)));
    }
}
