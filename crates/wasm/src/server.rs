//! The export that hosts call.

use std::error::Error as _;
use std::sync::{Arc, OnceLock};

use axum::body::Body as AxumBody;
use axum::http::{HeaderValue, Uri, header};
use wasip2::exports::http::incoming_handler::Guest;
use wasip2::http::types::{IncomingRequest, ResponseOutparam};
use wstd::http::server::Responder;
use wstd::http::{Body, Request, Response};

use crate::outbound::HostOutbound;
use crate::storage::HostKeys;
use crate::{OpenFailure, Site, SiteGround};

/// Kept between requests where the host reuses instances.
static SITE: OnceLock<Site> = OnceLock::new();

/// What variables of adapters begin with; they are no settings of the site.
const OF_ADAPTERS: &str = "SMARTCMS_HOST_";

struct Component;

impl Guest for Component {
    fn handle(request: IncomingRequest, response_out: ResponseOutparam) {
        let responder = Responder::new(response_out);
        wstd::runtime::block_on(async move {
            let request = match wstd::http::request::try_from_incoming(request) {
                Ok(request) => request,
                Err(error) => return responder.fail(error),
            };
            respond(request, responder).await;
        });
    }
}

async fn respond(request: Request<Body>, responder: Responder) {
    let request = as_from_a_listener(request);
    let method = request.method().clone();
    let site = site().await;
    let response = match &site {
        Ok(site) => {
            let request = request.map(|body| AxumBody::new(body.into_boxed_body()));
            site.answer(request).await.map(Body::from_http_body)
        }
        Err(failure) => unavailable(failure),
    };
    // Who has gone does not need an answer, and what is due is done all the same.
    if let Err(error) = responder.respond(response).await {
        tracing::debug!(%error, "an answer was not taken to its end");
    }
    if let Ok(site) = site {
        site.afterwards(&method).await;
    }
}

/// Hosts tell the authority in the address and keep the header to themselves; the routes know it the other way round.
fn as_from_a_listener(mut request: Request<Body>) -> Request<Body> {
    let authority =
        request.uri().authority().and_then(|it| HeaderValue::from_str(it.as_str()).ok());
    if let Some(authority) = authority {
        request.headers_mut().entry(header::HOST).or_insert(authority);
    }
    let path = request.uri().path_and_query().map(|it| Uri::from(it.clone()));
    if let Some(path) = path {
        *request.uri_mut() = path;
    }
    request
}

async fn site() -> Result<&'static Site, OpenFailure> {
    if let Some(site) = SITE.get() {
        return Ok(site);
    }
    crate::log::start();
    let ground = SiteGround {
        keys: Arc::new(HostKeys),
        variables: std::env::vars().filter(|(name, _)| !name.starts_with(OF_ADAPTERS)).collect(),
        outbound: HostOutbound::of,
    };
    let site = Site::open(ground).await?;
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
    smartcms_http::not_started().map(Body::from_http_body)
}

wasip2::http::proxy::export!(Component with_types_in wasip2);
