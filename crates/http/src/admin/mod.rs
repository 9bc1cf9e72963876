//! The admin: pages for those who have signed in. Handlers, one file for each page; what they show is in
//! `smartcms_pages::admin`, and what they do is done by operations.
//!
//! A form is sent to a route made by [`form_post`], whose handler has to end with [`Form`], [`FilesOf`] or [`Script`]: these demand the
//! token of the session before a byte of the form is used. A handler without them does not compile.

mod account;
mod answer;
mod attention;
mod audit;
mod blocks;
mod bulk;
mod convert;
mod cookies;
mod dashboard;
mod edge;
mod entry;
mod failure;
mod file;
mod form;
mod list;
mod media;
mod media_json;
mod names;
mod passkey_sign_in;
mod password;
mod people_words;
mod person;
mod plugins;
mod preferences;
mod roles;
mod search;
mod sign_in;
mod structure;
mod tokens;
mod transfer;
mod trash;
mod users;
mod visit;

use axum::Router;
use axum::middleware::from_fn_with_state;

pub(crate) use edge::comes_from_here;
pub use person::Person;

use crate::routing::{any, get};
use crate::session::know_session;
use crate::state::AppState;
use form::form_post;

/// The routes below `/admin`.
pub(crate) fn router(state: &AppState) -> Router<AppState> {
    let pages = Router::new()
        .route("/admin", get(dashboard::show))
        .route("/admin/search", get(search::show))
        .route("/admin/content/{collection}", get(list::show).merge(form_post(bulk::act)))
        .route("/admin/content/{collection}/new", get(entry::new).merge(form_post(entry::create)))
        .route("/admin/content/{collection}/{id}", get(entry::edit).merge(form_post(entry::change)))
        .route("/admin/content/{collection}/{id}/autosave", form_post(entry::autosave))
        .route("/admin/content/{collection}/{id}/discard", form_post(entry::discard))
        .route("/admin/content/{collection}/{id}/preview", get(entry::preview))
        .route("/admin/content/{collection}/{id}/revisions", get(entry::revisions))
        .route("/admin/content/{collection}/{id}/revisions/restore", form_post(entry::restore))
        .route("/admin/pick/{collection}", get(entry::pick))
        .route("/admin/blocks", get(blocks::list))
        .route("/admin/convert", form_post(convert::convert))
        .route("/admin/help/{task}", form_post(entry::help))
        .route("/admin/media", get(media::show).merge(form_post(media::upload)))
        .route("/admin/media/{id}", get(media::asset).merge(form_post(media::change)))
        .route("/admin/media/{id}/picture", get(media::picture_of))
        .route("/admin/trash", get(trash::show).merge(form_post(trash::act)))
        .route("/admin/preferences", get(preferences::show).merge(form_post(preferences::change)))
        .merge(account::router())
        .merge(users::router())
        .merge(roles::router())
        .merge(tokens::router())
        .merge(audit::router())
        .merge(passkey_sign_in::router())
        .merge(plugins::router())
        .merge(transfer::router())
        .merge(sign_in::router())
        .merge(password::router())
        .merge(structure::router())
        .route("/admin/{*rest}", any(failure::nowhere))
        .layer(from_fn_with_state(state.clone(), edge::guard))
        .layer(from_fn_with_state(state.clone(), know_session));
    Router::new()
        .route("/admin/files/{name}", get(file::show))
        .route("/preview/{token}", get(entry::shared))
        .merge(pages)
}
