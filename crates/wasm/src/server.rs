//! What both exports do with a request, once it has come.

use std::error::Error as _;
use std::sync::{Arc, OnceLock};

use axum::body::Body;
use axum::http::{HeaderValue, Method, Request, Response, Uri, header};
use smartcms_http::KeptPage;

use crate::outbound::HostOutbound;
use crate::plugins::composed;
use crate::storage::HostKeys;
use crate::{KeptAnswer, OpenFailure, Site, SiteGround};

/// Kept between requests where the host reuses instances.
static SITE: OnceLock<Site> = OnceLock::new();

/// What variables of adapters begin with; they are no settings of the site.
const OF_ADAPTERS: &str = "SMARTCMS_HOST_";

/// The page that answers a `GET`, where the site is open and has it.
pub(crate) fn kept_page<B>(request: &Request<B>) -> Option<KeptPage> {
    SITE.get().filter(|_| *request.method() == Method::GET)?.kept_page(request)
}

/// What a stranger was answered before, where the site is open and nothing changed since.
pub(crate) fn kept_answer<B>(request: &Request<B>) -> Option<Arc<KeptAnswer>> {
    SITE.get()?.kept_answer(request)
}

/// The answer, and the site that gave it, if there is one.
pub(crate) async fn answer(request: Request<Body>) -> (Response<Body>, Option<&'static Site>) {
    match site().await {
        Ok(site) => (site.answer(as_from_a_listener(request, site.base_url())).await, Some(site)),
        Err(failure) => (unavailable(&failure), None),
    }
}

/// Hosts tell the authority in the address and keep the header to themselves; the routes know it the other way round. A host
/// that keeps both (`wasmtime serve` 48 by WASI 0.3) is asked at the public address, as far as can be known.
fn as_from_a_listener(mut request: Request<Body>, base_url: &str) -> Request<Body> {
    let host_of = |uri: &Uri| HeaderValue::from_str(uri.authority()?.as_str()).ok();
    if !request.headers().contains_key(header::HOST) {
        let public = || base_url.parse().ok().as_ref().and_then(host_of);
        if let Some(host) = host_of(request.uri()).or_else(public) {
            request.headers_mut().insert(header::HOST, host);
        }
    }
    let uri = request.uri();
    let path = uri.path_and_query().filter(|_| uri.authority().is_some());
    if let Some(path) = path.map(|it| Uri::from(it.clone())) {
        *request.uri_mut() = path;
    }
    request
}

async fn site() -> Result<&'static Site, OpenFailure> {
    if let Some(site) = SITE.get() {
        return Ok(site);
    }
    crate::log::start();
    let variables = std::env::vars().filter(|(name, _)| !name.starts_with(OF_ADAPTERS)).collect();
    let (variables, plugins) = composed(variables).map_err(|reason| OpenFailure {
        action: "begin with the plugins that were composed into the site",
        source: reason.into(),
    })?;
    let (keys, outbound) = (Arc::new(HostKeys), HostOutbound::of);
    let ground = SiteGround { keys, variables, outbound, plugins };
    // Boxed: it is done once, and every request would carry the room for it.
    let site = Box::pin(Site::open(ground)).await?;
    Ok(SITE.get_or_init(|| site))
}

/// The reasons are for the operator, in the log alone.
fn unavailable(failure: &OpenFailure) -> Response<Body> {
    let mut text = failure.to_string();
    let mut source = failure.source();
    while let Some(error) = source {
        text.push_str(&format!(": {error}"));
        source = error.source();
    }
    tracing::error!("the site does not start: {text}");
    smartcms_http::not_started()
}
