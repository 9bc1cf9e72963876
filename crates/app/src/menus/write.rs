//! Arranging menus.

use smartcms_domain::Problem;
use smartcms_domain::entries::Revision;
use smartcms_domain::menus::{Menu, MenuItem, MenuName, MenuTarget, items_to_json};

use super::error::MenuError;
use super::read::find;
use crate::OpContext;
use crate::audit::{Deed, digest_of, record};

/// The most menus of a site.
pub const MENUS_MAX: usize = 50;

/// A menu as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SaveMenu {
    /// Its name.
    pub name: String,
    /// Its items.
    pub items: Vec<MenuItem>,
    /// What the author saw.
    pub seen: SeenMenu,
}

/// What somebody saw who stores a menu.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SeenMenu {
    /// That there is none.
    Nothing,
    /// This state.
    State(Revision),
    /// It does not matter.
    Whatever,
}

/// Stores a menu, a new one or over what it was. The first of the answer says whether it is new.
pub async fn save_menu(ctx: &OpContext<'_>, command: SaveMenu) -> Result<(bool, Menu), MenuError> {
    MenuError::check(ctx)?;
    let name = MenuName::parse(&command.name).map_err(|it| MenuError::Invalid(vec![it]))?;
    let stored = find(ctx, name.as_str()).await?;
    check_seen(&command, stored.as_ref())?;
    let previous = stored.map(|it| it.revision);
    let menu = menu(ctx, name, command.items, previous);
    let problems = problems_of(ctx, &menu).await?;
    if !problems.is_empty() {
        return Err(MenuError::Invalid(problems));
    }
    store(ctx, menu.clone(), previous).await?;
    Ok((previous.is_none(), menu))
}

/// Stores a menu that was elsewhere, unless one with its name is there already; whether it was stored. What it leads to
/// need not be there.
pub async fn import_menu(
    ctx: &OpContext<'_>,
    name: MenuName,
    items: Vec<MenuItem>,
) -> Result<bool, MenuError> {
    MenuError::check(ctx)?;
    if find(ctx, name.as_str()).await?.is_some() {
        return Ok(false);
    }
    let menu = menu(ctx, name, items, None);
    store(ctx, menu, None).await?;
    Ok(true)
}

/// Takes a menu away.
pub async fn remove_menu(
    ctx: &OpContext<'_>,
    name: &str,
    seen: Option<Revision>,
) -> Result<(), MenuError> {
    MenuError::check(ctx)?;
    let menu = find(ctx, name).await?.ok_or_else(|| MenuError::Unknown(name.to_owned()))?;
    if seen.is_some_and(|it| it != menu.revision) {
        return Err(stale(&menu));
    }
    let removed = ctx.app.menus.remove_menu(&menu.name, menu.revision).await;
    let generation = removed.map_err(|error| MenuError::of_write(name, error))?;
    ctx.app.changes.menus_changed(generation);
    let was = Some(digest(&menu));
    record(ctx, Deed::done("menu.removed").to("menu", name).digests(was, None)).await;
    Ok(())
}

fn check_seen(command: &SaveMenu, stored: Option<&Menu>) -> Result<(), MenuError> {
    match (command.seen, stored) {
        (SeenMenu::Whatever, _) | (SeenMenu::Nothing, None) => Ok(()),
        (SeenMenu::State(seen), Some(menu)) if seen == menu.revision => Ok(()),
        (SeenMenu::Nothing, Some(_)) => Err(MenuError::Present(command.name.clone())),
        (SeenMenu::State(_), Some(menu)) => Err(stale(menu)),
        (SeenMenu::State(_), None) => {
            Err(MenuError::Stale { name: command.name.clone(), stored: None })
        }
    }
}

fn stale(menu: &Menu) -> MenuError {
    MenuError::Stale { name: menu.name.to_string(), stored: Some(menu.revision.number()) }
}

fn menu(
    ctx: &OpContext<'_>,
    name: MenuName,
    items: Vec<MenuItem>,
    previous: Option<Revision>,
) -> Menu {
    let revision = previous.map_or(Revision::FIRST, Revision::next);
    Menu { name, items, revision, updated_at: ctx.app.clock.now() }
}

/// Stores a menu, then tells who must know before the operation answers.
async fn store(
    ctx: &OpContext<'_>,
    menu: Menu,
    previous: Option<Revision>,
) -> Result<(), MenuError> {
    if previous.is_none() && ctx.app.menus.list_menus().await?.len() >= MENUS_MAX {
        return Err(MenuError::TooMany(MENUS_MAX));
    }
    let name = menu.name.to_string();
    let operation = if previous.is_none() { "menu.created" } else { "menu.changed" };
    let deed = Deed::done(operation).to("menu", &name).digests(None, Some(digest(&menu)));
    let saved = ctx.app.menus.save_menu(menu, previous).await;
    let generation = saved.map_err(|error| MenuError::of_write(&name, error))?;
    ctx.app.changes.menus_changed(generation);
    record(ctx, deed).await;
    Ok(())
}

fn digest(menu: &Menu) -> [u8; 32] {
    digest_of(&items_to_json(&menu.items).to_string())
}

/// What is wrong with what the items lead to, by their places.
async fn problems_of(ctx: &OpContext<'_>, menu: &Menu) -> Result<Vec<Problem>, MenuError> {
    let ids = menu.entries();
    let found = if ids.is_empty() { Vec::new() } else { ctx.app.entries.find_many(&ids).await? };
    let is_there = |id| found.iter().any(|it| it.id == id && it.trashed_at.is_none());
    let mut problems = Vec::new();
    let mut open: Vec<(String, &MenuItem)> = placed("items", &menu.items);
    while let Some((place, item)) = open.pop() {
        match &item.target {
            MenuTarget::Entry(id) if !is_there(*id) => {
                let message = format!("there is no entry {id}");
                problems.push(Problem::field(&format!("{place}.entry"), "unknown-entry", message));
            }
            MenuTarget::Collection(name) if ctx.app.collections.get(name).is_none() => {
                let message = format!("there is no collection `{name}`");
                let field = format!("{place}.collection");
                problems.push(Problem::field(&field, "unknown-collection", message));
            }
            _ => {}
        }
        let locales = &ctx.app.site.locales;
        for locale in item.labels.keys().filter(|it| !locales.contains(it)) {
            let message = format!("the site has no language {locale}");
            let field = format!("{place}.labels.{locale}");
            problems.push(Problem::field(&field, "unknown-locale", message));
        }
        open.extend(placed(&format!("{place}.items"), &item.items));
    }
    Ok(problems)
}

/// Items with their places, the last first.
fn placed<'a>(place: &str, items: &'a [MenuItem]) -> Vec<(String, &'a MenuItem)> {
    items.iter().enumerate().rev().map(|(at, it)| (format!("{place}[{at}]"), it)).collect()
}
