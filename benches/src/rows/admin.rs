//! Pages of the admin over a large site: the server's time, the scripts that a browser gets, and when it shows a page.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context as _, bail};
use serde_json::{Value, json};
use smartcms_pages::admin::NAV;

use super::Bench;
use super::startup::ready;
use crate::crowd;
use crate::person::{Person, between};
use crate::rounds::{Rounds, quantile};
use crate::servers::Server;
use crate::site::Site;
use crate::table::{Goal, Row, Unit};
use crate::wire::{Connection, get};
use crate::words::word;

/// What any page may take of the server, in milliseconds, at the 99th percentile.
const PAGE: Goal = Goal::AtMost(50.0);
/// When a browser on a slow machine shows a page, in milliseconds.
const SHOWN: Goal = Goal::AtMost(1000.0);
/// The scripts of a page without the editor, and those of the editor, compressed, in thousands of bytes.
const SCRIPTS: Goal = Goal::AtMost(60.0);
const EDITOR: Goal = Goal::AtMost(250.0);
/// How often a page is asked for in one round.
const ASKED: usize = 40;
/// Drafts beside all that is public.
const DRAFTS: u32 = 60;
/// What browsers take.
const CODINGS: &str = "accept-encoding: gzip, deflate, br, zstd\r\n";
/// A page of the same server that has nothing but a line of text.
const EMPTY: &str = "/robots.txt";
const ADMIN: &str = "/admin";
const SIGN_IN: &str = "/admin/sign-in";
const LIST: &str = "/admin/content/posts";

/// A site with very many entries, somebody in its admin, and a kept connection.
struct Desk {
    server: Server,
    person: Person,
    connection: Connection,
    site: Site,
}

/// Every page of the admin.
pub fn rows(bench: &Bench) -> anyhow::Result<Vec<Row>> {
    let mut desk = Desk::new(bench)?;
    let entry = format!("{LIST}/{}", crowd::post_id(u128::from(bench.entries / 2)));
    let mut rows = Vec::new();
    for (name, path) in pages(bench, &mut desk, &entry)? {
        rows.push(match desk.times(bench, &path) {
            Ok(times) => of_times(&format!("{name}, server"), &times),
            Err(error) => Row::missing(name, &path, format!("{error:#}")),
        });
    }
    rows.extend(desk.scripts(bench, &entry)?);
    rows.extend(desk.shown(bench, &entry)?);
    Ok(rows)
}

/// Each page with the name that the table gives it: the pages of the navigation, and those that stand in no navigation.
fn pages(bench: &Bench, desk: &mut Desk, entry: &str) -> anyhow::Result<Vec<(String, String)>> {
    let mut pages: Vec<(String, String)> =
        NAV.iter().map(|it| (it.url.to_owned(), it.url.to_owned())).collect();
    let (rare, common) = (word(12_000), word(1));
    let asset = desk.first_link(bench, "/admin/media", "/admin/media/")?;
    let second = desk.first_link(bench, &format!("{LIST}?sort=slug"), &format!("{LIST}?"))?;
    let more = [
        ("list", LIST.to_owned()),
        ("list, second page by slug", second),
        ("list, published", format!("{LIST}?status=published")),
        ("list, drafts", format!("{LIST}?status=draft")),
        ("list, by slug", format!("{LIST}?sort=slug")),
        ("list, by slug, from the end", format!("{LIST}?sort=-slug")),
        ("list, saved last", format!("{LIST}?sort=-updated_at")),
        ("list, a rare word", format!("{LIST}?q={rare}")),
        ("list, a common word", format!("{LIST}?q={common}")),
        ("list, an unfinished word among drafts", format!("{LIST}?q=ba&status=draft")),
        ("search, a rare word", format!("/admin/search?q={rare}")),
        ("search, a common word", format!("/admin/search?q={common}")),
        ("entry", entry.to_owned()),
        ("new entry", format!("{LIST}/new")),
        ("history", format!("{entry}/revisions")),
        ("preview", format!("{entry}/preview")),
        ("picker, a common word", format!("/admin/pick/posts?name=f.x&look.f.x={common}")),
        ("file", asset),
        ("sign-in", SIGN_IN.to_owned()),
    ];
    pages.extend(more.into_iter().map(|(name, path)| (name.to_owned(), path)));
    Ok(pages)
}

fn of_times(name: &str, times: &[f64]) -> Row {
    let at = |share: f64| vec![quantile(times, share) * 1e3];
    let rounds = Rounds::of(at(0.99), at(0.5));
    Row::figure_beside(format!("{name}, p99"), "its p50", Unit::Millis, &rounds, PAGE)
}

impl Desk {
    fn new(bench: &Bench) -> anyhow::Result<Self> {
        let site = Site::make(&bench.smartcms, &bench.work)?;
        // Once, so that the site knows its collections before they are filled.
        drop(ready(bench, &site)?);
        bench.runtime.block_on(crowd::fill(&site.database(), u128::from(bench.entries)))?;
        let server = ready(bench, &site)?;
        let person = bench.runtime.block_on(Person::enter(&site, server.address))?;
        let connection = bench.runtime.block_on(Connection::open(server.address))?;
        let desk = Self { server, person, connection, site };
        bench.runtime.block_on(drafts(desk.server.address, &desk.site.token()?))?;
        Ok(desk)
    }

    /// How long each of many requests takes, in seconds.
    fn times(&mut self, bench: &Bench, path: &str) -> anyhow::Result<Vec<f64>> {
        // Who is in is sent on from where one signs in.
        let who = if path == SIGN_IN { String::new() } else { self.person.header() };
        let request = get(self.server.address, path, &who);
        let mut times = Vec::new();
        for _ in 0..ASKED * bench.rounds + 2 {
            let begun = Instant::now();
            bench.runtime.block_on(self.connection.exchange(&request))?.success()?;
            times.push(begun.elapsed().as_secs_f64());
        }
        // The first ones warm up.
        Ok(times.split_off(2))
    }

    /// The body of a page, and its size on the wire for a browser.
    fn page(&mut self, bench: &Bench, path: &str, codings: &str) -> anyhow::Result<Vec<u8>> {
        let headers = format!("{}{codings}", self.person.header());
        let request = get(self.server.address, path, &headers);
        let answer = bench.runtime.block_on(self.connection.exchange(&request))?;
        Ok(answer.success().with_context(|| path.to_owned())?.body)
    }

    fn first_link(&mut self, bench: &Bench, path: &str, start: &str) -> anyhow::Result<String> {
        let page = self.page(bench, path, "")?;
        let text = String::from_utf8_lossy(&page).replace("&#x2f;", "/").replace("&amp;", "&");
        let mut links = text.split("href=\"").skip(1).filter_map(|it| it.split('"').next());
        let found = links
            .find(|it| it.starts_with(start) && (it.contains("after=") || !start.ends_with('?')));
        Ok(found.with_context(|| format!("{path} links to nothing below {start}"))?.to_owned())
    }

    /// The scripts of a page, each an address.
    fn scripts_of(&mut self, bench: &Bench, path: &str) -> anyhow::Result<Vec<String>> {
        let page = self.page(bench, path, "")?;
        let text = String::from_utf8_lossy(&page);
        let tags = text.split("<script ").skip(1).filter_map(|it| between(it, "src=\""));
        Ok(tags.map(|it| it.replace("&#x2f;", "/").replace("&amp;", "&")).collect())
    }

    fn scripts(&mut self, bench: &Bench, entry: &str) -> anyhow::Result<Vec<Row>> {
        let first = self.scripts_of(bench, ADMIN)?;
        let all = self.scripts_of(bench, entry)?;
        let editor: Vec<String> = all.into_iter().filter(|it| !first.contains(it)).collect();
        let mut rows = Vec::new();
        for (name, scripts, goal) in
            [("scripts of a first load", first, SCRIPTS), ("scripts of the editor", editor, EDITOR)]
        {
            let (mut sent, mut whole) = (0, 0);
            for path in scripts {
                sent += self.page(bench, &path, CODINGS)?.len();
                whole += self.page(bench, &path, "")?.len();
            }
            let rounds = Rounds::of(vec![sent as f64 / 1e3], vec![whole as f64 / 1e3]);
            let against = "not compressed";
            rows.push(Row::figure_beside(name, against, Unit::Kilobytes, &rounds, goal));
        }
        Ok(rows)
    }

    /// When a browser whose processor is four times as slow shows most of a page, which it has never seen.
    fn shown(&mut self, bench: &Bench, entry: &str) -> anyhow::Result<Vec<Row>> {
        let Some(browser) = &bench.browser else {
            return Ok(vec![Row::missing("pages in a browser", EMPTY, "needs a browser")]);
        };
        let wanted = [("sign-in", SIGN_IN), ("dashboard", ADMIN), ("list", LIST), ("entry", entry)];
        let paths: Vec<&str> = std::iter::once(EMPTY).chain(wanted.map(|it| it.1)).collect();
        let found = look(bench, browser, self.server.address, &self.person, &paths)?;
        let of = |path: &str| -> anyhow::Result<Vec<f64>> {
            let times = found.get(path).and_then(Value::as_array);
            let times = times.with_context(|| format!("the browser did not show {path}"))?;
            Ok(times.iter().filter_map(Value::as_f64).collect())
        };
        let empty = of(EMPTY)?;
        let row = |(name, path): (&str, &str)| {
            let rounds = Rounds::of(of(path)?, empty.clone());
            let name = format!("{name}, LCP at 4 × slower");
            Ok(Row::figure_beside(name, "a line of text", Unit::Millis, &rounds, SHOWN))
        };
        wanted.into_iter().map(row).collect()
    }
}

async fn drafts(address: SocketAddr, token: &str) -> anyhow::Result<()> {
    let mut connection = Connection::open(address).await?;
    for number in 0..DRAFTS {
        let fields = json!({ "title": format!("Draft {number}"), "body": "Not finished." });
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

/// What the browser says of these pages: for each address its times, in milliseconds.
fn look(
    bench: &Bench,
    (browser, script): &(std::path::PathBuf, std::path::PathBuf),
    address: SocketAddr,
    person: &Person,
    paths: &[&str],
) -> anyhow::Result<Value> {
    let folder = script.parent().unwrap_or(Path::new("."));
    let mut node = Command::new("node");
    node.arg(script).current_dir(folder).env("CHROMIUM", browser);
    let asked = json!({
        "base": format!("http://{address}"), "cookies": person.cookies(), "paths": paths, "rounds": bench.rounds,
    });
    let output = node.arg(asked.to_string()).output().context("could not run node")?;
    if !output.status.success() {
        bail!("the browser failed: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}
