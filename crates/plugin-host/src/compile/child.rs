//! The compiler's side of the pipe.
//!
//! Input: eight bytes with the length, least significant first, then the WebAssembly. The pipe stays open
//! after it, and its end says that the parent is gone. Output: the machine code. Whatever goes wrong is
//! said on standard error, and the exit code tells the parent which kind it is.

use std::io::{self, Read, Write};
use std::process::ExitCode;
use std::thread;

use rustix::process::{Resource, Rlimit, nice, setrlimit};
use wasmtime::Engine;

use crate::engine::{Calls, settings};

/// The child's exit code for a file that is not WebAssembly or that the engine does not take.
pub(super) const EXIT_INVALID: u8 = 3;

/// The child's exit code when it could not do its work at all.
pub(super) const EXIT_BROKEN: u8 = 4;

/// How much less than its parent the child wants of the processor.
const NICENESS: i32 = 10;

/// Compiles what comes on standard input; the whole work of the hidden command.
///
/// `arguments` are what the parent appends to the command: processor seconds, bytes of memory, bytes of the largest file, and
/// how the guest will be called.
pub fn compile_child(arguments: &[String]) -> ExitCode {
    match work(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Invalid(message)) => report(EXIT_INVALID, &message),
        Err(Failure::Broken(message)) => report(EXIT_BROKEN, &message),
    }
}

/// Compiles in this process.
pub(super) fn compile(engine: &Engine, wasm: &[u8]) -> wasmtime::Result<Vec<u8>> {
    if wasmparser::Parser::is_component(wasm) {
        engine.precompile_component(wasm)
    } else {
        engine.precompile_module(wasm)
    }
}

enum Failure {
    Invalid(String),
    Broken(String),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Broken(error.to_string())
    }
}

fn work(arguments: &[String]) -> Result<(), Failure> {
    let Some(calls) = arguments.get(3).and_then(|it| Calls::named(it)) else {
        return Err(misused());
    };
    let file_bytes_max = confine(arguments)?;
    let wasm = read_input(file_bytes_max)?;
    end_with_the_parent()?;
    let engine =
        Engine::new(&settings(calls)).map_err(|error| Failure::Broken(format!("{error:#}")))?;
    let artefact =
        compile(&engine, &wasm).map_err(|error| Failure::Invalid(format!("{error:#}")))?;
    let mut output = io::stdout().lock();
    output.write_all(&artefact)?;
    output.flush()?;
    Ok(())
}

/// Takes the limits upon this process before it sees a byte of the file, and says how large that may be.
fn confine(arguments: &[String]) -> Result<u64, Failure> {
    let number = |at: usize| arguments.get(at).and_then(|it| it.parse::<u64>().ok());
    let (Some(seconds), Some(bytes), Some(file_bytes_max)) = (number(0), number(1), number(2))
    else {
        return Err(misused());
    };
    // The soft limit ends the process with a signal that names the reason, the hard one would only kill.
    limit(Resource::Cpu, seconds, seconds.saturating_add(1))?;
    limit(Resource::As, bytes, bytes)?;
    limit(Resource::Core, 0, 0)?;
    // A lower priority is a courtesy: without it the work is still correct.
    let _ = nice(NICENESS);
    Ok(file_bytes_max)
}

fn misused() -> Failure {
    let message = "this command is for the server itself: it expects processor seconds, bytes of memory, bytes of the file, and how the guest is called";
    Failure::Broken(message.to_owned())
}

fn limit(resource: Resource, soft: u64, hard: u64) -> io::Result<()> {
    Ok(setrlimit(resource, Rlimit { current: Some(soft), maximum: Some(hard) })?)
}

fn read_input(bytes_max: u64) -> Result<Vec<u8>, Failure> {
    let mut input = io::stdin().lock();
    let mut length = [0; 8];
    input.read_exact(&mut length)?;
    let length = u64::from_le_bytes(length);
    if length > bytes_max {
        return Err(Failure::Broken(format!("{length} bytes announced, {bytes_max} allowed")));
    }
    let mut wasm = vec![0; usize::try_from(length).unwrap_or(usize::MAX)];
    input.read_exact(&mut wasm)?;
    Ok(wasm)
}

fn end_with_the_parent() -> io::Result<()> {
    thread::Builder::new().stack_size(64 * 1024).spawn(|| {
        let mut byte = [0; 1];
        // Nothing more is ever sent, so that whatever ends the reading is the parent's end.
        let _ = io::stdin().lock().read(&mut byte);
        std::process::exit(i32::from(EXIT_BROKEN));
    })?;
    Ok(())
}

fn report(code: u8, message: &str) -> ExitCode {
    // Without a standard error there is nobody to tell; the exit code still says it.
    let _ = writeln!(io::stderr(), "{message}");
    ExitCode::from(code)
}
