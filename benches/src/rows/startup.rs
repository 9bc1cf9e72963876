//! How soon a site with ten plugins answers, and what it holds in memory while nobody asks.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::bail;

use super::Bench;
use crate::process::Memory;
use crate::servers::Server;
use crate::site::Site;
use crate::table::{Goal, Row, Unit};
use crate::wire::fetch;

/// How long a site is left alone before its memory is read.
const IDLE_TIME: Duration = Duration::from_secs(2);
/// The pause before a server that is not ready is asked again.
const ASK_AGAIN: Duration = Duration::from_millis(1);

/// A plugin of a site: the id, the file, what it is granted.
type Plugin = (String, PathBuf, &'static [&'static str]);

/// Ten small plugins, and ten of every kind, those of JavaScript and Python among them.
pub fn rows(bench: &Bench) -> anyhow::Result<Vec<Row>> {
    let ten = (0..10).map(|it| (format!("toc-{it}"), bench.plugin("toc"), &[] as &[_]));
    let mut rows = site_rows(bench, "10 × toc", ten.collect())?;
    let kinds: [(&str, &'static [&'static str]); 5] =
        [("toc", &[]), ("visits", &["kv"]), ("hello3", &[]), ("shout", &[]), ("reading-time", &[])];
    let mixed = kinds.iter().flat_map(|(name, grants)| {
        (0..2).map(move |it| (format!("{name}-{it}"), bench.plugin(name), *grants))
    });
    rows.extend(site_rows(bench, "2 each of 5 kinds", mixed.collect())?);
    Ok(rows)
}

fn site_rows(bench: &Bench, name: &str, plugins: Vec<Plugin>) -> anyhow::Result<Vec<Row>> {
    let site = Site::make(&bench.smartcms, &bench.work)?;
    for (id, file, grants) in &plugins {
        site.add_plugin(file, id, grants)?;
    }
    // Compiles the plugins, once.
    drop(ready(bench, &site)?);
    let mut times = Vec::new();
    let mut memory = Vec::new();
    for _ in 0..bench.rounds.max(5) {
        let begun = Instant::now();
        let server = ready(bench, &site)?;
        times.push(begun.elapsed().as_secs_f64() * 1e3);
        std::thread::sleep(IDLE_TIME);
        memory.push(Memory::of(server.process())?);
    }
    let figures = |read: fn(&Memory) -> f64| memory.iter().map(read).collect::<Vec<_>>();
    Ok(vec![
        Row::figure(format!("serve ready, {name}"), Unit::Millis, &times, Goal::AtMost(100.0)),
        Row::figure(
            format!("resident idle, {name}"),
            Unit::Mebibytes,
            &figures(|it| it.resident),
            Goal::AtMost(60.0),
        ),
        Row::figure(
            format!("… of it not of files, {name}"),
            Unit::Mebibytes,
            &figures(|it| it.anonymous),
            Goal::None,
        ),
        Row::figure(
            format!("… proportional share, {name}"),
            Unit::Mebibytes,
            &figures(|it| it.proportional),
            Goal::None,
        ),
    ])
}

/// Starts a site and waits for its first good answer.
pub(super) fn ready(bench: &Bench, site: &Site) -> anyhow::Result<Server> {
    let server = site.serve()?;
    let deadline = Instant::now() + Duration::from_secs(60);
    while bench.runtime.block_on(fetch(server.address, "/readyz", ""))?.status != 200 {
        if Instant::now() > deadline {
            bail!("the site did not become ready");
        }
        std::thread::sleep(ASK_AGAIN);
    }
    Ok(server)
}
