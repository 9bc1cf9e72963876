//! Lists and searches among 100,000 entries, over HTTP on one kept connection.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use anyhow::Context as _;
use serde_json::{Value, json};

use super::Bench;
use super::startup::ready;
use crate::crowd;
use crate::rounds::Rounds;
use crate::servers::Server;
use crate::site::Site;
use crate::table::{Goal, Row, Unit};
use crate::wire::{Connection, get};
use crate::words::{Chance, word};

const LARGE: u128 = 100_000;
const SMALL: u128 = 1_000;
/// How many lists and searches of a kind make one round.
const LISTS: usize = 500;
const SEARCHES: usize = 100;
const LIST: &str = "/api/v1/content/posts?limit=20&include=authors,tags";

/// A site that is served, and a connection to it.
struct Served {
    server: Server,
    connection: Connection,
    /// Places in its list of posts, from the first page to the last.
    places: Vec<String>,
    site: Site,
}

/// A kind of search: how the table calls it, and one search of the kind.
type Kind = (&'static str, fn(&mut Chance) -> String);

const KINDS: [Kind; 5] = [
    ("a rare word", |chance| word(10_000 + chance.below(9_000))),
    ("the commonest words", |chance| word(chance.below(3))),
    ("two common words", |chance| format!("{}+{}", word(chance.below(30)), word(chance.below(30)))),
    ("an unfinished word", |chance| {
        let whole = word(chance.below(2_000));
        whole.chars().take(2 + usize::try_from(chance.below(2)).unwrap_or_default()).collect()
    }),
    ("a phrase", |chance| format!("%22{}+{}%22", word(chance.below(30)), word(chance.below(30)))),
];

/// The percentile that is shown.
const SHARE: f64 = 0.99;

/// A page of 20 with two includes, filters, and searches of each kind, alone and while others save.
pub fn rows(bench: &Bench) -> anyhow::Result<Vec<Row>> {
    let mut large = Served::new(bench, LARGE)?;
    let mut small = Served::new(bench, SMALL)?;
    let mut rows = lists(bench, &mut large, &mut small)?;
    drop(small);
    for (name, search) in KINDS {
        rows.push(searches(bench, &mut large, &format!("search, {name}, p99"), &[search])?);
    }
    let token = large.site.token()?;
    let writing = Writing::begin(bench, &large, token);
    let all = KINDS.map(|(_, search)| search);
    rows.push(searches(bench, &mut large, "search, all kinds beside saves, p99", &all)?);
    writing.end()?;
    Ok(rows)
}

/// Both sides in turns, request by request, at places all over the list.
fn lists(bench: &Bench, large: &mut Served, small: &mut Served) -> anyhow::Result<Vec<Row>> {
    let mut rows = Vec::new();
    for (name, share) in [("p50", 0.5), ("p99", SHARE)] {
        let mut chance = Chance::new(3);
        let mut other = Chance::new(3);
        let rounds = Rounds::measure(
            bench.rounds,
            || Ok(percentile(large.lists(bench, &mut chance)?, share) * 1e6),
            || Ok(percentile(small.lists(bench, &mut other)?, share) * 1e6),
        )?;
        let goal = if share == SHARE { Goal::AtMost(2.0) } else { Goal::None };
        let name = format!("list of 20, two includes, {LARGE} entries, {name}");
        rows.push(Row::ratio(name, "the same, 1000 entries", Unit::Micros, &rounds, goal));
    }
    Ok(rows)
}

fn searches(
    bench: &Bench,
    served: &mut Served,
    name: &str,
    kinds: &[fn(&mut Chance) -> String],
) -> anyhow::Result<Row> {
    let mut chance = Chance::new(5);
    let mut times = Vec::new();
    for search in kinds.iter().cycle().take(SEARCHES * bench.rounds.max(kinds.len())) {
        let path = format!("/api/v1/search?q={}", search(&mut chance));
        times.push(bench.runtime.block_on(served.timed(&path))?);
    }
    Ok(Row::figure(name, Unit::Millis, &[percentile(times, SHARE) * 1e3], Goal::AtMost(20.0)))
}

/// The time, in seconds, below which this share of them are.
fn percentile(mut times: Vec<f64>, share: f64) -> f64 {
    times.sort_by(f64::total_cmp);
    let at = (times.len() as f64 * share) as usize;
    times.get(at.min(times.len().saturating_sub(1))).copied().unwrap_or_default()
}

impl Served {
    fn new(bench: &Bench, posts: u128) -> anyhow::Result<Self> {
        let site = Site::make(&bench.smartcms, &bench.work)?;
        // Once, so that the site knows its collections before they are filled.
        drop(ready(bench, &site)?);
        bench.runtime.block_on(crowd::fill(&site.database(), posts))?;
        let server = ready(bench, &site)?;
        let connection = bench.runtime.block_on(Connection::open(server.address))?;
        let mut served = Self { server, connection, places: Vec::new(), site };
        let ends = i64::try_from(posts)?;
        for part in 0..50 {
            let id = crowd::FIRST_POST + u128::try_from(ends - ends * part / 50 - 1)?;
            let place = bench.runtime.block_on(served.place(id))?;
            served.places.push(place);
        }
        Ok(served)
    }

    /// The place before the post with this number.
    async fn place(&mut self, number: u128) -> anyhow::Result<String> {
        let slug = format!("e{number}");
        let path = format!("/api/v1/content/posts/{slug}");
        let answer = self.exchange(&path).await?;
        let time = answer.get("published_at").and_then(Value::as_str).context("no time")?;
        let path =
            format!("/api/v1/content/posts?limit=1&filter%5Bpublished_at%5D%5Blte%5D={time}");
        let answer = self.exchange(&path).await?;
        Ok(answer.get("next").and_then(Value::as_str).unwrap_or_default().to_owned())
    }

    async fn exchange(&mut self, path: &str) -> anyhow::Result<Value> {
        let request = get(self.server.address, path, "");
        let answer = self.connection.exchange(&request).await?.success()?;
        Ok(serde_json::from_slice(&answer.body)?)
    }

    /// How long one request takes, in seconds.
    async fn timed(&mut self, path: &str) -> anyhow::Result<f64> {
        let request = get(self.server.address, path, "");
        let begun = Instant::now();
        self.connection.exchange(&request).await?.success()?;
        Ok(begun.elapsed().as_secs_f64())
    }

    fn lists(&mut self, bench: &Bench, chance: &mut Chance) -> anyhow::Result<Vec<f64>> {
        let mut times = Vec::new();
        for _ in 0..LISTS {
            let pick = usize::try_from(chance.below(self.places.len() as u64))?;
            let place = self.places.get(pick).filter(|it| !it.is_empty());
            let path = match place {
                Some(place) => format!("{LIST}&cursor={place}"),
                None => LIST.to_owned(),
            };
            times.push(bench.runtime.block_on(self.timed(&path))?);
        }
        Ok(times)
    }
}

/// Somebody who saves one post after the other.
struct Writing {
    goes_on: Arc<AtomicBool>,
    task: tokio::task::JoinHandle<anyhow::Result<()>>,
    runtime: tokio::runtime::Handle,
}

impl Writing {
    fn begin(bench: &Bench, served: &Served, token: String) -> Self {
        let goes_on = Arc::new(AtomicBool::new(true));
        let task = save(served.server.address, token, Arc::clone(&goes_on));
        let task = bench.runtime.spawn(task);
        Self { goes_on, task, runtime: bench.runtime.handle().clone() }
    }

    fn end(self) -> anyhow::Result<()> {
        self.goes_on.store(false, Ordering::Relaxed);
        self.runtime.block_on(self.task)?.context("the saves beside the searches")
    }
}

async fn save(
    address: std::net::SocketAddr,
    token: String,
    goes_on: Arc<AtomicBool>,
) -> anyhow::Result<()> {
    let mut connection = Connection::open(address).await?;
    let mut chance = Chance::new(11);
    while goes_on.load(Ordering::Relaxed) {
        let fields = json!({ "title": chance.text(6), "body": chance.text(120) });
        let body = json!({ "fields": fields }).to_string();
        let request = format!(
            "POST /api/v1/content/posts HTTP/1.1\r\nhost: {address}\r\n\
             authorization: Bearer {token}\r\ncontent-type: application/json\r\n\
             content-length: {}\r\n\r\n{body}",
            body.len()
        );
        connection.exchange(request.as_bytes()).await?.success()?;
    }
    Ok(())
}
