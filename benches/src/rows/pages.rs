//! Reading over HTTP, beside a hyper server that sends the same bytes.

use anyhow::Context as _;
use serde_json::Value;

use super::Bench;
use crate::load::Target;
use crate::references::bare_http;
use crate::rounds::Rounds;
use crate::servers::Server;
use crate::site::Site;
use crate::table::{Goal, Row, Unit};
use crate::wire::{Answer, fetch};

/// What browsers send, so that the cache's choice among codings is part of the figure.
const CODINGS: &str = "gzip, deflate, br";
/// A post of the demo content.
const POST: &str = "what-is-a-component";

/// A page from the cache, a page of the API, and the smallest answer there is.
pub fn rows(bench: &Bench) -> anyhow::Result<Vec<Row>> {
    let site = Site::make(&bench.smartcms, &bench.work)?;
    let server = site.serve()?;
    let entry = format!("/api/v1/content/posts/{POST}");
    let found = bench.runtime.block_on(fetch(server.address, &entry, ""))?.success()?;
    let document: Value = serde_json::from_slice(&found.body)?;
    let id = document.get("id").and_then(Value::as_str).context("the entry has no id")?;
    let page = (format!("/posts/{POST}"), vec![("accept-encoding", CODINGS.to_owned())]);
    let by_id = (format!("/api/v1/content/posts/{id}"), Vec::new());
    Ok(vec![
        row(bench, &site, &server, "cached page, br", page, Goal::AtLeast(0.7))?,
        row(bench, &site, &server, "entry by REST, uncached", by_id, Goal::AtLeast(0.4))?,
    ])
}

fn row(
    bench: &Bench,
    site: &Site,
    server: &Server,
    name: &str,
    (path, headers): (String, Vec<(&'static str, String)>),
    goal: Goal,
) -> anyhow::Result<Row> {
    let ours = Target { address: server.address, path, headers };
    let answer = bench.runtime.block_on(answer_of(&ours))?;
    let file = site.path().join("answer");
    bare_http::keep(&answer, &file)?;
    let bare = Server::bare(&file)?;
    let reference = Target { address: bare.address, ..ours.clone() };
    let load = |target| bench.tool.requests_per_second(&bench.runtime, target, bench.load_time);
    let rounds = Rounds::measure(bench.rounds, || load(&ours), || load(&reference))?;
    let name = format!("{name}, {} bytes", answer.body.len());
    Ok(Row::ratio(name, "bare hyper", Unit::PerSecond, &rounds, goal))
}

/// The answer that the load gets. Asked for twice: the first may be made, the second comes from where it is kept.
async fn answer_of(target: &Target) -> anyhow::Result<Answer> {
    let headers: String =
        target.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    fetch(target.address, &target.path, &headers).await?.success()?;
    fetch(target.address, &target.path, &headers).await?.success()
}
