//! The portable build under `wasmtime serve`, beside a component that answers with one line, on the same host.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use serde_json::{Value, json};
use smartcms_pages::admin::Admin;
use tempfile::TempDir;

use super::Bench;
use crate::load::Target;
use crate::rounds::{Rounds, quantile};
use crate::servers::Server;
use crate::table::{Goal, Row, Unit};
use crate::wire::{Connection, fetch, get};

/// How large the core may be without the admin's editor, in millions of bytes.
const SIZE: Goal = Goal::AtMost(6.0);
/// How long a process that starts may take until its first answer is there, in milliseconds.
const COLD: Goal = Goal::AtMost(100.0);
/// How many of the reference's requests a page from memory, and an entry from the database, may be.
const PAGE: Goal = Goal::AtLeast(0.5);
const ENTRY: Goal = Goal::AtLeast(0.25);
/// How many requests, one after another, the times of one round are of.
const ASKED: usize = 1000;
/// How many of them come first and are not counted.
const WARMING: usize = 20;
/// The reference.
const HELLO: &str = "hello world";
/// What browsers send.
const CODINGS: &str = "gzip, deflate, br";
const TOKEN: &str = "smc_0123456789abcdefghijklmnopqrstuvwxyz";
/// What both sides are served with: an instance answers many requests, one after another, and stays while the other side is
/// under load, as one stays whose site is asked at least so often.
const OPTIONS: [&str; 4] = [
    "-Scli",
    "--max-instance-reuse-count=10000",
    "--idle-instance-timeout=60s",
    "--allow-precompiled",
];
/// Limits would answer instead.
const SETTINGS: [&str; 3] = [
    "SMARTCMS_API_ADDRESS_REQUESTS_PER_MINUTE=0",
    "SMARTCMS_API_TOKEN_REQUESTS_PER_MINUTE=0",
    "SMARTCMS_LOG=warn",
];

/// What is measured here.
pub struct Components {
    /// The folder that `cargo xtask dist` fills.
    folder: PathBuf,
    /// The components that answer with one line, by WASI 0.2 and by 0.3.
    hello: PathBuf,
    hello3: PathBuf,
}

impl Components {
    /// All of them, where they are there.
    #[must_use]
    pub fn of(
        folder: Option<PathBuf>,
        hello: Option<PathBuf>,
        hello3: Option<PathBuf>,
    ) -> Option<Self> {
        let folder = folder.filter(|it| it.is_dir())?;
        let file = |it: Option<PathBuf>| it.filter(|it| it.is_file());
        Some(Self { folder, hello: file(hello)?, hello3: file(hello3)? })
    }
}

/// The program that serves, two components compiled by it, and the content of the site.
struct Stand {
    program: PathBuf,
    folder: TempDir,
    site: PathBuf,
    hello: PathBuf,
}

/// The size of the core, its first answer, and what it answers in a second; the same by WASI 0.3.
pub fn rows(bench: &Bench) -> anyhow::Result<Vec<Row>> {
    let (Some(components), Some(program)) = (&bench.portable, &bench.wasmtime) else {
        let why = "needs `cargo xtask bench portable`";
        return Ok(vec![Row::missing("the portable build", HELLO, why)]);
    };
    let mut rows = Vec::new();
    for (name, core, hello, goal) in [
        ("portable", "smartcms", &components.hello, SIZE),
        ("portable, WASI 0.3", "smartcms-p3", &components.hello3, Goal::None),
    ] {
        let file = |end: &str| components.folder.join(format!("{core}{end}"));
        let size = bytes(&file(".wasm"))?;
        rows.push(Row::figure(
            format!("{name}, size of {core}.wasm without the editor"),
            Unit::Megabytes,
            &[(size - editor()?) as f64 / 1e6],
            goal,
        ));
        let stand = Stand::new(program, &file("-wasmtime.wasm"), hello, &bench.work)?;
        rows.extend(of_one(bench, name, &stand)?);
    }
    Ok(rows)
}

fn of_one(bench: &Bench, name: &str, stand: &Stand) -> anyhow::Result<Vec<Row>> {
    let entry = bench.runtime.block_on(fill(stand.serve_site()?))?;
    let mut rows = vec![cold(bench, name, stand)?];
    let (site, hello) = (stand.serve_site()?, stand.serve_hello()?);
    let beside = Target { address: hello.address, path: "/".to_owned(), headers: Vec::new() };
    let ours = |path: String, headers| Target { address: site.address, path, headers };
    let page = ours("/".to_owned(), vec![("accept-encoding", CODINGS.to_owned())]);
    let entry = format!("/api/v1/content/posts/{entry}");
    // An answer to somebody who sends a cookie is not kept: it is read and written each time.
    let anew = ours(entry.clone(), vec![("cookie", "a=b".to_owned())]);
    let entry = ours(entry, Vec::new());
    for (what, ours, goal) in [
        ("cached home page", page, PAGE),
        ("entry by REST", entry, ENTRY),
        ("entry by REST, read anew each time", anew, Goal::None),
    ] {
        rows.push(rate(bench, &format!("{name}, {what}"), &ours, &beside, goal)?);
        rows.extend(times(bench, &ours, &beside)?);
    }
    Ok(rows)
}

impl Stand {
    fn new(program: &Path, site: &Path, hello: &Path, work: &Path) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir_in(work)
            .with_context(|| format!("could not make a folder in {}", work.display()))?;
        let site = compile(program, site, &folder.path().join("site.cwasm"))?;
        let hello = compile(program, hello, &folder.path().join("hello.cwasm"))?;
        std::fs::create_dir(folder.path().join("data"))?;
        Ok(Self { program: program.to_owned(), folder, site, hello })
    }

    fn serve_site(&self) -> anyhow::Result<Server> {
        self.serve(&self.site)
    }

    fn serve_hello(&self) -> anyhow::Result<Server> {
        self.serve(&self.hello)
    }

    /// Both sides are given the same, the one that needs nothing of it too.
    fn serve(&self, component: &Path) -> anyhow::Result<Server> {
        let mut data = OsString::from("--dir=");
        data.push(self.folder.path().join("data"));
        data.push("::/data");
        let mut command = Command::new(&self.program);
        // With it the host would follow its own stack for each file that is not there, which is an answer like others here.
        command.env_remove("RUST_BACKTRACE");
        command.args(["serve", "--addr=127.0.0.1:0"]).args(OPTIONS).arg(data);
        command.args(SETTINGS.map(|it| format!("--env={it}")));
        command.arg(format!("--env=SMARTCMS_PEOPLE_OWNER_TOKEN={TOKEN}"));
        Server::start(command.arg(component))
    }
}

fn compile(program: &Path, component: &Path, to: &Path) -> anyhow::Result<PathBuf> {
    let mut command = Command::new(program);
    let output = command.arg("compile").arg(component).arg("-o").arg(to).output()?;
    if !output.status.success() {
        bail!("{command:?} failed: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(to.to_owned())
}

/// The size of a file, in bytes.
fn bytes(file: &Path) -> anyhow::Result<u64> {
    let metadata = std::fs::metadata(file).with_context(|| file.display().to_string())?;
    Ok(metadata.len())
}

/// What the admin's editor takes of a core, in bytes: it is packed in it as it is in this program.
fn editor() -> anyhow::Result<u64> {
    let admin = Admin::new();
    ["editor.js", "editor.css", "editor-licences.txt"].iter().try_fold(0, |sum, &name| {
        let file = admin.file(name).with_context(|| format!("the admin has no {name}"))?;
        Ok(sum + file.gzip.len() as u64)
    })
}

/// Publishes a post on a site that has none; its id.
async fn fill(server: Server) -> anyhow::Result<String> {
    let body = "A paragraph of an ordinary post, of some words.\n\n".repeat(20);
    let fields = json!({ "fields": { "title": "Measured", "body": body } });
    let mut connection = Connection::open(server.address).await?;
    let mut send = async |path: &str, body: &Value| {
        let (address, body) = (server.address, body.to_string());
        let request = format!(
            "POST {path} HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {TOKEN}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        connection.exchange(request.as_bytes()).await?.success()
    };
    let made = send("/api/v1/content/posts", &fields).await.context("could not write a post")?;
    let made: Value = serde_json::from_slice(&made.body)?;
    let id = made.get("id").and_then(Value::as_str).context("the post has no id")?.to_owned();
    let path = format!("/api/v1/content/posts/{id}/publish");
    send(&path, &json!({})).await.context("could not publish the post")?;
    Ok(id)
}

/// From the start of the process to the end of its first answer, of a site that is there already.
fn cold(bench: &Bench, name: &str, stand: &Stand) -> anyhow::Result<Row> {
    let first = |serve: fn(&Stand) -> anyhow::Result<Server>| {
        let begun = Instant::now();
        let server = serve(stand)?;
        bench.runtime.block_on(fetch(server.address, "/", ""))?.success()?;
        Ok(millis(begun.elapsed()))
    };
    let rounds = Rounds::measure(
        bench.rounds.max(5),
        || first(Stand::serve_site),
        || first(Stand::serve_hello),
    )?;
    let name = format!("{name}, first page of a process that starts");
    Ok(Row::figure_beside(name, HELLO, Unit::Millis, &rounds, COLD))
}

fn rate(
    bench: &Bench,
    name: &str,
    ours: &Target,
    beside: &Target,
    goal: Goal,
) -> anyhow::Result<Row> {
    let load = |target| bench.tool.requests_per_second(&bench.runtime, target, bench.load_time);
    let rounds = Rounds::measure(bench.rounds, || load(ours), || load(beside))?;
    Ok(Row::ratio(name, HELLO, Unit::PerSecond, &rounds, goal))
}

/// How long a request takes on one kept connection, in the middle and at the 99th percentile.
fn times(bench: &Bench, ours: &Target, beside: &Target) -> anyhow::Result<[Row; 2]> {
    let (mut of_ours, mut of_beside) = (Vec::new(), Vec::new());
    for _ in 0..bench.rounds {
        of_ours.push(bench.runtime.block_on(asked(ours))?);
        of_beside.push(bench.runtime.block_on(asked(beside))?);
    }
    Ok([("… one at a time, p50", 0.5), ("… one at a time, p99", 0.99)].map(|(name, share)| {
        let at = |rounds: &[Vec<f64>]| rounds.iter().map(|it| quantile(it, share)).collect();
        let rounds = Rounds::of(at(&of_ours), at(&of_beside));
        Row::ratio(name, HELLO, Unit::Micros, &rounds, Goal::None)
    }))
}

/// The times of many requests, in microseconds.
async fn asked(target: &Target) -> anyhow::Result<Vec<f64>> {
    let headers: String =
        target.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let request = get(target.address, &target.path, &headers);
    let mut connection = Connection::open(target.address).await?;
    let mut times = Vec::with_capacity(ASKED + WARMING);
    for _ in 0..ASKED + WARMING {
        let begun = Instant::now();
        connection.exchange(&request).await?.success()?;
        times.push(millis(begun.elapsed()) * 1e3);
    }
    Ok(times.split_off(WARMING))
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
