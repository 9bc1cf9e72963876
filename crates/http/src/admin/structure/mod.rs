//! The pages about what a site is made of: its collections, menus, redirects, terms, webhooks and settings.

mod csv;
mod definition_draft;
mod definition_form;
mod definition_page;
mod definitions;
mod go;
mod menu_draft;
mod menus;
mod mistakes;
mod nested;
mod plan;
mod redirect_import;
mod redirects;
mod settings;
mod terms;
mod views;
mod webhook_page;
mod webhooks;

use axum::Router;

pub(super) use views::views_of;

use super::form::form_post;
use crate::routing::get;
use crate::state::AppState;

/// The routes of these pages.
pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/admin/collections", get(definitions::list))
        .route(
            "/admin/collections/-/new",
            get(definitions::new).merge(form_post(definitions::create)),
        )
        .route(
            "/admin/collections/{name}",
            get(definitions::edit).merge(form_post(definitions::change)),
        )
        .route("/admin/menus", get(menus::list))
        .route("/admin/menus/-/new", get(menus::new).merge(form_post(menus::create)))
        .route("/admin/menus/{name}", get(menus::edit).merge(form_post(menus::change)))
        .route("/admin/redirects", get(redirects::list).merge(form_post(redirects::act)))
        .route(
            "/admin/redirects/import",
            get(redirect_import::show).merge(form_post(redirect_import::import)),
        )
        .route("/admin/redirects/{id}", get(redirects::edit).merge(form_post(redirects::change)))
        .route("/admin/terms", get(terms::list).merge(form_post(terms::create)))
        .route("/admin/webhooks", get(webhooks::list))
        .route("/admin/webhooks/new", get(webhooks::new).merge(form_post(webhooks::create)))
        .route("/admin/webhooks/{id}", get(webhooks::edit).merge(form_post(webhooks::change)))
        .route("/admin/settings", get(settings::show))
        .route("/admin/views", form_post(views::act))
        .route("/admin/go", get(go::show))
}
