//! What stands around every page: the site with its menus.

use smartcms_app::App;
use smartcms_app::ask::answers_questions;
use smartcms_app::entries::ContentError;
use smartcms_app::menus::{MenuView, menus_in};
use smartcms_domain::locales::Locale;
use smartcms_domain::menus::MenuName;
use smartcms_pages::{NavigationItem, SiteContext, urls};

use super::answer::PageError;
use super::read::{published, reader};
use crate::page_cache::Tag;

/// The collection whose public entries are the navigation of a site without a menu.
const NAVIGATION_COLLECTION: &str = "pages";
/// How many of them are read.
const NAVIGATION_LEN_MAX: u32 = 12;

/// What stands around a page, with the tags of what it shows.
pub(super) struct Frame {
    pub(super) site: SiteContext,
    pub(super) tags: Vec<Tag>,
}

/// The frame of pages in a language: one read for the menus, and one for all entries that they lead to.
pub(super) async fn frame(app: &App, locale: &Locale) -> Result<Frame, PageError> {
    let names = [MenuName::main(), MenuName::footer()];
    let menus = menus_in(&reader(app), &names, locale).await.map_err(ContentError::Store)?;
    let mut tags = vec![Tag::Menus];
    tags.extend(menus.iter().flat_map(|it| &it.entries).map(|it| Tag::Entry(*it)));
    let [main, footer] = names.map(|name| items_of(&menus, &name));
    let navigation = match main {
        Some(items) => items,
        None => pages(app, &mut tags).await?,
    };
    let site = SiteContext::new(&app.site, navigation).with_footer(footer.unwrap_or_default());
    Ok(Frame { site: led_in(app, site, app.site.locales.default()), tags })
}

/// The same site, whose pages lead to the search and the questions in this language.
pub(super) fn led_in(app: &App, site: SiteContext, locale: &Locale) -> SiteContext {
    let locales = &app.site.locales;
    let site = site.with_search(urls::search_in(locales, locale));
    // What the site answers depends on plugins too: where they change, no page is kept.
    if answers_questions(app) { site.with_ask(urls::ask_in(locales, locale)) } else { site }
}

fn items_of(menus: &[MenuView], name: &MenuName) -> Option<Vec<NavigationItem>> {
    let menu = menus.iter().find(|it| it.name == *name)?;
    Some(menu.links.iter().cloned().map(NavigationItem::from).collect())
}

/// The public entries of the collection that stands in for a menu, the oldest first.
async fn pages(app: &App, tags: &mut Vec<Tag>) -> Result<Vec<NavigationItem>, ContentError> {
    let Some(definition) = app.collections.find(NAVIGATION_COLLECTION) else {
        return Ok(Vec::new());
    };
    tags.push(Tag::Collection(definition.name.clone()));
    let pages = published(app, &definition, NAVIGATION_LEN_MAX, None).await?;
    Ok(pages.iter().rev().map(|it| it.link().into()).collect())
}
