//! Requests that plugins answer, beside `wasmtime serve` with the same component.

use std::path::Path;

use super::Bench;
use crate::guests;
use crate::load::Target;
use crate::rounds::Rounds;
use crate::servers::Server;
use crate::site::Site;
use crate::table::{Goal, Row, Unit};

const TARGET: Goal = Goal::AtLeast(0.9);
/// What WASI 0.3 needs to be switched on in `wasmtime serve`.
const THIRD: &[&str] = &["-Sp3", "-Wcomponent-model-async"];
/// As our own promise is: an instance answers one request.
const FRESH: &[&str] = &["-Sp3", "-Wcomponent-model-async", "--max-instance-reuse-count=1"];
/// The setting of our pool that is not a default of wasmtime and that these guests feel.
const TUNED: &[&str] = &["-Opooling-memory-keep-resident=131072"];

/// A guest of WASI 0.2 behind both of our listeners, and one of 0.3, which `wasmtime serve` would rather use again.
pub fn rows(bench: &Bench) -> anyhow::Result<Vec<Row>> {
    let site = Site::make(&bench.smartcms, &bench.work)?;
    let hello = bench.write(site.path(), "hello.wasm", &guests::hello_route()?)?;
    let hello3 = bench.plugin("hello3");
    site.add_plugin(&hello, "hello", &[])?;
    site.add_plugin(&hello3, "hello3", &[])?;
    let server = site.serve()?;
    let alone = site.run_alone(&hello)?;
    let of_site = || target(&server, "/ext/hello/");
    let of_site3 = || target(&server, "/ext/hello3/");
    let alone = target(&alone, "/");
    Ok(vec![
        row(bench, "route, WASI 0.2", "wasmtime serve", of_site(), &hello, &[], TARGET)?,
        row(bench, "route, WASI 0.2", "the same, our pool", of_site(), &hello, TUNED, Goal::None)?,
        row(bench, "run --serve, WASI 0.2", "wasmtime serve", alone, &hello, &[], TARGET)?,
        row(bench, "route, WASI 0.3", "wasmtime serve, fresh", of_site3(), &hello3, FRESH, TARGET)?,
        row(bench, "route, WASI 0.3", "the same, reused", of_site3(), &hello3, THIRD, Goal::None)?,
    ])
}

fn row(
    bench: &Bench,
    name: &str,
    against: &str,
    ours: Target,
    file: &Path,
    arguments: &[&str],
    goal: Goal,
) -> anyhow::Result<Row> {
    let Some(program) = &bench.wasmtime else {
        return Ok(Row::missing(name, against, "needs the program wasmtime"));
    };
    let wasmtime = Server::wasmtime(program, arguments, file)?;
    let reference = target(&wasmtime, "/");
    let load = |target| bench.tool.requests_per_second(&bench.runtime, target, bench.load_time);
    let rounds = Rounds::measure(bench.rounds, || load(&ours), || load(&reference))?;
    Ok(Row::ratio(name, against, Unit::PerSecond, &rounds, goal))
}

fn target(server: &Server, path: &str) -> Target {
    Target { address: server.address, path: path.to_owned(), headers: Vec::new() }
}
