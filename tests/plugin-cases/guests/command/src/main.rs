//! Misbehaves in the way that the argument names.

wit_bindgen::generate!({
    inline: "package tests:keys; world keys { import component:smartcms/kvstore; import wasi:logging/logging@0.1.0-draft; }",
    path: ["../../../../wit/kvstore", "../../../../wit/deps/logging"],
    world: "tests:keys/keys",
    generate_all,
});

use crate::component::smartcms::kvstore;
use crate::wasi::logging::logging::{Level, log};

/// More than any limit of a log.
const FLOOD_LINES: usize = 2_000;
/// More than any limit of an output.
const HUGE: usize = 40 * 1024 * 1024;

fn main() {
    match std::env::args().nth(1).as_deref() {
        Some("loop") => loop {
            std::hint::black_box(());
        },
        Some("memory") => {
            let mut held = Vec::new();
            loop {
                held.push(std::hint::black_box(vec![1_u8; 1024 * 1024]));
            }
        }
        Some("recursion") => println!("{}", deeper(0)),
        Some("trap") => std::process::abort(),
        Some("huge") => println!("{}", "x".repeat(HUGE)),
        Some("log") => {
            for line in 0..FLOOD_LINES {
                let text = format!("line {line} of a flood in the log, which nobody wants to read");
                log(Level::Info, "flood", &text);
            }
        }
        Some("calls") => loop {
            kvstore::get("key");
        },
        _ => println!("well"),
    }
}

#[allow(unconditional_recursion, reason = "that is the point")]
fn deeper(depth: u64) -> u64 {
    std::hint::black_box(deeper(depth + 1)) + 1
}
