//! Durable saves, beside SQLite with the same settings, tables and sizes of rows.

use std::sync::Arc;
use std::time::Instant;

use anyhow::Context as _;
use serde_json::{Value, json};
use smartcms_app::ports::EntryStore;
use smartcms_store_sql::{SqliteSettings, SqliteStore};
use tokio::task::JoinSet;

use super::Bench;
use crate::references::raw_sqlite::RawStore;
use crate::rounds::Rounds;
use crate::saves::{DOCUMENT_BYTES, body, first};
use crate::servers::Server;
use crate::site::Site;
use crate::table::{Goal, Row, Unit};
use crate::wire::Connection;

/// Who saves at the same time.
const CLIENTS: usize = 32;
/// What each of them saves in one round.
const SAVES: usize = 40;

/// Through the store's port, and through HTTP from end to end.
pub fn rows(bench: &Bench) -> anyhow::Result<Vec<Row>> {
    let folder = tempfile::tempdir_in(&bench.work)?;
    let settings = SqliteSettings::default();
    let ours = Arc::new(SqliteStore::open(&folder.path().join("ours.db"), &settings)?);
    let raw_path = folder.path().join("raw.db");
    SqliteStore::migrate(&raw_path, &settings)?;
    let mut raw = RawStore::open(&raw_path)?;
    let document = vec![b'x'; DOCUMENT_BYTES];
    let mut number = 0;
    let mut row = |against: &str, group: usize, goal: Goal| -> anyhow::Result<Row> {
        let rounds = Rounds::measure(
            bench.rounds,
            || {
                number += (CLIENTS * SAVES) as u128;
                bench.runtime.block_on(through_the_port(&ours, number))
            },
            || Ok(raw.saves_per_second(CLIENTS * SAVES, group, &document)?),
        )?;
        Ok(Row::ratio("saves, 32 clients", against, Unit::PerSecond, &rounds, goal))
    };
    let mut rows = vec![
        row("raw SQLite, 1 a commit", 1, Goal::AtLeast(0.5))?,
        row("raw SQLite, 32 a commit", CLIENTS, Goal::AtLeast(0.5))?,
    ];
    rows.push(over_http(bench, &mut raw, &document)?);
    Ok(rows)
}

async fn through_the_port(store: &Arc<SqliteStore>, from: u128) -> anyhow::Result<f64> {
    let body: Arc<str> = body().into();
    let begun = Instant::now();
    let mut clients = JoinSet::new();
    for client in 0..CLIENTS {
        let (store, body) = (Arc::clone(store), Arc::clone(&body));
        clients.spawn(async move {
            for save in 0..SAVES {
                let number = from + (client * SAVES + save) as u128;
                store.write(first(number, &body)?.into()).await?;
            }
            anyhow::Ok(())
        });
    }
    while let Some(done) = clients.join_next().await {
        done??;
    }
    Ok((CLIENTS * SAVES) as f64 / begun.elapsed().as_secs_f64())
}

fn over_http(bench: &Bench, raw: &mut RawStore, document: &[u8]) -> anyhow::Result<Row> {
    let site = Site::make(&bench.smartcms, &bench.work)?;
    let server = site.serve()?;
    let token = site.token()?;
    let mut authors = Vec::new();
    for number in 0..CLIENTS {
        authors.push(bench.runtime.block_on(Author::begin(&server, &token, number))?);
    }
    let mut authors = Some(authors);
    let rounds = Rounds::measure(
        bench.rounds,
        || {
            let busy = authors.take().context("the authors are gone")?;
            let (rate, back) = bench.runtime.block_on(all_save(busy))?;
            authors = Some(back);
            Ok(rate)
        },
        || Ok(raw.saves_per_second(CLIENTS * SAVES, 1, document)?),
    )?;
    let (name, against) = ("PATCH over HTTP, 32 clients", "raw SQLite, 1 a commit");
    Ok(Row::ratio(name, against, Unit::PerSecond, &rounds, Goal::None))
}

async fn all_save(authors: Vec<Author>) -> anyhow::Result<(f64, Vec<Author>)> {
    let begun = Instant::now();
    let mut saving = JoinSet::new();
    for mut author in authors {
        saving.spawn(async move {
            for _ in 0..SAVES {
                author.save().await?;
            }
            anyhow::Ok(author)
        });
    }
    let mut back = Vec::new();
    while let Some(done) = saving.join_next().await {
        back.push(done??);
    }
    Ok(((CLIENTS * SAVES) as f64 / begun.elapsed().as_secs_f64(), back))
}

/// Saves one entry again and again, each time from the state it saw.
struct Author {
    connection: Connection,
    head: String,
    path: String,
    seen: String,
    body: String,
    saves: usize,
}

impl Author {
    async fn begin(server: &Server, token: &str, number: usize) -> anyhow::Result<Self> {
        let address = server.address;
        let head = format!(
            "host: {address}\r\nauthorization: Bearer {token}\r\ncontent-type: application/json\r\n"
        );
        let mut author = Self {
            connection: Connection::open(address).await?,
            head,
            path: "/api/v1/content/posts".to_owned(),
            seen: String::new(),
            body: body(),
            saves: 0,
        };
        let title = format!("Author {number}");
        let fields = json!({ "fields": { "title": title, "body": author.body } });
        let created = author.send("POST", &fields).await?;
        let id = created.get("id").and_then(Value::as_str).context("the entry has no id")?;
        author.path = format!("/api/v1/content/posts/{id}");
        Ok(author)
    }

    async fn save(&mut self) -> anyhow::Result<()> {
        self.saves += 1;
        let text = format!("{} {}", self.saves, self.body);
        self.send("PATCH", &json!({ "fields": { "body": text } })).await.map(drop)
    }

    async fn send(&mut self, method: &str, document: &Value) -> anyhow::Result<Value> {
        let document = document.to_string();
        let seen = match self.seen.as_str() {
            "" => String::new(),
            seen => format!("if-match: {seen}\r\n"),
        };
        let (path, head, length) = (&self.path, &self.head, document.len());
        let request = format!(
            "{method} {path} HTTP/1.1\r\n{head}{seen}content-length: {length}\r\n\r\n{document}"
        );
        let answer = self.connection.exchange(request.as_bytes()).await?.success()?;
        self.seen = answer.header("etag").context("the answer has no etag")?.to_owned();
        Ok(serde_json::from_slice(&answer.body)?)
    }
}
