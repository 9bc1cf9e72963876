//! The server's side of the pipe: starts the compiler, watches it and reads what it made.

use std::ffi::OsString;
use std::io;
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, ChildStdin, Command};
use tokio::sync::Semaphore;

use super::child::{self, EXIT_INVALID};
use super::limits::CompileLimits;
use crate::engine::{Calls, PluginEngine};

/// Compilers that run at the same time in one process of ours.
const COMPILERS_MAX: usize = 1;

/// How much of the compiler's words is kept, in bytes.
const MESSAGE_BYTES_MAX: u64 = 16 * 1024;

/// The signal that the limit of processor time sends.
const SIGXCPU: i32 = 24;

/// Where compiling happens.
#[derive(Debug)]
pub struct Compiler {
    place: Place,
    limits: CompileLimits,
    turns: Semaphore,
}

/// How to start the compiler: a program with the arguments that lead to [`super::compile_child`].
#[derive(Debug, Clone)]
pub struct CompilerCommand {
    /// The program, normally the running one.
    pub program: PathBuf,
    /// Its arguments; three numbers and a word are appended.
    pub arguments: Vec<OsString>,
}

/// A file could not be compiled.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CompileError {
    /// The file is larger than a plugin may be.
    #[error("the file has {bytes} bytes, a plugin may have {bytes_max}")]
    FileTooLarge {
        /// What it has.
        bytes: usize,
        /// What it may have.
        bytes_max: usize,
    },
    /// Its machine code is too large.
    #[error("its machine code is larger than {bytes_max} bytes, the limit for one plugin")]
    ArtefactTooLarge {
        /// What it may have.
        bytes_max: usize,
    },
    /// The compiler took too long.
    #[error("compiling it took longer than {seconds} s, the limit for one plugin")]
    TimedOut {
        /// What it may take.
        seconds: u64,
    },
    /// The compiler wanted too much memory.
    #[error("compiling it needs more than {bytes_max} bytes of memory, the limit for one plugin")]
    OutOfMemory {
        /// What it may have.
        bytes_max: u64,
    },
    /// The compiler ended by a signal.
    #[error("the compiler was ended by signal {signal}; nothing of it was kept")]
    Crashed {
        /// The signal's number.
        signal: i32,
    },
    /// It is not WebAssembly, or uses what this engine does not have.
    #[error("it is not WebAssembly that this host can run: {0}")]
    Invalid(String),
    /// The compiler could not be run at all.
    #[error("could not run the compiler: {0}")]
    Unavailable(String),
}

#[derive(Debug)]
enum Place {
    Child(CompilerCommand),
    Here,
}

/// What came out of the compiler.
struct Finished {
    status: ExitStatus,
    artefact: Vec<u8>,
    words: String,
}

impl Compiler {
    /// A compiler in a process of its own, for files from outside.
    pub fn in_child(command: CompilerCommand, limits: CompileLimits) -> Self {
        Self::at(Place::Child(command), limits)
    }

    /// A compiler in this process, without limits but size: only for files that are trusted, as in tests and benchmarks.
    pub fn in_process() -> Self {
        Self::at(Place::Here, CompileLimits::default())
    }

    fn at(place: Place, limits: CompileLimits) -> Self {
        Self { place, limits, turns: Semaphore::new(COMPILERS_MAX) }
    }

    /// Compiles a component or a core module to what the engine loads.
    pub(crate) async fn compile(
        &self,
        engine: &PluginEngine,
        wasm: &[u8],
    ) -> Result<Vec<u8>, CompileError> {
        let bytes_max = self.limits.file_bytes_max;
        if wasm.len() > bytes_max {
            return Err(CompileError::FileTooLarge { bytes: wasm.len(), bytes_max });
        }
        let _turn = self.turns.acquire().await.map_err(unavailable)?;
        match &self.place {
            Place::Here => compile_here(engine, wasm.to_vec()).await,
            Place::Child(command) => self.compile_in_child(command, engine.calls(), wasm).await,
        }
    }

    async fn compile_in_child(
        &self,
        command: &CompilerCommand,
        calls: Calls,
        wasm: &[u8],
    ) -> Result<Vec<u8>, CompileError> {
        let limits = &self.limits;
        let mut child = start(command, calls, limits).map_err(unavailable)?;
        let work = converse(&mut child, wasm, limits.artefact_bytes_max);
        match tokio::time::timeout(limits.wall_time, work).await {
            Ok(finished) => judge(finished.map_err(unavailable)?, limits),
            Err(_) => {
                // Waits for its end too, so that no zombie stays; where even that fails, dropping the handle kills.
                let _ = child.kill().await;
                Err(CompileError::TimedOut { seconds: limits.wall_time.as_secs() })
            }
        }
    }
}

async fn compile_here(engine: &PluginEngine, wasm: Vec<u8>) -> Result<Vec<u8>, CompileError> {
    let engine = engine.clone();
    let compiled = tokio::task::spawn_blocking(move || child::compile(engine.wasmtime(), &wasm));
    compiled
        .await
        .map_err(unavailable)?
        .map_err(|error| CompileError::Invalid(format!("{error:#}")))
}

fn start(command: &CompilerCommand, calls: Calls, limits: &CompileLimits) -> io::Result<Child> {
    Command::new(&command.program)
        .args(&command.arguments)
        .arg(limits.processor_seconds.to_string())
        .arg(limits.memory_bytes.to_string())
        .arg(limits.file_bytes_max.to_string())
        .arg(calls.name())
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
}

async fn converse(
    child: &mut Child,
    wasm: &[u8],
    artefact_bytes_max: usize,
) -> io::Result<Finished> {
    let (Some(input), Some(output), Some(errors)) =
        (child.stdin.take(), child.stdout.take(), child.stderr.take())
    else {
        return Err(io::Error::other("the compiler has no pipes"));
    };
    // One byte more than allowed tells a full answer from one that was cut.
    let artefact = read(output, artefact_bytes_max as u64 + 1);
    let words = read(errors, MESSAGE_BYTES_MAX);
    let (input, artefact, words) = tokio::join!(send(input, wasm), artefact, words);
    let status = child.wait().await?;
    drop(input); // Only now: its end would end the compiler.
    Ok(Finished {
        status,
        artefact: artefact?,
        words: String::from_utf8_lossy(&words?).trim().to_owned(),
    })
}

/// Reads to the end or to the limit, and closes the pipe, so that nobody waits to write more.
async fn read(pipe: impl AsyncRead + Unpin, bytes_max: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    pipe.take(bytes_max).read_to_end(&mut bytes).await?;
    Ok(bytes)
}

/// Sends the file and gives back the open pipe; a compiler that ended early says why on its other pipes.
async fn send(mut input: ChildStdin, wasm: &[u8]) -> ChildStdin {
    if input.write_all(&(wasm.len() as u64).to_le_bytes()).await.is_ok()
        && input.write_all(wasm).await.is_ok()
    {
        let _ = input.flush().await;
    }
    input
}

fn judge(finished: Finished, limits: &CompileLimits) -> Result<Vec<u8>, CompileError> {
    let Finished { status, artefact, words } = finished;
    if artefact.len() > limits.artefact_bytes_max {
        return Err(CompileError::ArtefactTooLarge { bytes_max: limits.artefact_bytes_max });
    }
    if status.success() {
        return Ok(artefact);
    }
    Err(match (status.code(), status.signal()) {
        (Some(code), _) if code == i32::from(EXIT_INVALID) => CompileError::Invalid(words),
        (None, Some(SIGXCPU)) => CompileError::TimedOut { seconds: limits.processor_seconds },
        _ if out_of_memory(&words) => CompileError::OutOfMemory { bytes_max: limits.memory_bytes },
        (None, Some(signal)) => CompileError::Crashed { signal },
        _ => CompileError::Unavailable(words),
    })
}

/// The allocator and the system say it in their own words.
fn out_of_memory(words: &str) -> bool {
    ["memory allocation of", "Cannot allocate memory", "out of memory"]
        .iter()
        .any(|it| words.contains(it))
}

fn unavailable(error: impl std::fmt::Display) -> CompileError {
    CompileError::Unavailable(error.to_string())
}
