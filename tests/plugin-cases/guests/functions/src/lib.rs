//! Functions that misbehave in the way that their name says; `add`, `shout` and `count` behave.

use std::sync::atomic::{AtomicI64, Ordering};

use smartcms_plugin::function_library::{self, Function, Scalar, ScalarType, parameter};
use smartcms_plugin::log;

/// More than any limit of what a call may return.
const HUGE: usize = 8 * 1024 * 1024;

/// More than any limit of a log.
const FLOOD_LINES: usize = 2_000;

static CALLS: AtomicI64 = AtomicI64::new(0);

struct Functions;

impl function_library::Guest for Functions {
    fn list() -> Vec<Function> {
        use ScalarType::{Bytes, Integer, Number, Text};
        let function = |name: &str, parameters: &[(&str, ScalarType)], result| Function {
            name: name.to_owned(),
            description: "For tests.".to_owned(),
            parameters: parameters.iter().map(|(name, it)| parameter(name, *it)).collect(),
            result,
            deterministic: name != "count",
        };
        vec![
            function("add", &[("a", Number), ("b", Number)], Number),
            function("shout", &[("text", Text)], Text),
            function("reversed", &[("bytes", Bytes)], Bytes),
            function("count", &[], Integer),
            function("lie", &[], Integer),
            function("loop", &[], Integer),
            function("memory", &[], Integer),
            function("trap", &[], Integer),
            function("huge", &[], Text),
            function("refuse", &[], Integer),
            function("recursion", &[], Integer),
            function("log", &[], Integer),
            function("calls", &[], Integer),
        ]
    }

    fn call(name: String, arguments: Vec<Scalar>) -> Result<Scalar, String> {
        match (name.as_str(), arguments.as_slice()) {
            ("add", [Scalar::Number(a), Scalar::Number(b)]) => Ok(Scalar::Number(a + b)),
            ("shout", [Scalar::Text(text)]) => Ok(Scalar::Text(text.to_uppercase())),
            ("reversed", [Scalar::Bytes(bytes)]) => {
                Ok(Scalar::Bytes(bytes.iter().rev().copied().collect()))
            }
            ("add" | "shout" | "reversed", _) => Ok(Scalar::Null),
            ("count", _) => Ok(Scalar::Integer(CALLS.fetch_add(1, Ordering::Relaxed) + 1)),
            ("lie", _) => Ok(Scalar::Text("no number".to_owned())),
            ("loop", _) => loop {
                std::hint::black_box(());
            },
            ("memory", _) => hoard(),
            ("trap", _) => panic!("asked to trap"),
            ("recursion", _) => Ok(Scalar::Integer(deeper(0))),
            ("log", _) => {
                for line in 0..FLOOD_LINES {
                    log::info(format!(
                        "line {line} of a flood in the log, which nobody wants to read"
                    ));
                }
                Ok(Scalar::Integer(0))
            }
            ("calls", _) => loop {
                log::info("");
            },
            ("huge", _) => Ok(Scalar::Text("x".repeat(HUGE))),
            _ => Err("asked to refuse".to_owned()),
        }
    }
}

#[allow(unconditional_recursion, reason = "that is the point")]
fn deeper(depth: i64) -> i64 {
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

function_library::export!(Functions);
