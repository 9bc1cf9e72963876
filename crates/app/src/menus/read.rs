//! Looking at menus.

use smartcms_domain::locales::Locale;
use smartcms_domain::menus::{Menu, MenuName};

use super::error::MenuError;
use super::resolve::{MenuView, menu_views};
use crate::OpContext;

/// A menu as it was written.
pub async fn get_menu(ctx: &OpContext<'_>, name: &str) -> Result<Menu, MenuError> {
    MenuError::check(ctx)?;
    find(ctx, name).await?.ok_or_else(|| MenuError::Unknown(name.to_owned()))
}

/// Every menu as it was written, by name.
pub async fn list_menus(ctx: &OpContext<'_>) -> Result<Vec<Menu>, MenuError> {
    MenuError::check(ctx)?;
    Ok(ctx.app.menus.list_menus().await?)
}

/// Every menu as the actor may see it, by name.
pub async fn list_menu_views(
    ctx: &OpContext<'_>,
    locale: &Locale,
) -> Result<Vec<MenuView>, MenuError> {
    let menus = ctx.app.menus.list_menus().await?;
    Ok(menu_views(ctx, menus, locale).await?)
}

/// A menu by the text of its name.
pub(super) async fn find(ctx: &OpContext<'_>, name: &str) -> Result<Option<Menu>, MenuError> {
    let Ok(name) = MenuName::parse(name) else { return Ok(None) };
    Ok(ctx.app.menus.find_menus(&[name]).await?.into_iter().next())
}
