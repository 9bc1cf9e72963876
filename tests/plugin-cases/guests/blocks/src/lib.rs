//! Blocks that misbehave in the way that their kind names; `note` behaves.

use smartcms_plugin::block_renderer::{self, BlockContext, BlockKind, escape};
use smartcms_plugin::log;

/// More than any limit of what a call may return.
const HUGE: usize = 8 * 1024 * 1024;

/// More than any limit of a log.
const FLOOD_LINES: usize = 2_000;

const KINDS: [&str; 10] =
    ["note", "script", "loop", "memory", "trap", "huge", "refuse", "recursion", "log", "calls"];

struct Blocks;

impl block_renderer::Guest for Blocks {
    fn list() -> Vec<BlockKind> {
        let kind = |name: &&str| BlockKind {
            name: (*name).to_owned(),
            title: format!("A block that is called {name}"),
            description: "For tests.".to_owned(),
            schema: r#"{
                "type": "object",
                "properties": { "text": { "type": "string", "maxLength": 100 } },
                "additionalProperties": false
            }"#
            .to_owned(),
        };
        KINDS.iter().map(kind).collect()
    }

    fn render(kind: String, attributes: String, context: BlockContext) -> Result<String, String> {
        match kind.as_str() {
            "note" => Ok(format!(
                "<div class=\"note\"><p>{} in {}/{} ({}, {})</p></div>",
                escape(&attributes),
                context.collection,
                context.slug,
                context.locale,
                context.block,
            )),
            "script" => Ok("<p onclick=\"evil()\">kept</p><script>evil()</script>".to_owned()),
            "loop" => loop {
                std::hint::black_box(());
            },
            "memory" => hoard(),
            "trap" => panic!("asked to trap"),
            "huge" => Ok("x".repeat(HUGE)),
            "recursion" => Ok(deeper(0).to_string()),
            "log" => {
                for line in 0..FLOOD_LINES {
                    log::info(format!(
                        "line {line} of a flood in the log, which nobody wants to read"
                    ));
                }
                Ok("<p>the flood is over</p>".to_owned())
            }
            "calls" => loop {
                log::info("");
            },
            _ => Err("asked to refuse".to_owned()),
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

block_renderer::export!(Blocks);
