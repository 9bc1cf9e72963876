//! A route that misbehaves in the way that its path names; what stands after `?` is the argument.
//!
//! Where the host answers a wrong wish with an error, the answer tells it, so that a test can read it.

mod answer;
mod bodies;
mod files;
mod headers;

use wasip2::http::types::{Fields, IncomingRequest, ResponseOutparam};

use crate::answer::answer;

/// More than any limit of a log.
const FLOOD_LINES: usize = 200_000;

struct Misbehave;

impl wasip2::exports::http::incoming_handler::Guest for Misbehave {
    fn handle(request: IncomingRequest, outparam: ResponseOutparam) {
        let address = request.path_with_query().unwrap_or_default();
        let (path, argument) = address.split_once('?').unwrap_or((&address, ""));
        match path {
            "/loop" => endless_loop(),
            "/panic" => panic!("asked to panic"),
            "/memory" => take_memory(),
            "/recursion" => answer(outparam, &deeper(0).to_string()),
            "/calls" => call_without_end(),
            "/leak" => leak_handles(),
            "/stdout" => answer(outparam, &flood_output()),
            "/silence" => drop(outparam),
            "/split" => headers::split(outparam),
            "/cookie" => headers::cookie(outparam),
            "/hop" => headers::hop_by_hop(outparam),
            "/header" => answer(outparam, &headers::received(&request, argument)),
            "/headers" => headers::without_end(outparam),
            "/slow" => bodies::slow(outparam),
            "/endless" => bodies::endless(outparam),
            "/half" => bodies::half(outparam),
            "/read" => answer(outparam, &files::read(argument)),
            "/write" => answer(outparam, &files::write(argument)),
            "/link" => answer(outparam, &files::link(argument)),
            "/list" => answer(outparam, &files::list(argument)),
            "/env" => answer(outparam, &files::variable(argument)),
            "/envs" => answer(outparam, &files::variables()),
            _ => answer(outparam, "ok"),
        }
    }
}

wasip2::http::proxy::export!(Misbehave);

fn endless_loop() -> ! {
    loop {
        std::hint::black_box(());
    }
}

fn take_memory() -> ! {
    let mut held = Vec::new();
    loop {
        held.push(std::hint::black_box(vec![1_u8; 1024 * 1024]));
    }
}

#[allow(unconditional_recursion, reason = "that is the point")]
fn deeper(depth: u64) -> u64 {
    std::hint::black_box(deeper(depth + 1)) + 1
}

fn call_without_end() -> ! {
    loop {
        smartcms_plugin::log::info("");
    }
}

fn leak_handles() -> ! {
    loop {
        std::mem::forget(Fields::new());
    }
}

fn flood_output() -> String {
    for line in 0..FLOOD_LINES {
        println!("line {line} of a flood on standard output, which nobody wants to read");
    }
    "the flood is over".to_owned()
}
