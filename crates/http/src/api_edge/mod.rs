//! What stands before every route of the API: who may call it from a browser, and how often.

mod admit;
mod denials;
mod origins;
mod rate;

use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;
use smartcms_app::ports::Clock;
use smartcms_domain::actors::Actor;
use tower::Layer;
use tower_http::cors::Cors;

pub(crate) use self::admit::admit;
pub use self::denials::DENIALS_PER_MINUTE_MAX;
use self::denials::Denials;
pub(crate) use self::denials::{Asked, turned_away_in_admin};
pub use self::origins::{AllowedOrigins, Origin, OriginError};
use self::rate::{Client, RateLimits};
pub use self::rate::{ClientAddress, RATE_KEYS_MAX};
use crate::caller::Caller;
use crate::problem::HttpProblem;
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
    /// Questions to the site a minute from one client; 0 for no limit.
    pub questions_per_minute: u32,
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

    /// Counts a question to the site, which costs more than other requests do.
    pub(crate) fn admit_question(
        &self,
        caller: &Caller,
        address: Option<ClientAddress>,
    ) -> Result<(), HttpProblem> {
        let Some(client) = client_of(caller, address) else { return Ok(()) };
        let standing = self.rates.count_question(client);
        match standing.and_then(|it| Some((it.wait_seconds?, it.detail()))) {
            Some((seconds, detail)) => Err(HttpProblem::too_often(seconds, detail)),
            None => Ok(()),
        }
    }

    /// All routes, for requests out of pages of other sites; `None` where none is allowed. It stands around the router
    /// and not in it: the question before a request has a method that no route takes.
    pub(crate) fn for_other_origins(&self, routes: &Router) -> Option<Cors<Router>> {
        self.origins.layer().map(|it| it.layer(routes.clone()))
    }
}

/// Who is counted; nobody where it is not known where a request comes from.
fn client_of(caller: &Caller, address: Option<ClientAddress>) -> Option<Client> {
    let ClientAddress(address) = address?;
    Some(match &caller.0 {
        Actor::Token { name, .. } => Client::Token(name.clone()),
        // No name of a token has such a character.
        Actor::User { id, .. } => Client::Token(format!("\u{1f}user {id}")),
        _ => Client::Address(address),
    })
}

/// Counts who comes to these routes.
pub(crate) fn guarded(routes: Router<AppState>, state: &AppState) -> Router<AppState> {
    routes.layer(from_fn_with_state(state.clone(), admit))
}
