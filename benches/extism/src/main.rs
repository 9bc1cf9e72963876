//! Calls a plugin through the crate extism and says what a call took, for `cargo xtask bench plugins`.
//!
//!     extism-reference echo fresh|reused BYTES CALLS    microseconds a call
//!     extism-reference stop LIMIT_MS                    milliseconds from the deadline until all is gone

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use extism::{CompiledPlugin, Manifest, Plugin, PluginBuilder, Wasm};

/// 64 MiB.
const PAGES_MAX: u32 = 1024;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let figure = match arguments.as_slice() {
        ["echo", instances, bytes, calls] => {
            let (bytes, calls) = (bytes.parse()?, calls.parse()?);
            match *instances {
                "fresh" => fresh(bytes, calls)?,
                "reused" => reused(bytes, calls)?,
                other => bail!("{other:?} is neither fresh nor reused"),
            }
        }
        ["stop", limit] => stop(Duration::from_millis(limit.parse()?))?,
        _ => bail!("usage: extism-reference echo fresh|reused BYTES CALLS | stop LIMIT_MS"),
    };
    println!("{figure}");
    Ok(())
}

/// Each call has a plugin of its own, made of what was compiled once.
fn fresh(bytes: usize, calls: u32) -> Result<f64> {
    let compiled = compiled(include_str!("echo.wat"), None)?;
    micros(bytes, calls, |text| echoed(&mut Plugin::new_from_compiled(&compiled)?, text))
}

/// One plugin serves all calls.
fn reused(bytes: usize, calls: u32) -> Result<f64> {
    let mut plugin = Plugin::new_from_compiled(&compiled(include_str!("echo.wat"), None)?)?;
    micros(bytes, calls, |text| echoed(&mut plugin, text))
}

fn echoed(plugin: &mut Plugin, text: &str) -> Result<usize> {
    Ok(plugin.call::<&str, String>("echo", text)?.len())
}

fn micros(bytes: usize, calls: u32, mut call: impl FnMut(&str) -> Result<usize>) -> Result<f64> {
    let text = "x".repeat(bytes);
    call(&text).context("the first call")?;
    let begun = Instant::now();
    for _ in 0..calls {
        if call(&text)? != bytes {
            bail!("the plugin gave back something else");
        }
    }
    Ok(begun.elapsed().as_secs_f64() * 1e6 / f64::from(calls))
}

fn stop(limit: Duration) -> Result<f64> {
    let compiled = compiled(include_str!("stuck.wat"), Some(limit))?;
    let mut plugin = Plugin::new_from_compiled(&compiled)?;
    let begun = Instant::now();
    let outcome = plugin.call::<&str, String>("stuck", "");
    drop(plugin);
    let elapsed = begun.elapsed();
    match outcome {
        Err(error) if error.to_string().contains("timeout") => {}
        other => bail!("the plugin was not stopped at its deadline: {other:?}"),
    }
    Ok(elapsed.saturating_sub(limit).as_secs_f64() * 1e3)
}

fn compiled(text: &str, limit: Option<Duration>) -> Result<CompiledPlugin> {
    let mut manifest = Manifest::new([Wasm::data(wat::parse_str(text)?)]).with_memory_max(PAGES_MAX);
    if let Some(limit) = limit {
        manifest = manifest.with_timeout(limit);
    }
    CompiledPlugin::new(PluginBuilder::new(manifest))
}
