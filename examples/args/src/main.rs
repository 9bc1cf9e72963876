//! Shows what a command is handed: `args [--env NAME] [--read PATH] [--exit CODE] [WORD]…`.
//!
//! Each word is printed on its own line, and what is asked for in the order of asking. Nothing is reachable
//! that the host has not granted: then the program says so and ends with code 1.

use std::io::Write as _;
use std::process::ExitCode;
use std::{env, fs, io};

fn main() -> ExitCode {
    match show(env::args().skip(1)) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(code) => exit_with(code),
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

/// Prints what the arguments ask for, and returns the exit code they ask for.
fn show(mut arguments: impl Iterator<Item = String>) -> Result<u8, String> {
    let mut code = 0;
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--env" => show_variable(&expect_value(&mut arguments, "--env")?)?,
            "--read" => show_file(&expect_value(&mut arguments, "--read")?)?,
            "--exit" => {
                let text = expect_value(&mut arguments, "--exit")?;
                code = text.parse().map_err(|error| format!("no exit code: {text:?}: {error}"))?;
            }
            word => println!("{word}"),
        }
    }
    Ok(code)
}

fn expect_value(
    arguments: &mut impl Iterator<Item = String>,
    option: &str,
) -> Result<String, String> {
    arguments.next().ok_or_else(|| format!("{option} needs a value"))
}

fn show_variable(name: &str) -> Result<(), String> {
    let value = env::var(name).map_err(|error| format!("cannot read variable {name}: {error}"))?;
    println!("{name}={value}");
    Ok(())
}

fn show_file(path: &str) -> Result<(), String> {
    let text =
        fs::read_to_string(path).map_err(|error| format!("cannot read file {path}: {error}"))?;
    print!("{text}");
    Ok(())
}

/// Ends the program with a code of its own.
///
/// The standard library knows success and failure only: its WASI is older than the function for codes.
fn exit_with(code: u8) -> ExitCode {
    let _ = io::stdout().flush();
    wasip2::cli::exit::exit_with_code(code);
    ExitCode::FAILURE
}
