//! `GET /feed.xml`, `/rss.xml`, `/feed.json`, and the same below a list (`/posts/feed.xml`): the newest entries.

use axum::extract::{Request, State};
use axum::response::Response;
use smartcms_app::App;
use smartcms_app::entries::find_live_by_path;
use smartcms_app::rendering::render_body;
use smartcms_pages::{
    FeedChannel, FeedEntry, FeedFormat, NavigationLink, SiteContext, feed_text, urls,
};

use super::answer::{ASK_AGAIN, Asked, PageError, answer};
use super::images::Images;
use super::list::collection_at;
use super::read::{PublicEntry, listed_tags, newest, published, reader};
use super::terms::{Referring, entries_of, links_of_all, referring};
use crate::page_cache::{Page, Tag};
use crate::state::AppState;

/// How many entries a feed has.
const ENTRIES_PER_FEED: u32 = 20;

/// Answers with the feed that the path names.
pub(crate) async fn feed(State(state): State<AppState>, request: Request) -> Response {
    feed_at(&state, Asked::of(&request)).await
}

/// Answers with the feed of a list.
pub(crate) async fn feed_at(state: &AppState, asked: Asked<'_>) -> Response {
    answer(state, asked, render(state, asked.uri.path())).await
}

async fn render(state: &AppState, path: &str) -> Result<Page, PageError> {
    let app = &state.app;
    let (list, format) = urls::feed_of(path).ok_or(PageError::NotFound)?;
    let site = SiteContext::new(&app.site, Vec::new());
    let (channel, found, tags) = if list == urls::HOME {
        let found = newest(app, ENTRIES_PER_FEED, None).await?.entries;
        (FeedChannel::of_site(&site), found, listed_tags(app))
    } else if let Some(definition) = collection_at(app, list) {
        let channel = FeedChannel::of_list(&site, &definition.label, list);
        let found = published(app, &definition, ENTRIES_PER_FEED, None).await?;
        (channel, found, vec![Tag::Collection(definition.name.clone())])
    } else {
        let (term, lists) = term_at(app, list).await?.ok_or(PageError::NotFound)?;
        let channel = FeedChannel::of_list(&site, &term.link().label, list);
        let found = entries_of(app, &lists, &term, ENTRIES_PER_FEED, None).await?;
        let tags = lists.iter().map(|it| Tag::Collection(it.definition.name.clone()));
        (channel, found.entries, tags.chain([Tag::Entry(term.entry.id)]).collect())
    };
    let mut tags = tags;
    let mut entries = Vec::new();
    let (bodies, complete) = bodies(app, &found).await;
    let texts: Vec<&str> = bodies.iter().map(String::as_str).collect();
    let images = Images::of(app, &found, &texts).await?;
    tags.extend(images.tags());
    let links = links_of_all(app, &found).await?;
    for ((public, body), links) in found.iter().zip(&bodies).zip(links) {
        tags.extend(links.tags);
        let labels = |links: Vec<NavigationLink>| links.into_iter().map(|it| it.label).collect();
        let language = app.site.locales.default().as_str();
        let entry = feed_entry(public, images.put_into(body), language);
        entries.push(FeedEntry {
            image: images.in_feed(public),
            authors: labels(links.authors),
            tags: labels(links.terms),
            ..entry
        });
    }
    let text = feed_text(&site, &channel, format, &entries);
    Ok(Page::new(content_type(format), ASK_AGAIN, text.into()).tagged(&tags).kept_if(complete))
}

/// The bodies as HTML, and whether all of them would come again.
async fn bodies(app: &App, found: &[PublicEntry]) -> (Vec<String>, bool) {
    let mut bodies = Vec::new();
    let mut complete = true;
    for public in found {
        let body = render_body(app, &public.entry, &public.live).await;
        complete &= body.repeatable;
        bodies.push(body.html);
    }
    (bodies, complete)
}

/// The term or author at a path, with the collections that point to it.
async fn term_at(
    app: &App,
    path: &str,
) -> Result<Option<(PublicEntry, Vec<Referring>)>, PageError> {
    let found = find_live_by_path(&reader(app), path).await?;
    let Some(public) = found.and_then(|it| PublicEntry::new(app, it)) else { return Ok(None) };
    let lists = referring(app, &public.definition);
    Ok((!lists.is_empty()).then_some((public, lists)))
}

fn content_type(format: FeedFormat) -> &'static str {
    match format {
        FeedFormat::Atom => "application/atom+xml; charset=utf-8",
        FeedFormat::Rss => "application/rss+xml; charset=utf-8",
        FeedFormat::Json => "application/feed+json; charset=utf-8",
    }
}

fn feed_entry(public: &PublicEntry, content: String, language: &str) -> FeedEntry {
    let summary = public.summary(language);
    FeedEntry {
        id: public.entry.id,
        title: summary.title,
        url: summary.url,
        published_at: public.published_at(),
        updated_at: public.live.published_at,
        excerpt: summary.excerpt,
        authors: Vec::new(),
        tags: Vec::new(),
        image: None,
        content,
    }
}
