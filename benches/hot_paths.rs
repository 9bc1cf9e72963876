//! The paths that every request or save goes, each alone: `cargo bench`.
#![expect(clippy::unwrap_used, reason = "a measurement that cannot go on has to stop here")]

use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use hyper::Request;
use smartcms_app::ports::{EntryStore, Side};
use smartcms_app::rendering::{render_body, sanitise_html, sanitise_markdown};
use smartcms_benches::plugin_site::OneFilter;
use smartcms_benches::references::raw_wasmtime::RawFilter;
use smartcms_benches::{guests, saves};
use smartcms_domain::entries::Entry;
use smartcms_domain::events::EventKind;
use smartcms_domain::locales::Locale;
use smartcms_http::{AppState, PageCache, SiteService};
use smartcms_pages::Theme;
use smartcms_store_sql::{SqliteSettings, SqliteStore};
use smartcms_testkit::TestApp;
use smartcms_testkit::builders::{at, changed, collection, created, draft, fields, slug};
use tokio::runtime::Runtime;

/// An ordinary post.
const POST: &str = include_str!("../examples/site/content/posts/what-is-a-component.md");
/// Entries of the store that is read.
const ENTRIES: u128 = 1_000;

fn published() -> (Entry, Entry) {
    let mut before = draft(&collection("posts"), 1, "a");
    before.fields = fields(serde_json::json!({ "title": "A", "body": POST }));
    let entry = before.clone().publish(at(2_000)).unwrap();
    (before, entry)
}

fn rendering(criterion: &mut Criterion) {
    let runtime = Runtime::new().unwrap();
    let app = TestApp::new();
    let (_, entry) = published();
    let live = entry.live.clone().unwrap();
    let html = runtime.block_on(render_body(&app, &entry, &live)).html;
    let mut group = criterion.benchmark_group("rendering");
    group.throughput(Throughput::Bytes(POST.len() as u64));
    group.bench_function("render_body", |it| {
        it.to_async(&runtime).iter(|| render_body(&app, black_box(&entry), black_box(&live)));
    });
    group.bench_function("sanitise_html", |it| it.iter(|| sanitise_html(black_box(&html))));
    group.bench_function("sanitise_markdown", |it| it.iter(|| sanitise_markdown(black_box(POST))));
    group.finish();
}

fn page_cache(criterion: &mut Criterion) {
    let runtime = Runtime::new().unwrap();
    let app = TestApp::new();
    let (before, entry) = published();
    runtime.block_on(async {
        app.store.write(created(&before).into()).await.unwrap();
        let published = changed(&before, entry, EventKind::EntryPublished);
        app.store.write(published.into()).await.unwrap();
    });
    let cache = Arc::new(PageCache::new());
    let state = AppState::new(app.app.clone(), Theme::embedded().unwrap(), Arc::clone(&cache));
    let service = SiteService::new(state);
    let request = || {
        let builder = Request::builder().uri("/posts/a").header("accept-encoding", "gzip, br");
        builder.body(http_body_util::Empty::<bytes::Bytes>::new()).unwrap()
    };
    let first = runtime.block_on(service.handle(request()));
    assert_eq!(first.status().as_u16(), 200);
    let hit = request();
    criterion.bench_function("page_cache/hit", |it| {
        it.iter(|| service.cached_response(black_box(&hit)).unwrap());
    });
    // From the request to the coded answer: the operation, Markdown, the template, gzip and brotli.
    criterion.bench_function("page_cache/miss", |it| {
        it.to_async(&runtime).iter(|| {
            cache.invalidate_all();
            service.handle(request())
        });
    });
}

fn plugin_calls(criterion: &mut Criterion) {
    let runtime = Runtime::new().unwrap();
    let folder = work_folder();
    let echo = guests::echo_filter().unwrap();
    let ours = runtime.block_on(OneFilter::new(&echo, folder.path())).unwrap();
    let raw = RawFilter::new(&echo).unwrap();
    let mut group = criterion.benchmark_group("typed_plugin_call");
    group.bench_function("ours", |it| {
        it.to_async(&runtime).iter(|| async { ours.filter("<p>hello</p>").await.unwrap() });
    });
    group.bench_function("raw_wasmtime", |it| {
        it.to_async(&runtime).iter(|| async { raw.filter("<p>hello</p>").await.unwrap() });
    });
    group.finish();
}

fn store_reads(criterion: &mut Criterion) {
    let runtime = Runtime::new().unwrap();
    let folder = work_folder();
    let path = folder.path().join("store.db");
    let store = SqliteStore::open(&path, &SqliteSettings::default()).unwrap();
    let body = saves::body();
    let ids: Vec<_> = runtime.block_on(async {
        let mut ids = Vec::new();
        for number in 0..ENTRIES {
            let write = saves::first(number, &body).unwrap();
            ids.push(write.entry.id);
            store.write(write.into()).await.unwrap();
        }
        ids
    });
    let (posts, english, name) = (collection("posts"), Locale::english(), slug("entry-500"));
    let mut next = ids.iter().cycle();
    let mut group = criterion.benchmark_group("store");
    group.bench_function("find_by_id", |it| {
        it.iter(|| runtime.block_on(store.find(*next.next().unwrap())).unwrap().unwrap());
    });
    group.bench_function("find_by_slug", |it| {
        let read = || store.find_by_slug(&posts, &english, &name, Side::Newest);
        it.iter(|| runtime.block_on(read()).unwrap().unwrap());
    });
    group.finish();
}

/// A folder on the disk that the build is on.
fn work_folder() -> tempfile::TempDir {
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target");
    tempfile::tempdir_in(target).unwrap()
}

criterion_group!(benches, rendering, page_cache, plugin_calls, store_reads);
criterion_main!(benches);
