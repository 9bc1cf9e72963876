//! Which path leads where.

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode, header};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};

use crate::api_edge::guarded;
use crate::problem::HttpProblem;
use crate::routing::{any, get, post};
use crate::state::AppState;
use crate::{
    admin, health, idempotency, media, metrics, plugin_routes, provider_sign_in, rest, site,
    stories,
};

/// Every route. Requests come through [`crate::SiteService`], which adds what all answers share.
pub fn router(state: AppState) -> Router {
    Router::new()
        .merge(guarded(
            rest::v1::router().layer(from_fn_with_state(state.clone(), idempotency::once)),
            &state,
        ))
        .merge(guarded(stories::router(), &state))
        .merge(provider_sign_in::router())
        .route("/ext/{plugin}", any(plugin_routes::forward))
        .route("/ext/{plugin}/", any(plugin_routes::forward))
        .route("/ext/{plugin}/{*rest}", any(plugin_routes::forward))
        .route("/media/{key}/{name}", get(media::file))
        .route("/media/{key}/{recipe}/{name}", get(media::variant))
        .merge(admin::router(&state))
        .route("/healthz", get(health::live))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(metrics::plugins))
        .route("/", get(site::home))
        .route("/feed.xml", get(site::feed))
        .route("/rss.xml", get(site::feed))
        .route("/feed.json", get(site::feed))
        .route("/archive", get(site::archive))
        .route("/archive/{*period}", get(site::archive))
        .route("/search", get(site::search))
        .route("/ask", get(site::ask).merge(post(site::ask)))
        .route("/opensearch.xml", get(site::opensearch))
        .route("/sitemap.xml", get(site::sitemap))
        .route("/sitemap/{*part}", get(site::sitemap_part))
        .route("/robots.txt", get(site::robots))
        .route("/theme/{*file}", get(site::theme_file))
        .fallback(elsewhere)
        .method_not_allowed_fallback(wrong_method)
        .with_state(state)
}

/// The route that says that the process lives, for a composition root that has no store yet.
pub fn health_router() -> Router {
    Router::new().route("/healthz", axum::routing::get(health::live))
}

/// Entry pages have no routes of their own: collections say where they are.
async fn elsewhere(State(state): State<AppState>, request: Request) -> Response {
    let path = request.uri().path();
    if is_for_programs(path) {
        return HttpProblem::unknown_route(path).into_response();
    }
    let asks_in = site::ask_language(&state.app, path);
    if let Some(locale) = asks_in.filter(|_| site::may_ask(request.method())) {
        return site::ask_in(&state, request, &locale).await;
    }
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        let asked = site::Asked::of(&request);
        if let Some(locale) = site::search_language(&state.app, path) {
            return site::search_in(&state, asked, &locale).await;
        }
        return match smartcms_pages::urls::feed_of(path) {
            Some(_) => site::feed_at(&state, asked).await,
            None => site::entry(&state, asked).await,
        };
    }
    let mut response = wrong_method(request).await;
    response.headers_mut().insert(header::ALLOW, header::HeaderValue::from_static("GET,HEAD"));
    response
}

/// The header `Allow` is added by the router, which knows the methods.
async fn wrong_method(request: Request) -> Response {
    if request.method() == Method::OPTIONS {
        return StatusCode::NO_CONTENT.into_response();
    }
    HttpProblem::wrong_method(request.method(), request.uri().path()).into_response()
}

/// Below these paths answers are for programs, also the one that nothing is there.
fn is_for_programs(path: &str) -> bool {
    ["/api", "/ext"].iter().any(|prefix| {
        path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })
}
