//! What readers see who were not led on.

use smartcms_plugin::html::escape;
use smartcms_plugin::routes::{Response, encoded};

use crate::missing::Missing;
use crate::nearest::Candidate;

/// Plain, and like the site's own pages in the light and in the dark.
const STYLE: &str = "\
:root{color-scheme:light dark;font:1.0625rem/1.6 system-ui,sans-serif}\
body{max-inline-size:36rem;margin:12vh auto 2rem;padding:0 1.25rem}\
h1{font-size:1.75rem;line-height:1.2;margin:0}\
ul{padding:0;list-style:none}li{padding-block:.375rem}\
code{overflow-wrap:anywhere}a{color:inherit;text-underline-offset:.2em}";

/// The page for a path that names nothing.
pub(crate) fn nothing_here() -> Response {
    page("<h1>Page not found</h1>\n<p><a href=\"/\">To the first page</a></p>")
}

/// The page with what comes near.
pub(crate) fn suggestions(missing: &Missing, candidates: &[Candidate]) -> Response {
    let mut html = format!(
        "<h1>Page not found</h1>\n<p>There is nothing at <code>{}</code>.",
        escape(&missing.path)
    );
    if candidates.is_empty() {
        html.push_str("</p>\n");
    } else {
        html.push_str(" Was it one of these?</p>\n<ul>\n");
        for it in candidates {
            let (address, title) = (escape(&it.address), escape(&it.title));
            html.push_str(&format!("<li><a href=\"{address}\">{title}</a></li>\n"));
        }
        html.push_str("</ul>\n");
    }
    let words = encoded(&missing.name.replace('-', " "));
    html.push_str(&format!(
        "<p><a href=\"/search?q={words}\">Search for it</a>, or go <a href=\"/\">to the first page</a></p>"
    ));
    page(&html)
}

fn page(main: &str) -> Response {
    let html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<meta name=\"robots\" content=\"noindex\">\n\
         <title>Page not found</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n{main}\n</main>\n</body>\n</html>\n"
    );
    Response::html(404, &html)
}

#[cfg(test)]
mod tests {
    use super::suggestions;
    use crate::missing::Missing;
    use crate::nearest::Candidate;

    #[test]
    fn a_path_and_a_title_stay_text() {
        let missing = Missing::parse("path=/a\"><script>x").unwrap();
        let candidate =
            Candidate { address: "/a".to_owned(), title: "<b>A</b>".to_owned(), score: 50 };
        let response = suggestions(&missing, &[candidate]);
        let html = String::from_utf8(response.body).unwrap();
        assert_eq!(response.status, 404);
        assert!(html.contains("<code>/a&quot;&gt;&lt;script&gt;x</code>"), "{html}");
        assert!(html.contains("<a href=\"/a\">&lt;b&gt;A&lt;/b&gt;</a>"), "{html}");
        assert!(html.contains("/search?q=a%20script%20x"), "{html}");
    }
}
