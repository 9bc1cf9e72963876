//! `GET /api/v1/menus` and `GET /api/v1/menus/{name}`.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use serde::Serialize;
use smartcms_app::App;
use smartcms_app::menus::{MenuError, get_menu, list_menu_views, list_menus, menus_in};
use smartcms_domain::Problem;
use smartcms_domain::actors::Actor;
use smartcms_domain::locales::Locale;
use smartcms_domain::menus::{Menu, MenuName};

use super::body::{MenuBody, MenuViewBody};
use crate::caller::Caller;
use crate::preconditions::{entity_tag, has_already};
use crate::problem::HttpProblem;
use crate::query::Parameters;
use crate::reply::{self, JSON};
use crate::rest::v1::list::Page;
use crate::segments::Segments;

/// What is asked for: menus as readers see them in a language, or as they were written.
enum Asked {
    View(Locale),
    Written,
}

impl Asked {
    fn of(app: &App, uri: &Uri) -> Result<Self, HttpProblem> {
        let parameters = Parameters::parse(uri, &["status", "locale"])?;
        let locale = locale(app, parameters.get("locale"))?;
        match parameters.get("status") {
            None | Some("published") => Ok(Self::View(locale)),
            Some("any") => Ok(Self::Written),
            Some(other) => {
                let message = format!("`status` is `published` or `any`, not `{other}`");
                Err(refused("status", "unknown-status", message))
            }
        }
    }
}

/// Lists menus by name: there are few, so all of them.
pub(super) async fn list(
    State(app): State<App>,
    uri: Uri,
    caller: Caller,
) -> Result<Response, HttpProblem> {
    let ctx = caller.context(&app);
    match Asked::of(&app, &uri)? {
        Asked::View(locale) => {
            let views = list_menu_views(&ctx, &locale).await?;
            Ok(answer(&caller, &page(views.iter().map(MenuViewBody::from).collect())))
        }
        Asked::Written => {
            caller.require_credentials()?;
            let menus = list_menus(&ctx).await?;
            Ok(answer(&caller, &page(menus.iter().map(MenuBody::from).collect())))
        }
    }
}

/// Reads one menu.
pub(super) async fn read(
    State(app): State<App>,
    uri: Uri,
    Segments(name): Segments<String>,
    headers: HeaderMap,
    caller: Caller,
) -> Result<Response, HttpProblem> {
    let ctx = caller.context(&app);
    match Asked::of(&app, &uri)? {
        Asked::View(locale) => {
            let unknown = || MenuError::Unknown(name.clone());
            let parsed = MenuName::parse(&name).map_err(|_| unknown())?;
            let views = menus_in(&ctx, &[parsed], &locale).await.map_err(MenuError::Store)?;
            let view = views.first().ok_or_else(unknown)?;
            Ok(answer(&caller, &MenuViewBody::from(view)))
        }
        Asked::Written => {
            caller.require_credentials()?;
            let menu = get_menu(&ctx, &name).await?;
            let tag = entity_tag(menu.revision);
            if has_already(&headers, &tag) {
                return Ok(reply::not_modified(tag, false));
            }
            Ok(written(StatusCode::OK, &menu))
        }
    }
}

/// A menu as it was written, with the tag of its state.
pub(super) fn written(status: StatusCode, menu: &Menu) -> Response {
    let response = reply::json(status, JSON, &MenuBody::from(menu));
    reply::tagged(response, entity_tag(menu.revision), false)
}

fn answer(caller: &Caller, body: &impl Serialize) -> Response {
    let mut response = reply::json(StatusCode::OK, JSON, body);
    reply::set_caching(response.headers_mut(), caller.0 == Actor::Anonymous);
    response
}

fn page<T>(items: Vec<T>) -> Page<T> {
    Page { items, next: None, included: None, warnings: Vec::new() }
}

fn locale(app: &App, tag: Option<&str>) -> Result<Locale, HttpProblem> {
    let locales = &app.site.locales;
    let Some(tag) = tag else { return Ok(locales.default().clone()) };
    let found = Locale::parse(tag).ok().filter(|it| locales.contains(it));
    found.ok_or_else(|| {
        let names: Vec<&str> = locales.iter().map(Locale::as_str).collect();
        let message = format!("the site has the languages {}, not `{tag}`", names.join(", "));
        refused("locale", "unknown-locale", message)
    })
}

fn refused(field: &str, code: &'static str, message: String) -> HttpProblem {
    let problem = Problem::field(field, code, message.clone());
    HttpProblem::bad_request("request.query", message).with_problems(vec![problem])
}
