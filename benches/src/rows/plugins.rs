//! Plugins, beside raw wasmtime and the crate extism with guests that do the same.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use serde_json::json;
use smartcms_app::ports::{Plugins, Scalar};
use smartcms_domain::entries::{Fields, Slug};
use smartcms_domain::plugins::PluginId;
use smartcms_plugin_host::{CallTimes, PluginLimits};
use tokio::sync::Mutex;

use super::Bench;
use crate::guests;
use crate::plugin_site::{HostSetup, OneHook, PLUGIN};
use crate::references::extism::{Extism, Instances};
use crate::references::raw_hooks::{RawFunctionsInUse, RawHook};
use crate::rounds::Rounds;
use crate::table::{Goal, Row, Unit};

/// What goes to a guest and comes back.
struct Payload {
    name: &'static str,
    bytes: usize,
    /// Calls of one round: enough that the clock's own cost is nothing.
    calls: u32,
    unit: Unit,
    goal: Goal,
}

const SMALL: Payload = Payload {
    name: "hook, 1 KB there and back",
    bytes: 1024,
    calls: 4_000,
    unit: Unit::Micros,
    goal: Goal::AtMost(60.0),
};
const LARGE: Payload = Payload {
    name: "hook, 1 MB there and back",
    bytes: 1024 * 1024,
    calls: 100,
    unit: Unit::Millis,
    goal: Goal::AtMost(2.0),
};
const KB: usize = SMALL.bytes;
const CALLS: u32 = SMALL.calls;

/// What a row beside extism says.
struct Beside<'a> {
    name: &'a str,
    against: &'a str,
    unit: Unit,
}

/// The time of a hook that never returns: longer than it takes to fill its memory.
const STUCK_LIMIT: Duration = Duration::from_millis(300);

/// Hooks that echo 1 KB and 1 MB, a function on an instance in use, and a hook that has to be stopped.
pub fn rows(bench: &Bench) -> anyhow::Result<Vec<Row>> {
    let mut rows = hook(bench, &SMALL)?;
    rows.extend(reused_hook(bench)?);
    rows.extend(reused_function(bench)?);
    rows.extend(hook(bench, &LARGE)?);
    rows.extend(stop(bench)?);
    Ok(rows)
}

/// A hook on fresh instances, as every hook is called.
fn hook(bench: &Bench, payload: &Payload) -> anyhow::Result<Vec<Row>> {
    let Payload { name, bytes, calls, unit, goal } = *payload;
    let wasm = guests::echo_hook()?;
    let folder = tempfile::tempdir_in(&bench.work)?;
    let ours = OneHook::new(&wasm, folder.path(), PluginLimits::default());
    let ours = Arc::new(bench.runtime.block_on(ours)?);
    let raw = RawHook::new(&wasm)?;
    let text: Arc<str> = "x".repeat(bytes).into();
    let scale = if unit == Unit::Millis { 1e3 } else { 1e6 };
    let measure_ours = || {
        let (ours, text) = (Arc::clone(&ours), Arc::clone(&text));
        each(bench, calls, scale, async move {
            let slug = Slug::parse("a")?;
            let fields: Fields = [("body".to_owned(), json!(&*text))].into_iter().collect();
            for _ in 0..calls {
                let after = ours.before_save(&slug, &fields).await?;
                expect(after.text("body").map_or(0, str::len), bytes)?;
            }
            Ok(())
        })
    };
    let measure_raw = || {
        let (raw, text) = (raw.clone(), Arc::clone(&text));
        each(bench, calls, scale, async move {
            for _ in 0..calls {
                expect(raw.before_save(&text).await?, bytes)?;
            }
            Ok(())
        })
    };
    let rounds = Rounds::measure(bench.rounds, measure_ours, measure_raw)?;
    let row = Beside { name, against: "extism, fresh", unit };
    Ok(vec![
        Row::figure_beside(name, "raw wasmtime", unit, &rounds, goal),
        beside_extism(bench, row, measure_ours, |extism| {
            Ok(extism.echo(Instances::Fresh, bytes, calls)? / 1e6 * scale)
        })?,
    ])
}

/// What a hook would take on an instance that is used again, which no hook here ever is: each call has its own.
fn reused_hook(bench: &Bench) -> anyhow::Result<Vec<Row>> {
    let raw = RawHook::new(&guests::echo_hook()?)?;
    let raw = Arc::new(Mutex::new(bench.runtime.block_on(raw.in_use())?));
    let text: Arc<str> = "x".repeat(KB).into();
    let measure = || {
        let (raw, text) = (Arc::clone(&raw), Arc::clone(&text));
        each(bench, CALLS, 1e6, async move {
            let mut raw = raw.lock().await;
            for _ in 0..CALLS {
                expect(raw.before_save(&text).await?, KB)?;
            }
            Ok(())
        })
    };
    let figures = (0..bench.rounds).map(|_| measure()).collect::<anyhow::Result<Vec<_>>>()?;
    let name = "hook, 1 KB, reused: not ours, raw wasmtime";
    let row = Beside { name, against: "extism, reused", unit: Unit::Micros };
    Ok(vec![
        Row::figure(name, Unit::Micros, &figures, Goal::AtMost(5.0)),
        beside_extism(bench, row, measure, |extism| extism.echo(Instances::Reused, KB, CALLS))?,
    ])
}

/// A function: one caller's calls share an instance, so that this is the reuse that there is.
fn reused_function(bench: &Bench) -> anyhow::Result<Vec<Row>> {
    let wasm = guests::echo_function()?;
    let folder = tempfile::tempdir_in(&bench.work)?;
    let host = bench.runtime.block_on(HostSetup::usual().with_one(folder.path(), &wasm, &[]))?;
    let functions = bench.runtime.block_on(host.functions(&PluginId::parse(PLUGIN)?));
    let ours = Arc::new(Mutex::new(functions.context("the library cannot be called")?));
    let raw = Arc::new(Mutex::new(bench.runtime.block_on(RawFunctionsInUse::new(&wasm))?));
    let text: Arc<str> = "x".repeat(KB).into();
    let rounds = Rounds::measure(
        bench.rounds,
        || {
            let (ours, text) = (Arc::clone(&ours), Arc::clone(&text));
            each(bench, CALLS, 1e6, async move {
                let mut ours = ours.lock().await;
                for _ in 0..CALLS {
                    let answer = ours.call("echo", vec![Scalar::Text(text.to_string())]).await;
                    let Scalar::Text(text) = answer? else { bail!("the function gave no text") };
                    expect(text.len(), KB)?;
                }
                Ok(())
            })
        },
        || {
            let (raw, text) = (Arc::clone(&raw), Arc::clone(&text));
            each(bench, CALLS, 1e6, async move {
                let mut raw = raw.lock().await;
                for _ in 0..CALLS {
                    expect(raw.echo(&text).await?, KB)?;
                }
                Ok(())
            })
        },
    )?;
    let name = "function, 1 KB there and back, reused";
    Ok(vec![Row::figure_beside(name, "raw wasmtime", Unit::Micros, &rounds, Goal::AtMost(5.0))])
}

/// A hook that fills 64 MiB and never returns: from its deadline until another call has its only place.
fn stop(bench: &Bench) -> anyhow::Result<Vec<Row>> {
    let wasm = guests::stuck_hook()?;
    let folder = tempfile::tempdir_in(&bench.work)?;
    let times = CallTimes { hook: STUCK_LIMIT, ..CallTimes::default() };
    let limits = PluginLimits { times, concurrent_calls_max: 1, ..PluginLimits::default() };
    let ours = bench.runtime.block_on(OneHook::new(&wasm, folder.path(), limits))?;
    let raw = RawHook::new(&wasm)?;
    let answered = std::cell::RefCell::new(Vec::new());
    let measure_ours = || {
        let (answer, stopped) = bench.runtime.block_on(stopped_after(&ours))?;
        answered.borrow_mut().push(answer);
        Ok(stopped)
    };
    let rounds = Rounds::measure(bench.rounds, measure_ours, || {
        Ok(bench.runtime.block_on(raw.stopped_after(STUCK_LIMIT))?.as_secs_f64() * 1e3)
    })?;
    let name = "stopped after its deadline, loop with 64 MiB";
    let goal = Goal::AtMost(50.0);
    let mut rows = vec![Row::figure_beside(name, "raw wasmtime", Unit::Millis, &rounds, goal)];
    let row = Beside { name, against: "extism", unit: Unit::Millis };
    rows.push(beside_extism(bench, row, measure_ours, |it| it.stopped_after(STUCK_LIMIT))?);
    let answers = answered.into_inner();
    rows.push(Row::figure("… its caller has the answer", Unit::Millis, &answers, Goal::None));
    Ok(rows)
}

/// Milliseconds after the deadline: until the caller has its answer, and until the next call of the plugin is done, which
/// begins when the instance is gone.
async fn stopped_after(hook: &OneHook) -> anyhow::Result<(f64, f64)> {
    let (bad, good, none) = (Slug::parse("bad")?, Slug::parse("good")?, Fields::default());
    let begun = Instant::now();
    if hook.before_save(&bad, &none).await.is_ok() {
        bail!("the hook was not stopped");
    }
    let answered = begun.elapsed();
    hook.before_save(&good, &none).await?;
    let millis = |it: Duration| it.saturating_sub(STUCK_LIMIT).as_secs_f64() * 1e3;
    Ok((millis(answered), millis(begun.elapsed())))
}

/// A row beside extism, or one that says why there is none.
fn beside_extism(
    bench: &Bench,
    row: Beside<'_>,
    ours: impl FnMut() -> anyhow::Result<f64>,
    theirs: impl Fn(&Extism) -> anyhow::Result<f64>,
) -> anyhow::Result<Row> {
    let Beside { name, against, unit } = row;
    let Some(extism) = &bench.extism else {
        return Ok(Row::missing(name, against, "`cargo xtask bench plugins` builds it"));
    };
    let rounds = Rounds::measure(bench.rounds, ours, || theirs(extism))?;
    Ok(Row::ratio(name, against, unit, &rounds, Goal::None))
}

/// What one of the calls takes, on a thread of the runtime as in a server.
fn each(
    bench: &Bench,
    calls: u32,
    scale: f64,
    work: impl Future<Output = anyhow::Result<()>> + Send + 'static,
) -> anyhow::Result<f64> {
    let begun = Instant::now();
    bench.runtime.block_on(bench.runtime.spawn(work))??;
    Ok(begun.elapsed().as_secs_f64() * scale / f64::from(calls))
}

fn expect(bytes: usize, wanted: usize) -> anyhow::Result<()> {
    if bytes != wanted {
        bail!("{bytes} bytes came back of {wanted}");
    }
    Ok(())
}
