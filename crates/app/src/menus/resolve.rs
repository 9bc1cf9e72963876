//! What readers see of a menu: labels in their language, and where each item leads now.

use std::collections::BTreeMap;

use smartcms_domain::entries::{Entry, EntryId};
use smartcms_domain::locales::Locale;
use smartcms_domain::menus::{Menu, MenuItem, MenuName, MenuTarget};

use crate::OpContext;
use crate::entries::{hide_fields, live_path, may_read};
use crate::ports::StoreError;

/// A menu as somebody may see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MenuView {
    /// Its name.
    pub name: MenuName,
    /// What is seen of it.
    pub links: Vec<MenuLink>,
    /// The entries that were looked at, with their translations: when one changes, so may the links.
    pub entries: Vec<EntryId>,
}

/// An item as somebody may see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MenuLink {
    /// What it says.
    pub label: String,
    /// Where it leads: a path of the site or an address elsewhere; `None` where it only groups what is below it.
    pub url: Option<String>,
    /// Whether it opens in a new tab.
    pub new_tab: bool,
    /// What is below it.
    pub links: Vec<MenuLink>,
}

/// What an entry is called and where its page is.
struct Named {
    label: String,
    path: String,
}

/// The menus with these names as the actor may see them, by name; those that are not there are left out.
pub async fn menus_in(
    ctx: &OpContext<'_>,
    names: &[MenuName],
    locale: &Locale,
) -> Result<Vec<MenuView>, StoreError> {
    let menus = ctx.app.menus.find_menus(names).await?;
    menu_views(ctx, menus, locale).await
}

/// Menus as the actor may see them: one read for all entries, and on a page in another language one for each of them.
pub async fn menu_views(
    ctx: &OpContext<'_>,
    menus: Vec<Menu>,
    locale: &Locale,
) -> Result<Vec<MenuView>, StoreError> {
    let ids: Vec<EntryId> = menus.iter().flat_map(Menu::entries).collect();
    let found = if ids.is_empty() { Vec::new() } else { ctx.app.entries.find_many(&ids).await? };
    let mut named = BTreeMap::new();
    let mut looked_at: BTreeMap<EntryId, Vec<EntryId>> = BTreeMap::new();
    for entry in found {
        let id = entry.id;
        let (entry, translations) = translated(ctx, entry, locale).await?;
        looked_at.insert(id, translations);
        named.extend(named_entry(ctx, entry).map(|it| (id, it)));
    }
    let fallbacks = ctx.app.site.locales.fallbacks(locale);
    let view = |menu: Menu| {
        let with_translations = |id: EntryId| {
            std::iter::once(id).chain(looked_at.get(&id).into_iter().flatten().copied())
        };
        let entries = menu.entries().into_iter().flat_map(with_translations).collect();
        let links = links(ctx, &menu.items, &named, &fallbacks);
        MenuView { name: menu.name, links, entries }
    };
    Ok(menus.into_iter().map(view).collect())
}

/// The public translation of an entry into a language, the entry itself where there is none; and all its translations.
async fn translated(
    ctx: &OpContext<'_>,
    entry: Entry,
    locale: &Locale,
) -> Result<(Entry, Vec<EntryId>), StoreError> {
    let is_only = ctx.app.site.locales.iter().nth(1).is_none();
    if is_only || entry.locale == *locale {
        return Ok((entry, Vec::new()));
    }
    let group = ctx.app.entries.translations(entry.group).await?;
    let ids = group.iter().map(|it| it.id).collect();
    let found = group.into_iter().find(|it| it.locale == *locale && it.live.is_some());
    Ok((found.unwrap_or(entry), ids))
}

fn named_entry(ctx: &OpContext<'_>, mut entry: Entry) -> Option<Named> {
    let definition = ctx.app.collections.get(&entry.collection)?;
    if !may_read(ctx.actor, &definition) {
        return None;
    }
    let path = live_path(ctx, &entry)?.encoded();
    hide_fields(ctx.actor, &definition, &mut entry);
    let live = entry.live?;
    let title = live.fields.text(definition.title.as_str()).map(str::trim);
    let label = title.filter(|it| !it.is_empty()).unwrap_or(live.slug.as_str()).to_owned();
    Some(Named { label, path })
}

fn links(
    ctx: &OpContext<'_>,
    items: &[MenuItem],
    named: &BTreeMap<EntryId, Named>,
    fallbacks: &[Locale],
) -> Vec<MenuLink> {
    // The depth of a menu is bounded by its rules.
    items.iter().filter_map(|it| link(ctx, it, named, fallbacks)).collect()
}

/// An item; `None` for one that leads nowhere and has nothing below it.
fn link(
    ctx: &OpContext<'_>,
    item: &MenuItem,
    named: &BTreeMap<EntryId, Named>,
    fallbacks: &[Locale],
) -> Option<MenuLink> {
    let below = links(ctx, &item.items, named, fallbacks);
    let (name, url) = match &item.target {
        MenuTarget::Nothing => (None, None),
        MenuTarget::Address(address) => (None, Some(address.clone())),
        MenuTarget::Entry(id) => {
            let named = named.get(id);
            (named.map(|it| it.label.clone()), named.map(|it| it.path.clone()))
        }
        MenuTarget::Collection(name) => {
            let definition = ctx.app.collections.get(name).filter(|it| it.listed);
            let path = definition.as_ref().and_then(|it| Some(it.url.as_ref()?.list()?.to_owned()));
            (definition.map(|it| it.label.clone()), path)
        }
    };
    if url.is_none() && below.is_empty() {
        return None;
    }
    let label = item.label_in(fallbacks).map(str::to_owned).or(name)?;
    Some(MenuLink { label, url, new_tab: item.new_tab, links: below })
}
