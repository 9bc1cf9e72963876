//! Puts a table of contents into entries that have several headings.

mod contents;
mod headings;
mod ids;
mod options;

use smartcms_plugin::html_filter::{self, FilterContext};

use crate::options::Options;

struct Plugin;

impl html_filter::Guest for Plugin {
    fn filter_html(_context: FilterContext, html: String) -> Result<String, String> {
        Ok(contents::with_contents(&html, &Options::read()).unwrap_or(html))
    }
}

html_filter::export!(Plugin);
