//! Loading hundreds of plugins that were compiled before, in a process that does nothing else.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context as _, bail};
use smartcms_plugin_host::{Cache, CacheKey, Condition};

use super::Bench;
use crate::guests;
use crate::plugin_site::{HostSetup, register};
use crate::process::Memory;
use crate::references::raw_hooks;
use crate::rounds::Rounds;
use crate::table::{Goal, Row, Unit};

/// How this program is told to load what a folder holds, and to say what that took.
pub const LOAD: &str = "load-plugins";
/// The same for raw wasmtime.
pub const LOAD_RAW: &str = "load-components";

/// Where the compiled components for raw wasmtime lie.
const RAW: &str = "raw";

/// What loading took.
struct Loaded {
    millis: f64,
    resident: f64,
}

/// As many plugins as the bench says, each with a file and machine code of its own.
pub fn rows(bench: &Bench) -> anyhow::Result<Vec<Row>> {
    let folder = tempfile::tempdir_in(&bench.work)?;
    let count = bench.many;
    let toc = std::fs::read(bench.plugin("toc"))?;
    bench.runtime.block_on(prepare(folder.path(), &toc, count))?;
    let (memory, raw_memory) =
        (std::cell::RefCell::new(Vec::new()), std::cell::RefCell::new(Vec::new()));
    let side = |how: &'static str, memory: &std::cell::RefCell<Vec<f64>>| {
        let loaded = in_a_process(how, folder.path(), count)?;
        memory.borrow_mut().push(loaded.resident);
        Ok(loaded.millis)
    };
    let rounds =
        Rounds::measure(bench.rounds, || side(LOAD, &memory), || side(LOAD_RAW, &raw_memory))?;
    let name = format!("loading {count} plugins from the cache");
    let resident = Rounds::of(memory.into_inner(), raw_memory.into_inner());
    let against = "raw wasmtime";
    Ok(vec![
        Row::figure_beside(name, against, Unit::Millis, &rounds, Goal::AtMost(2_000.0)),
        Row::figure_beside(
            "… resident after it",
            against,
            Unit::Mebibytes,
            &resident,
            Goal::AtMost(1_024.0),
        ),
    ])
}

/// The work of the process that loads through our host.
pub fn load(folder: &Path, count: usize) -> anyhow::Result<String> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let host = setup(folder)?.host(folder)?;
    let begun = Instant::now();
    runtime.block_on(host.refresh())?;
    let elapsed = begun.elapsed();
    let ready = host.health().iter().filter(|it| it.condition == Condition::Ready).count();
    said(ready, count, elapsed)
}

/// The work of the process that loads through wasmtime alone.
pub fn load_raw(folder: &Path, count: usize) -> anyhow::Result<String> {
    let begun = Instant::now();
    let loaded = raw_hooks::load_all(&folder.join(RAW))?;
    said(loaded.len(), count, begun.elapsed())
}

fn said(loaded: usize, count: usize, elapsed: std::time::Duration) -> anyhow::Result<String> {
    if loaded != count {
        bail!("{loaded} of {count} plugins were loaded");
    }
    let resident = Memory::of(std::process::id())?.resident;
    Ok(format!("{} {resident}", elapsed.as_secs_f64() * 1e3))
}

fn in_a_process(how: &str, folder: &Path, count: usize) -> anyhow::Result<Loaded> {
    let mut command = Command::new(std::env::current_exe()?);
    let output =
        command.arg(how).arg(folder).arg(count.to_string()).stderr(Stdio::inherit()).output()?;
    if !output.status.success() {
        bail!("{how} ended with {}", output.status);
    }
    let text = String::from_utf8(output.stdout)?;
    let (millis, resident) =
        text.trim().split_once(' ').with_context(|| format!("{how} said {text:?}"))?;
    Ok(Loaded { millis: millis.parse()?, resident: resident.parse()? })
}

/// Registers the plugins, fills the cache, and compiles the same for raw wasmtime.
async fn prepare(folder: &Path, wasm: &[u8], count: usize) -> anyhow::Result<()> {
    let numbers = 0..u32::try_from(count)?;
    let plugins = numbers.clone().map(|it| (format!("plugin-{it}"), guests::numbered(wasm, it)));
    register(folder, plugins, &[]).await?;
    setup(folder)?.host(folder)?.refresh().await?;
    std::fs::create_dir(folder.join(RAW))?;
    let first = folder.join(RAW).join("0");
    raw_hooks::compile_to(wasm, &first)?;
    for number in numbers.skip(1) {
        std::fs::copy(&first, folder.join(RAW).join(number.to_string()))?;
    }
    Ok(())
}

fn setup(folder: &Path) -> anyhow::Result<HostSetup> {
    let cache = Cache::open(folder.join("cache"), CacheKey::new([7; 32]))?;
    Ok(HostSetup { cache: Some(cache), ..HostSetup::usual() })
}
