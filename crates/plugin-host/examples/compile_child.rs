//! The smallest program that can be the compiler of a plugin host: it takes its work from the host over a pipe.

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    smartcms_plugin_host::compile_child(&arguments)
}
