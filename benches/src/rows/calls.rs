//! Typed calls of plugins, beside raw wasmtime.

use std::sync::Arc;
use std::time::Instant;

use super::Bench;
use crate::guests;
use crate::plugin_site::OneFilter;
use crate::references::raw_wasmtime::RawFilter;
use crate::rounds::Rounds;
use crate::table::{Goal, Row, Unit};

/// Calls of one round: enough that the clock's own cost is nothing.
const CALLS: u32 = 4_000;

/// A guest that does nothing, where all is overhead, and an example plugin on a page.
pub fn rows(bench: &Bench) -> anyhow::Result<Vec<Row>> {
    let toc = std::fs::read(bench.plugin("toc"))?;
    let page: String = (0..40)
        .map(|it| format!("<h2>Part {it}</h2><p>A paragraph of an ordinary post.</p>"))
        .collect();
    let echo = guests::echo_filter()?;
    Ok(vec![
        row(bench, "typed call, echo guest", &echo, "<p>hello</p>".to_owned(), Goal::AtMost(1.5))?,
        row(bench, "typed call, toc on a page of 2 KB", &toc, page, Goal::None)?,
    ])
}

fn row(bench: &Bench, name: &str, wasm: &[u8], html: String, goal: Goal) -> anyhow::Result<Row> {
    let folder = tempfile::tempdir_in(&bench.work)?;
    let ours = Arc::new(bench.runtime.block_on(OneFilter::new(wasm, folder.path()))?);
    let raw = RawFilter::new(wasm)?;
    let html: Arc<str> = html.into();
    let rounds = Rounds::measure(
        bench.rounds,
        || {
            let (ours, html) = (Arc::clone(&ours), Arc::clone(&html));
            micros(bench, async move {
                for _ in 0..CALLS {
                    ours.filter(&html).await?;
                }
                Ok(())
            })
        },
        || {
            let (raw, html) = (raw.clone(), Arc::clone(&html));
            micros(bench, async move {
                for _ in 0..CALLS {
                    raw.filter(&html).await?;
                }
                Ok(())
            })
        },
    )?;
    Ok(Row::ratio(name, "raw wasmtime", Unit::Micros, &rounds, goal))
}

/// What one of the calls takes, on a thread of the runtime as in a server.
fn micros(
    bench: &Bench,
    calls: impl Future<Output = anyhow::Result<()>> + Send + 'static,
) -> anyhow::Result<f64> {
    let begun = Instant::now();
    bench.runtime.block_on(bench.runtime.spawn(calls))??;
    Ok(begun.elapsed().as_secs_f64() * 1e6 / f64::from(CALLS))
}
