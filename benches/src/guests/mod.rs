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
const ECHO_HOOK: &str = include_str!("echo_hook.wat");
const STUCK_HOOK: &str = include_str!("stuck_hook.wat");
const ECHO_FUNCTION: &str = include_str!("echo_function.wat");
const HELLO_ROUTE: &str = include_str!("hello_route.wat");

const SAVE_HOOK: &str = "export smartcms:plugin/before-save@0.1.0;";

/// Gives every HTML back as it came: one allocation, one copy in and one out.
pub fn echo_filter() -> anyhow::Result<Vec<u8>> {
    component("export smartcms:plugin/filters@0.1.0;", ECHO_FILTER).context("the echo filter")
}

/// A hook that accepts and gives every field back as it came.
pub fn echo_hook() -> anyhow::Result<Vec<u8>> {
    component(SAVE_HOOK, ECHO_HOOK).context("the echo hook")
}

/// A hook that fills 64 MiB and never returns, for slugs that begin with `b`; it accepts all others.
pub fn stuck_hook() -> anyhow::Result<Vec<u8>> {
    component(SAVE_HOOK, STUCK_HOOK).context("the stuck hook")
}

/// A library whose one function `echo` gives back the text it gets.
pub fn echo_function() -> anyhow::Result<Vec<u8>> {
    component("export smartcms:plugin/functions@0.1.0;", ECHO_FUNCTION).context("the echo function")
}

/// The same component with other bytes: a section of its own holds the number.
pub fn numbered(wasm: &[u8], number: u32) -> Vec<u8> {
    // A custom section: its kind, its length, its name with the length of that, its content.
    let mut bytes = wasm.to_vec();
    bytes.extend([0, 6, 1, b'n']);
    bytes.extend(number.to_le_bytes());
    bytes
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
        assert!(super::echo_hook().is_ok());
        assert!(super::stuck_hook().is_ok());
        let library = super::echo_function().unwrap();
        assert_ne!(super::numbered(&library, 1), super::numbered(&library, 2));
        let engine = wasmtime::Engine::default();
        assert!(wasmtime::component::Component::new(&engine, super::numbered(&library, 3)).is_ok());
    }
}
