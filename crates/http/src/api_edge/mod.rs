//! What stands before every route of the API: who may call it from a browser, and how often.

mod admit;
mod denials;
mod origins;
mod rate;

use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;
use smartcms_app::ports::Clock;
use tower::Layer;
use tower_http::cors::Cors;

pub(crate) use self::admit::admit;
pub use self::denials::DENIALS_PER_MINUTE_MAX;
use self::denials::Denials;
pub use self::origins::{AllowedOrigins, Origin, OriginError};
use self::rate::RateLimits;
pub use self::rate::{ClientAddress, RATE_KEYS_MAX};
use crate::state::AppState;

/// Who may call the API, and how often.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ApiSettings {
    /// The origins whose pages may read answers.
    pub origins: AllowedOrigins,
    /// Requests a minute from one address without a token; 0 for no limit.
    pub address_requests_per_minute: u32,
    /// Requests a minute with one token; 0 for no limit.
    pub token_requests_per_minute: u32,
}

/// The rules of the API's edge, ready to be applied. Cheap to clone; clones count together.
#[derive(Clone)]
pub struct ApiEdge {
    origins: AllowedOrigins,
    rates: Arc<RateLimits>,
    denials: Denials,
}

impl ApiEdge {
    /// These rules, by this clock.
    pub fn new(settings: &ApiSettings, clock: Arc<dyn Clock>) -> Self {
        Self {
            origins: settings.origins.clone(),
            rates: Arc::new(RateLimits::new(settings, clock)),
            denials: Denials::default(),
        }
    }

    /// All routes, for requests out of pages of other sites; `None` where none is allowed. It stands around the router
    /// and not in it: the question before a request has a method that no route takes.
    pub(crate) fn for_other_origins(&self, routes: &Router) -> Option<Cors<Router>> {
        self.origins.layer().map(|it| it.layer(routes.clone()))
    }
}

/// Counts who comes to these routes.
pub(crate) fn guarded(routes: Router<AppState>, state: &AppState) -> Router<AppState> {
    routes.layer(from_fn_with_state(state.clone(), admit))
}
