//! What handlers are given. Built once in a composition root; routers ask for parts of it.

use std::sync::{Arc, PoisonError, RwLock};

use axum::extract::FromRef;
use smartcms_app::App;
use smartcms_pages::Theme;
use smartcms_pages::admin::Admin;

use crate::api_edge::{ApiEdge, ApiSettings};
use crate::health::Readiness;
use crate::idempotency::InFlight;
use crate::page_cache::PageCache;

/// Everything a handler may use. Cheap to clone.
#[derive(Clone)]
pub struct AppState {
    /// The application. Its `changes` has to be [`AppState::cache`], or pages grow stale.
    pub app: App,
    /// The theme of the site.
    pub theme: CurrentTheme,
    /// The templates and files of the admin.
    pub admin: Arc<Admin>,
    /// Whole pages.
    pub cache: Arc<PageCache>,
    /// Who may call the API, and how often.
    pub api: ApiEdge,
    /// Whether the process takes requests.
    pub readiness: Readiness,
    /// Requests with a key that are being done.
    pub(crate) in_flight: InFlight,
}

/// The theme, which can be replaced while requests are served.
#[derive(Clone)]
pub struct CurrentTheme(Arc<RwLock<Arc<Theme>>>);

impl AppState {
    /// Joins the parts. The API is for pages of this site alone, and without limits.
    pub fn new(app: App, theme: Theme, cache: Arc<PageCache>) -> Self {
        let api = ApiEdge::new(&ApiSettings::default(), Arc::clone(&app.clock));
        Self {
            app,
            theme: CurrentTheme::new(theme),
            admin: Arc::new(Admin::new()),
            cache,
            api,
            readiness: Readiness::default(),
            in_flight: InFlight::default(),
        }
    }

    /// The same with other rules for the API.
    #[must_use]
    pub fn with_api(self, settings: &ApiSettings) -> Self {
        let api = ApiEdge::new(settings, Arc::clone(&self.app.clock));
        Self { api, ..self }
    }

    /// Shows another theme from now on.
    pub fn replace_theme(&self, theme: Theme) {
        self.theme.replace(theme);
        self.cache.invalidate_all();
    }
}

impl CurrentTheme {
    /// Begins with this theme.
    pub fn new(theme: Theme) -> Self {
        Self(Arc::new(RwLock::new(Arc::new(theme))))
    }

    /// The theme to show now.
    pub fn get(&self) -> Arc<Theme> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn replace(&self, theme: Theme) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(theme);
    }
}

impl FromRef<AppState> for App {
    fn from_ref(state: &AppState) -> Self {
        state.app.clone()
    }
}

impl FromRef<AppState> for Readiness {
    fn from_ref(state: &AppState) -> Self {
        state.readiness.clone()
    }
}
