//! Puts a table of contents into long entries, before their first heading.

mod contents;
mod ids;
mod tags;

use smartcms_plugin::html_filter::{self, FilterContext};

struct Toc;

impl html_filter::Guest for Toc {
    fn filter_html(_context: FilterContext, html: String) -> Result<String, String> {
        Ok(contents::with_contents(&html).unwrap_or(html))
    }
}

html_filter::export!(Toc);
