//! Lets browsers load the pictures of an entry when they come into sight.

use smartcms_plugin::html_filter::{self, FilterContext};

struct Plugin;

impl html_filter::Guest for Plugin {
    fn filter_html(_context: FilterContext, html: String) -> Result<String, String> {
        Ok(with_late_pictures(&html))
    }
}

html_filter::export!(Plugin);

/// Gives `loading="lazy"` to every picture that does not say how it is loaded.
fn with_late_pictures(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find("<img ") {
        let (before, attributes) = rest.split_at(at + "<img ".len());
        out.push_str(before);
        let tag = attributes.split('>').next().unwrap_or_default();
        if !tag.contains("loading=") {
            out.push_str("loading=\"lazy\" ");
        }
        rest = attributes;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::with_late_pictures;

    #[test]
    fn every_picture_is_looked_at_by_itself() {
        let html = r#"<img src="a"><img loading="eager" src="b"><img src="c"> <image>"#;
        let expected = r#"<img loading="lazy" src="a"><img loading="eager" src="b"><img loading="lazy" src="c"> <image>"#;
        assert_eq!(with_late_pictures(html), expected);
    }
}
