//! Marks up code in entries, with elements that the site's own style can colour.

mod blocks;
mod kinds;
mod markup;

use smartcms_plugin::html_filter::{self, FilterContext};

struct Plugin;

impl html_filter::Guest for Plugin {
    fn filter_html(_context: FilterContext, html: String) -> Result<String, String> {
        Ok(blocks::with_markup(&html).unwrap_or(html))
    }
}

html_filter::export!(Plugin);
