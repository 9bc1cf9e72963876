//! What the processor does for a page of the theme that is in no cache, and the memory of a site under load.

use std::time::{Duration, Instant};

use anyhow::Context as _;
use serde_json::{Value, json};

use super::Bench;
use super::startup::ready;
use crate::process::{Memory, cpu_seconds, slope};
use crate::rounds::Rounds;
use crate::servers::Server;
use crate::site::Site;
use crate::table::{Goal, Row, Unit};
use crate::wire::{Connection, get};
use crate::wordpress;
use crate::words::{Chance, word};

/// Posts of the site.
const POSTS: usize = 5_000;
/// Pages that are asked for in one round, each for the first time.
const PAGES: usize = 600;
/// What browsers send.
const CODINGS: &str = "accept-encoding: gzip, deflate, br\r\n";
/// How often memory is read under load.
const SAMPLE: Duration = Duration::from_secs(1);
/// Pages and entries of the mixed load: few, so that the page cache is full after a while.
const MIXED: u64 = 400;

/// A site of posts, each with an author, a category, tags, neighbours and what to read next.
struct Posts {
    site: Site,
    ids: Vec<String>,
    paths: Vec<String>,
}

/// The processor's time for pages that nobody asked for before, beside entries by REST.
pub fn rows(bench: &Bench) -> anyhow::Result<Vec<Row>> {
    let posts = Posts::make(bench)?;
    let mut rows = Vec::new();
    for (name, headers) in [("uncached theme page", ""), ("the same, for a browser", CODINGS)] {
        // A fresh process has an empty cache.
        let server = ready(bench, &posts.site)?;
        let connection = bench.runtime.block_on(Connection::open(server.address))?;
        let mut asking = Asking { server, connection, asked: 0 };
        let mut pages = posts.paths.iter().cycle();
        let mut entries = posts.ids.iter().cycle();
        let asking = std::cell::RefCell::new(&mut asking);
        let rounds = Rounds::measure(
            bench.rounds.min(POSTS / PAGES - 1),
            || asking.borrow_mut().millis(bench, headers, &mut pages),
            || asking.borrow_mut().millis(bench, headers, &mut entries),
        )?;
        let name = format!("{name}, CPU each");
        let against = "entry by REST, CPU each";
        rows.push(Row::figure_beside(name, against, Unit::Millis, &rounds, Goal::AtMost(1.0)));
    }
    Ok(rows)
}

/// Memory while readers, searches and saves go on, and how fast it rises once it is warm.
pub fn memory(bench: &Bench) -> anyhow::Result<Vec<Row>> {
    let posts = Posts::make(bench)?;
    let token = posts.site.token()?;
    let server = ready(bench, &posts.site)?;
    let begun = Instant::now();
    let mut samples: Vec<(f64, f64)> = Vec::new();
    let mut load = Mixed::begin(bench, &server, &posts, token)?;
    let mut next = SAMPLE;
    while begun.elapsed() < bench.memory_time {
        bench.runtime.block_on(load.step())?;
        if begun.elapsed() >= next {
            next += SAMPLE;
            let minutes = begun.elapsed().as_secs_f64() / 60.0;
            samples.push((minutes, Memory::of(server.process())?.anonymous));
        }
    }
    // The first half fills the caches.
    let warm = samples.get(samples.len() / 2..).unwrap_or_default();
    let figures: Vec<f64> = warm.iter().map(|it| it.1).collect();
    let name = format!("mixed load of {} s", bench.memory_time.as_secs());
    let requests = load.requests as f64 / begun.elapsed().as_secs_f64();
    Ok(vec![
        Row::figure(format!("{name}, requests"), Unit::PerSecond, &[requests], Goal::None),
        Row::figure(format!("{name}, memory not of files"), Unit::Mebibytes, &figures, Goal::None),
        Row::figure(
            format!("{name}, its rise in the second half"),
            Unit::MebibytesPerMinute,
            &[slope(warm)],
            Goal::AtMost(0.5),
        ),
    ])
}

impl Posts {
    fn make(bench: &Bench) -> anyhow::Result<Self> {
        let site = Site::make(&bench.smartcms, &bench.work)?;
        let export = site.path().join("export.xml");
        wordpress::write(&export, POSTS)?;
        site.import("wxr", &export)?;
        let (mut ids, mut paths) = (Vec::new(), Vec::new());
        let server = ready(bench, &site)?;
        let mut cursor = String::new();
        let mut connection = bench.runtime.block_on(Connection::open(server.address))?;
        loop {
            let path = format!("/api/v1/content/posts?limit=100&fields=title{cursor}");
            let request = get(server.address, &path, "");
            let answer = bench.runtime.block_on(connection.exchange(&request))?.success()?;
            let page: Value = serde_json::from_slice(&answer.body)?;
            let items = page.get("items").and_then(Value::as_array).context("no items")?;
            let text = |item: &Value, key: &str| {
                item.get(key).and_then(Value::as_str).map(str::to_owned).context("no id or slug")
            };
            for item in items {
                ids.push(format!("/api/v1/content/posts/{}", text(item, "id")?));
                paths.push(format!("/posts/{}", text(item, "slug")?));
            }
            let Some(next) = page.get("next").and_then(Value::as_str) else { break };
            cursor = format!("&cursor={next}");
        }
        Ok(Self { site, ids, paths })
    }
}

/// One reader.
struct Asking {
    server: Server,
    connection: Connection,
    asked: usize,
}

impl Asking {
    /// Processor time of the server for each of the next paths, in milliseconds.
    fn millis<'a>(
        &mut self,
        bench: &Bench,
        headers: &str,
        paths: &mut impl Iterator<Item = &'a String>,
    ) -> anyhow::Result<f64> {
        let before = cpu_seconds(self.server.process())?;
        for path in paths.take(PAGES) {
            let request = get(self.server.address, path, headers);
            bench.runtime.block_on(self.connection.exchange(&request))?.success()?;
            self.asked += 1;
        }
        Ok((cpu_seconds(self.server.process())? - before) * 1e3 / PAGES as f64)
    }
}

/// Readers of pages, lists, entries and searches, and an author.
struct Mixed<'a> {
    address: std::net::SocketAddr,
    connection: Connection,
    posts: &'a Posts,
    token: String,
    chance: Chance,
    requests: u64,
}

impl<'a> Mixed<'a> {
    fn begin(
        bench: &Bench,
        server: &Server,
        posts: &'a Posts,
        token: String,
    ) -> anyhow::Result<Self> {
        let address = server.address;
        let connection = bench.runtime.block_on(Connection::open(address))?;
        Ok(Self { address, connection, posts, token, chance: Chance::new(13), requests: 0 })
    }

    async fn step(&mut self) -> anyhow::Result<()> {
        self.requests += 1;
        let pick = usize::try_from(self.chance.below(MIXED))?;
        let page = self.posts.paths.get(pick).context("too few posts")?.clone();
        let entry = self.posts.ids.get(pick).context("too few posts")?.clone();
        let path = match self.chance.below(20) {
            0..8 => page,
            8..11 => entry,
            11..13 => "/".to_owned(),
            13..15 => "/api/v1/content/posts?include=authors,tags,categories".to_owned(),
            15..17 => format!("/api/v1/search?q={}", word(self.chance.below(2_000))),
            17 => "/feed.xml".to_owned(),
            _ => return self.save(&entry).await,
        };
        let request = get(self.address, &path, CODINGS);
        self.connection.exchange(&request).await?.success().map(drop)
    }

    async fn save(&mut self, entry: &str) -> anyhow::Result<()> {
        let body = json!({ "fields": { "body": self.chance.text(200) } }).to_string();
        let request = format!(
            "PATCH {entry} HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {}\r\n\
             if-match: *\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            self.address,
            self.token,
            body.len()
        );
        self.connection.exchange(request.as_bytes()).await?.success().map(drop)
    }
}
