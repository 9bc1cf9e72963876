//! A filter that misbehaves in the way that the slug of the entry begins with.

use smartcms_plugin::html_filter::{self, FilterContext};
use smartcms_plugin::log;

/// More than any limit of a log.
const FLOOD_LINES: usize = 2_000;

struct Filters;

impl html_filter::Guest for Filters {
    fn filter_html(context: FilterContext, html: String) -> Result<String, String> {
        match context.slug.split('-').next().unwrap_or_default() {
            "memory" => hoard(),
            "recursion" => Ok(deeper(0).to_string()),
            "trap" => panic!("asked to trap"),
            "log" => {
                for line in 0..FLOOD_LINES {
                    log::info(format!(
                        "line {line} of a flood in the log, which nobody wants to read"
                    ));
                }
                Ok(html)
            }
            "calls" => loop {
                log::info("");
            },
            _ => Ok(html),
        }
    }
}

#[allow(unconditional_recursion, reason = "that is the point")]
fn deeper(depth: u64) -> u64 {
    std::hint::black_box(deeper(depth + 1)) + 1
}

/// Takes memory without end and writes into each page of it. Not into each byte: the clock would be first.
fn hoard() -> ! {
    let mut held = Vec::new();
    loop {
        let mut block = Vec::<u8>::with_capacity(1024 * 1024);
        for page in block.spare_capacity_mut().chunks_mut(64 * 1024) {
            if let Some(byte) = page.first_mut() {
                byte.write(1);
            }
        }
        held.push(std::hint::black_box(block));
    }
}

html_filter::export!(Filters);
