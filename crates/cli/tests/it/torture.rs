//! Durability, tested by killing: servers end with `kill -9` in the middle of concurrent writes, and what was
//! acknowledged is compared with what is there.
//!
//! `SMARTCMS_TORTURE_ROUNDS` says how often; `cargo xtask torture` does it many times.

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;

use serde_json::{Value, json};
use smartcms_app::ports::{EntryQuery, EntryStore, EventCursor, Listing, Outbox};
use smartcms_domain::collections::CollectionName;
use smartcms_domain::entries::{Entry, EntryId, Revision};
use smartcms_store_sql::{SqliteSettings, SqliteStore};

use crate::support::client::{Answer, Client, Request};
use crate::support::server::Server;
use crate::support::site::Site;

const ROUNDS_VARIABLE: &str = "SMARTCMS_TORTURE_ROUNDS";
const ROUNDS_DEFAULT: usize = 5;
/// Writers at the same time.
const WRITERS: usize = 6;
/// The most that one page of the store holds.
const PAGE: u32 = 100;

/// One saved state whose answer a writer has read to its end.
#[derive(Debug, Clone)]
struct Acknowledged {
    id: String,
    revision: u64,
    title: String,
}

#[test]
fn a_killed_server_keeps_every_acknowledged_write_and_no_half_of_another() {
    let rounds = std::env::var(ROUNDS_VARIABLE)
        .ok()
        .and_then(|it| it.parse().ok())
        .unwrap_or(ROUNDS_DEFAULT);
    let site = Site::new();
    let mut all = Vec::new();
    for round in 0..rounds {
        let acknowledged = killed_round(&site, round);
        expect_kept(&site, &acknowledged);
        println!("round {}: {} writes were acknowledged and kept", round + 1, acknowledged.len());
        all.extend(acknowledged);
    }
    expect_kept(&site, &all);
    let (entries, revisions) = expect_whole(&site);
    println!(
        "{rounds} rounds: {} acknowledged writes, {entries} entries, {revisions} revisions and events",
        all.len()
    );
    assert!(revisions >= all.len());
}

/// Lets writers write until enough is acknowledged, then kills the server under them.
fn killed_round(site: &Site, round: usize) -> Vec<Acknowledged> {
    let server = Server::start(site);
    let shared = shared_entry(site, &server);
    let (sender, receiver) = mpsc::channel();
    let writers: Vec<_> = (0..WRITERS)
        .map(|number| {
            let writer = Writer {
                client: Client::new(server.address).with_token(&site.token),
                name: format!("round {round} writer {number}"),
                acknowledged: sender.clone(),
            };
            let shared = shared.clone();
            thread::spawn(move || writer.write_until_cut(&shared))
        })
        .collect();
    drop(sender);
    // Another moment each time: after the first writes, or after dozens.
    let enough = 1 + round * 13 % 90;
    let mut acknowledged: Vec<Acknowledged> = receiver.iter().take(enough).collect();
    server.kill();
    for writer in writers {
        let cut = writer.join().unwrap();
        assert!(cut.is_err(), "a writer stopped by itself");
    }
    acknowledged.extend(drain(&receiver));
    acknowledged
}

fn drain(receiver: &Receiver<Acknowledged>) -> impl Iterator<Item = Acknowledged> {
    receiver.try_iter()
}

/// The entry that all writers change.
#[track_caller]
fn shared_entry(site: &Site, server: &Server) -> String {
    let mut author = server.client().with_token(&site.token);
    let found = author.get("/api/v1/content/posts/shared?status=any");
    let entry = if found.status == 200 {
        found.json()
    } else {
        let fields = json!({ "title": "shared" });
        author
            .post("/api/v1/content/posts", &json!({ "slug": "shared", "fields": fields }))
            .expect_status(201)
            .json()
    };
    entry["id"].as_str().unwrap().to_owned()
}

/// Creates, changes and publishes entries of its own, and changes the shared one between.
struct Writer {
    client: Client,
    name: String,
    acknowledged: Sender<Acknowledged>,
}

impl Writer {
    /// Ends with the error of the cut connection.
    fn write_until_cut(mut self, shared: &str) -> io::Result<()> {
        for number in 0.. {
            let title = format!("{} entry {number}", self.name);
            let entry = json!({ "fields": { "title": title } });
            let created =
                self.client.send(Request::new("POST", "/api/v1/content/posts").json(&entry))?;
            let id = self.note(created, 201, &title)?;
            let title = format!("{title} changed");
            self.change(&id, 1, &title)?;
            let path = format!("/api/v1/content/posts/{id}/publish");
            let published = self.client.send(Request::new("POST", &path))?;
            self.note(published, 200, &title)?;
            self.change_shared(shared, &format!("shared by {title}"))?;
        }
        Ok(())
    }

    fn change(&mut self, id: &str, seen: u64, title: &str) -> io::Result<()> {
        let path = format!("/api/v1/content/posts/{id}");
        let changed = self.client.send(patch(&path, seen, title))?;
        self.note(changed, 200, title).map(drop)
    }

    /// Changes the shared entry once; who is overtaken looks again.
    fn change_shared(&mut self, id: &str, title: &str) -> io::Result<()> {
        let path = format!("/api/v1/content/posts/{id}");
        loop {
            let read =
                whole(self.client.send(Request::new("GET", &format!("{path}?status=any")))?)?;
            let seen = read.json()["revision"].as_u64().unwrap();
            let changed = self.client.send(patch(&path, seen, title))?;
            if changed.status != 409 {
                return self.note(changed, 200, title).map(drop);
            }
        }
    }

    /// Takes an answer as an acknowledgement, once it is whole.
    fn note(&self, answer: Answer, status: u16, title: &str) -> io::Result<String> {
        let entry = whole(answer)?.expect_status(status).json();
        let id = entry["id"].as_str().unwrap().to_owned();
        let revision = entry["revision"].as_u64().unwrap();
        let _ = self.acknowledged.send(Acknowledged {
            id: id.clone(),
            revision,
            title: title.to_owned(),
        });
        Ok(id)
    }
}

fn patch<'a>(path: &'a str, seen: u64, title: &str) -> Request<'a> {
    let fields = json!({ "fields": { "title": title } });
    Request::new("PATCH", path).json(&fields).header("if-match", format!("\"{seen}\""))
}

/// An answer that was cut acknowledges nothing.
fn whole(answer: Answer) -> io::Result<Answer> {
    if answer.cut { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(answer) }
}

/// Asks a new server for each acknowledged state.
#[track_caller]
fn expect_kept(site: &Site, acknowledged: &[Acknowledged]) {
    let mut server = Server::start(site);
    let address: SocketAddr = server.address;
    let mut author = Client::new(address).with_token(&site.token);
    for Acknowledged { id, revision, title } in acknowledged {
        let found = author.get(&format!("/api/v1/content/posts/{id}/revisions/{revision}"));
        assert_eq!(found.status, 200, "revision {revision} of {id} was acknowledged: {found}");
        assert_eq!(found.json()["fields"]["title"], Value::from(title.as_str()));
    }
    server.terminate();
    assert!(server.wait().success());
}

/// Reads the whole store: every entry has each of its revisions and the event of each, and there is nothing else.
#[track_caller]
fn expect_whole(site: &Site) -> (usize, usize) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let store = SqliteStore::open(&site.data().join("smartcms.db"), &SqliteSettings::default())
            .unwrap();
        let entries = all_entries(&store).await;
        let mut events = all_events(&store).await;
        let mut count = 0;
        for entry in &entries {
            let numbers: Vec<u64> = (1..=entry.revision.number()).collect();
            expect_history(&store, entry).await;
            let told = events.remove(&entry.id.to_string()).unwrap_or_default();
            assert_eq!(told, numbers, "events of {}", entry.id);
            count += numbers.len();
        }
        assert!(events.is_empty(), "events of entries that are not there: {events:?}");
        (entries.len(), count)
    })
}

/// The newest record is the entry as it is, and none before it is missing.
async fn expect_history(store: &SqliteStore, entry: &Entry) {
    let newest = store.revision(entry.id, entry.revision).await.unwrap();
    let newest = newest.unwrap_or_else(|| panic!("{} has no record of its newest state", entry.id));
    assert_eq!((&newest.fields, &newest.slug), (&entry.fields, &entry.slug), "{}", entry.id);
    let mut numbers = Vec::new();
    let mut before: Option<Revision> = None;
    loop {
        let page = store.revisions(entry.id, before, PAGE).await.unwrap();
        let Some(last) = page.last() else { break };
        before = Some(last.revision);
        numbers.extend(page.iter().map(|it| it.revision.number()));
    }
    let expected: Vec<u64> = (1..=entry.revision.number()).rev().collect();
    assert_eq!(numbers, expected, "revisions of {}", entry.id);
    if let Some(live) = &entry.live {
        let record = store.revision(entry.id, live.revision).await.unwrap().unwrap();
        assert_eq!(record.fields, live.fields, "the public state of {}", entry.id);
    }
}

async fn all_entries(store: &SqliteStore) -> Vec<Entry> {
    let collection = CollectionName::parse("posts").unwrap();
    let mut query = EntryQuery {
        author: None,
        collection,
        listing: Listing::Newest(None),
        locale: None,
        fallbacks: Vec::new(),
        filter: None,
        sort: Vec::new(),
        limit: PAGE,
        after: None,
    };
    let mut entries = Vec::new();
    loop {
        let page = store.list(&query).await.unwrap();
        entries.extend(page.entries);
        query.after = page.next;
        if query.after.is_none() {
            return entries;
        }
    }
}

/// The revisions that events tell of, by entry, in their order.
async fn all_events(store: &SqliteStore) -> BTreeMap<String, Vec<u64>> {
    let mut events: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    let mut cursor = EventCursor::default();
    loop {
        let page = store.after(cursor, PAGE).await.unwrap();
        let Some(last) = page.last() else { return events };
        cursor = last.cursor;
        for recorded in page {
            let id: EntryId = recorded.event.entry;
            events.entry(id.to_string()).or_default().push(recorded.event.revision.number());
        }
    }
}
