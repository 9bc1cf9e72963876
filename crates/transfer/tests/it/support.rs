//! What the tests share: a site in memory, imports into it, and what they leave behind.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use smartcms_app::OpContext;
use smartcms_app::menus::{MenuLink, menus_in};
use smartcms_app::ports::{EntryQuery, Listing, Side};
use smartcms_app::redirects::{FollowedRedirect, follow_redirect};
use smartcms_domain::Timestamp;
use smartcms_domain::actors::Actor;
use smartcms_domain::entries::Entry;
use smartcms_domain::menus::MenuName;
use smartcms_testkit::builders::{collection, locale, slug};
use smartcms_testkit::{FixedClock, TestApp};
use smartcms_transfer::{
    ImportError, ImportOptions, MediaError, MediaStore, MediumSource, NewMedium, NoProgress,
    NoteKind, Report, Source, StoredMedium, import,
};

pub(crate) fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}

/// A site whose time is after everything in the fixtures.
pub(crate) fn site() -> TestApp {
    TestApp::with(|parts| {
        let now = Timestamp::parse("2026-01-01T00:00:00Z").unwrap();
        smartcms_app::AppParts { clock: Arc::new(FixedClock::new(now)), ..parts }
    })
}

/// Stores media nowhere, and remembers which.
#[derive(Default, Clone)]
pub(crate) struct Media(pub(crate) Arc<Mutex<Vec<MediumSource>>>);

#[async_trait]
impl MediaStore for Media {
    async fn store(&self, medium: NewMedium) -> Result<StoredMedium, MediaError> {
        let url = format!("/media/{}", medium.name);
        self.0.lock().unwrap().push(medium.from);
        if medium.name.contains("broken") {
            return Err(MediaError("the server answered 404".to_owned()));
        }
        Ok(StoredMedium { id: medium.name, url, present: false })
    }
}

/// Imports and gives the report.
pub(crate) async fn run(app: &TestApp, source: impl Source + 'static, media: &Media) -> Report {
    let (report, outcome) = try_run(app, source, Some(media), ImportOptions::default()).await;
    outcome.unwrap();
    report
}

pub(crate) async fn try_run(
    app: &TestApp,
    source: impl Source + 'static,
    media: Option<&Media>,
    options: ImportOptions,
) -> (Report, Result<(), ImportError>) {
    let ctx = OpContext::new(app, &Actor::Operator);
    let mut report = Report::new("a test".to_owned(), options.dry_run, None);
    let media = media.map(|it| Arc::new(it.clone()) as Arc<dyn MediaStore>);
    let progress = Arc::new(NoProgress);
    let outcome = import(&ctx, Arc::new(source), media, options, progress, &mut report).await;
    (report, outcome)
}

/// The entry with this slug, in its newest state.
pub(crate) async fn entry(app: &TestApp, of: &str, name: &str) -> Entry {
    let found = app
        .entries
        .find_by_slug(&collection(of), &locale("en"), &slug(name), Side::Newest)
        .await
        .unwrap();
    found.unwrap_or_else(|| panic!("no {of}/{name}"))
}

/// Slugs of a collection, sorted.
pub(crate) async fn slugs(app: &TestApp, of: &str) -> Vec<String> {
    let query = EntryQuery {
        author: None,
        collection: collection(of),
        listing: Listing::Newest(None),
        locale: None,
        fallbacks: Vec::new(),
        filter: None,
        sort: Vec::new(),
        limit: 100,
        after: None,
    };
    let page = app.entries.list(&query).await.unwrap();
    let mut slugs: Vec<String> = page.entries.iter().map(|it| it.slug.to_string()).collect();
    slugs.sort();
    slugs
}

/// The first message of a kind of note.
#[track_caller]
pub(crate) fn message(report: &Report, kind: NoteKind) -> &str {
    let note = report.first_notes(kind).first();
    note.map(|it| it.message.as_str())
        .unwrap_or_else(|| panic!("no {kind:?}: {}", report.summary()))
}

/// Where an old address leads now.
pub(crate) async fn leads(app: &TestApp, path: &str) -> Option<String> {
    let ctx = OpContext::new(app, &Actor::Anonymous);
    match follow_redirect(&ctx, path).await.unwrap()? {
        FollowedRedirect::To(_, address) => Some(address),
        FollowedRedirect::Gone => None,
    }
}

/// A menu as readers see it: labels with addresses, those below others in brackets.
pub(crate) async fn menu(app: &TestApp, name: &str) -> String {
    let ctx = OpContext::new(app, &Actor::Anonymous);
    let names = [MenuName::parse(name).unwrap()];
    let views = menus_in(&ctx, &names, &locale("en")).await.unwrap();
    views.first().map(|it| written(&it.links)).unwrap_or_else(|| panic!("no menu {name}"))
}

fn written(links: &[MenuLink]) -> String {
    let link = |it: &MenuLink| {
        let url = it.url.as_deref().map(|it| format!(" {it}")).unwrap_or_default();
        let tab = if it.new_tab { "!" } else { "" };
        let below =
            if it.links.is_empty() { String::new() } else { format!(" [{}]", written(&it.links)) };
        format!("{}{tab}{url}{below}", it.label)
    };
    links.iter().map(link).collect::<Vec<_>>().join(", ")
}
