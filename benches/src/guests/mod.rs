//! Guests that do next to nothing, so that what is measured is the host.
//!
//! They are written against the canonical ABI by hand: a guest of a language runtime would add the same work to both
//! sides and make the host look better than it is.

use std::path::Path;

use anyhow::Context as _;
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

const IO: &str = include_str!("io.wit");
const HTTP: &str = include_str!("http.wit");
const ECHO_FILTER: &str = include_str!("echo_filter.wat");
const HELLO_ROUTE: &str = include_str!("hello_route.wat");

/// Gives every HTML back as it came: one allocation, one copy in and one out.
pub fn echo_filter() -> anyhow::Result<Vec<u8>> {
    component("export smartcms:plugin/filters@0.1.0;", ECHO_FILTER).context("the echo filter")
}

/// Answers every request of `wasi:http` 0.2 with a short text.
pub fn hello_route() -> anyhow::Result<Vec<u8>> {
    let world = "import wasi:http/types@0.2.0; import wasi:io/streams@0.2.0; \
                 export wasi:http/incoming-handler@0.2.0;";
    component(world, HELLO_ROUTE).context("the hello route")
}

/// Makes a component of `world`, the inside of a WIT world, from a module in text.
fn component(world: &str, module: &str) -> anyhow::Result<Vec<u8>> {
    let mut resolve = Resolve::default();
    for folder in ["content", "plugin"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../wit").join(folder);
        resolve.push_dir(folder)?;
    }
    resolve.push_str("io.wit", IO)?;
    resolve.push_str("http.wit", HTTP)?;
    let text = format!("package bench:guest; world guest {{ {world} }}");
    let package = resolve.push_str("guest.wit", &text)?;
    let world = resolve.select_world(&[package], Some("guest"))?;
    let mut module = wat::parse_str(module)?;
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8, false)?;
    ComponentEncoder::default().validate(true).module(&module)?.encode()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_guests_are_valid_components() {
        assert!(super::echo_filter().is_ok());
        assert!(super::hello_route().is_ok());
    }
}
