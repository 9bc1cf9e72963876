//! Leads readers of a missing page to the entry that they probably meant, or shows them what comes near.
//!
//! The site's own page for what is missing leads here with the path that was asked for; see README.md.

mod missing;
mod nearest;
mod page;

use addresses::Addresses;
use smartcms_plugin::content::reader::{self, Query};
use smartcms_plugin::content::{ContentError, Entry};
use smartcms_plugin::routes::{self, Request, Response};
use smartcms_plugin::{fields, log, settings};

use crate::missing::Missing;
use crate::nearest::{Candidate, Verdict};

/// The collections that are looked through when the operator does not say.
const COLLECTIONS_DEFAULT: &str = "posts pages";
/// How many entries of a collection are looked at, the newest first.
const LOOK_AT_MAX: usize = 500;
/// How many the host gives at once.
const PAGE: u32 = 100;

struct Plugin;

impl routes::Guest for Plugin {
    const BODY_BYTES_MAX: usize = 0;

    fn answer(request: Request) -> Response {
        if !matches!(request.method.as_str(), "GET" | "HEAD") {
            return Response::text(405, "Only GET.\n").with("allow", "GET, HEAD");
        }
        if request.path != "/" {
            return page::nothing_here();
        }
        let Some(missing) = Missing::parse(&request.query_text) else {
            return page::nothing_here();
        };
        match verdict(&missing) {
            Ok(Verdict::Certain(address)) => {
                log::info(format!("{} is missing, and was taken for {address}", missing.path));
                // Not for good: another entry may be published there tomorrow.
                Response::redirect(302, &address).with("cache-control", "no-store")
            }
            Ok(Verdict::Near(candidates)) => {
                log::info(format!("{} is missing, {} come near", missing.path, candidates.len()));
                page::suggestions(&missing, &candidates)
            }
            Err(error) => {
                log::error(format!("{} was not looked for: {error}", missing.path));
                page::suggestions(&missing, &[])
            }
        }
    }
}

routes::export!(Plugin);

fn verdict(missing: &Missing) -> Result<Verdict, ContentError> {
    let addresses = Addresses::read();
    let collections = settings::get("collections").ok().flatten();
    let collections = collections.unwrap_or_else(|| COLLECTIONS_DEFAULT.to_owned());
    let mut all = Vec::new();
    for collection in collections.split_whitespace() {
        // The same name elsewhere: the usual case after a move.
        if let Some(entry) = reader::find_by_slug(collection, &missing.name)? {
            let found = candidate(&entry, &addresses, missing);
            if found.address != missing.path {
                return Ok(Verdict::Certain(found.address));
            }
        }
        all.extend(candidates(collection, &addresses, missing)?);
    }
    Ok(nearest::verdict(all))
}

fn candidates(
    collection: &str,
    addresses: &Addresses,
    missing: &Missing,
) -> Result<Vec<Candidate>, ContentError> {
    let mut found = Vec::new();
    let (mut cursor, mut looked_at) = (None, 0);
    while looked_at < LOOK_AT_MAX {
        let query = Query { collection: collection.to_owned(), limit: PAGE, cursor };
        let page = reader::list(&query)?;
        looked_at += page.entries.len();
        found.extend(page.entries.iter().map(|it| candidate(it, addresses, missing)));
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    Ok(found)
}

fn candidate(entry: &Entry, addresses: &Addresses, missing: &Missing) -> Candidate {
    Candidate {
        address: addresses.of(&entry.collection, &entry.slug),
        title: fields::text(&entry.fields, "title").unwrap_or(&entry.slug).to_owned(),
        score: nearest::score(&missing.name, &entry.slug),
    }
}
