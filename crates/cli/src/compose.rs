//! The native composition root: which adapters stand behind the ports.

mod ai;
mod built_in;
mod collections;
mod media;
mod neural;
mod people;
mod plugin_files;
mod plugins;
mod registry;
mod rehearsal;
mod sql;
mod theme;
mod trial;

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use axum::body::Body;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use hyper::body::Incoming;
use hyper::{Request, Response};
use smartcms_app::assist::Assist;
use smartcms_app::events::begin_listening;
use smartcms_app::meaning::{Meaning, MeaningModel};
use smartcms_app::ports::{
    Assistant, BlobStore, ChangeListener, Embedder, EventCursor, ImageDescriber, KeyValueStore,
    MeaningStore, MenuStore, NoAssistant, NoListener, NoPlugins, NoWriter, Outbox, PluginLog,
    Plugins, TextGenerator,
};
use smartcms_app::shared_keys::SharedKeys;
use smartcms_app::{App, AppParts};
use smartcms_blob::FolderBlobs;
use smartcms_config::{Settings, Sources};
use smartcms_http::{
    AllowedOrigins, ApiSettings, AppState, Origin, PageCache, Readiness, SharedKeysService,
    SiteService,
};
use smartcms_plugin_host::{
    Allocation, CompileLimits, ComponentLoader, EngineLimits, PluginHost, RequestLimits,
    within_budget,
};
use smartcms_store_sql::{SqliteSettings, SqliteStore};

use self::ai::Ground;
pub(crate) use self::ai::{Ai, DESCRIBING, outbound_to};
use self::people::Sending;
use self::plugin_files::SitePluginFiles;
pub(crate) use collections::{is_new, refused, settle, site_files, told};
pub(crate) use neural::{FOLDER as MODELS_FOLDER, named_models};
pub(crate) use plugins::{Alone, plugin_loader, run_loader, run_services};
pub(crate) use registry::registry_client;
pub(crate) use rehearsal::{Rehearsal, Stage};
pub(crate) use sql::{OpenConsole, open_console};
pub(crate) use theme::read as read_theme;
pub(crate) use trial::try_out;

use crate::args::Folders;
use crate::author::{PATIENCE_VARIABLE, TOOLS_VARIABLE};
use crate::events::EventDeliverer;
use crate::measurer::Measurer;
use crate::server::Answer;
use crate::shared_keys::KeysAnswer;
use crate::tasks::TaskWorker;
use crate::transfers::SiteTransfers;
use crate::watch::{Meanings, OwnChanges, Watcher};
use crate::webhooks::WebhookSender;
use crate::world::{SystemClock, SystemRandomness};

pub(crate) const DATABASE_NAME: &str = "smartcms.db";
/// Functions that were created in SQL, and tables of the operator.
pub(crate) const SQL_NAME: &str = "sql.db";
const BLOBS_NAME: &str = "blobs";
const CACHE_NAME: &str = "cache";

/// What the operator's commands act on: the data of a site, without its plugins running.
pub(crate) struct Operator {
    pub(crate) app: App,
    pub(crate) log: Arc<dyn PluginLog>,
}

/// A site that is ready to be served.
pub(crate) struct Site {
    pub(crate) settings: Settings,
    pub(crate) answer: SiteAnswer,
    pub(crate) readiness: Readiness,
    pub(crate) watcher: Watcher,
    pub(crate) webhooks: WebhookSender,
    pub(crate) tasks: TaskWorker,
    pub(crate) events: EventDeliverer,
    pub(crate) measurer: Measurer,
    /// Keys for sites elsewhere, where the settings offer them.
    pub(crate) keys: Option<KeysAnswer>,
    pub(crate) newest_event: EventCursor,
}

/// Answers the requests of the listener.
#[derive(Clone)]
pub(crate) struct SiteAnswer {
    service: SiteService,
    /// What the plugins may use for one request.
    limits: RequestLimits,
}

impl Answer for SiteAnswer {
    async fn answer(&self, request: Request<Incoming>) -> Response<Body> {
        let (service, request) = (self.service.clone(), request.map(Body::new));
        let keyed = request.headers().contains_key("idempotency-key");
        let doing = within_budget(self.limits, async move { service.handle(request).await });
        if !keyed {
            return doing.await;
        }
        // Done to its end though the client goes away: it comes again, and asks for the answer.
        let doing = tokio::spawn(doing);
        doing.await.unwrap_or_else(|error| {
            tracing::error!(%error, "a request with a key did not come to its end");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        })
    }
}

/// Reads the settings; an address on the command line wins.
pub(crate) fn settings(folders: &Folders, listen: Option<SocketAddr>) -> anyhow::Result<Settings> {
    // Where the folders are is not a setting of the site: the command line has read it.
    let not_settings = ["SMARTCMS_SITE", "SMARTCMS_DATA", TOOLS_VARIABLE, PATIENCE_VARIABLE];
    let mut variables: Vec<(String, String)> =
        std::env::vars().filter(|(name, _)| !not_settings.contains(&name.as_str())).collect();
    if let Some(listen) = listen {
        variables.push(("SMARTCMS_SERVER_LISTEN".to_owned(), listen.to_string()));
    }
    let sources = Sources::read(&folders.site, variables)?;
    Ok(Settings::from_sources(&sources)?)
}

/// Opens a site's data for a command.
pub(crate) fn open_for_operator(folders: &Folders) -> anyhow::Result<Operator> {
    let settings = settings(folders, None)?;
    let store = open_store(&folders.data())?;
    let log = Arc::clone(&store) as Arc<dyn PluginLog>;
    let app = join_for_command(folders, &settings, store, Arc::new(NoPlugins), Models::none())?;
    Ok(Operator { app, log })
}

/// Opens a site's data for a command that calls its plugins.
pub(crate) async fn open_with_plugins(folders: &Folders) -> anyhow::Result<Operator> {
    Ok(open_with_models(folders).await?.0)
}

/// Opens a site's data for a command that calls its plugins, or its models.
pub(crate) async fn open_with_models(folders: &Folders) -> anyhow::Result<(Operator, Ai)> {
    let (operator, Running { ai, .. }) = open_running(folders).await?;
    Ok((operator, ai))
}

async fn open_running(folders: &Folders) -> anyhow::Result<(Operator, Running)> {
    let settings = settings(folders, None)?;
    let store = open_store(&folders.data())?;
    let log = Arc::clone(&store) as Arc<dyn PluginLog>;
    let Running { host, ai } = running(folders, &settings, &store)?;
    let plugins = Arc::clone(&host) as Arc<dyn Plugins>;
    let app = join_for_command(folders, &settings, store, plugins, Models::of(&ai))?;
    host.join(app.clone());
    host.refresh().await.context("could not load the plugins")?;
    Ok((Operator { app, log }, Running { host, ai }))
}

/// The models behind the ports.
struct Models {
    writer: Arc<dyn TextGenerator>,
    assistant: Arc<dyn Assistant>,
    /// What measures meaning, and its name; `None` for letters and words.
    embedder: Option<(String, Arc<dyn Embedder>)>,
    images: Arc<dyn ImageDescriber>,
}

impl Models {
    fn none() -> Self {
        let (assistant, images) = (Arc::new(NoAssistant), Arc::new(NoAssistant));
        Self { writer: Arc::new(NoWriter), assistant, embedder: None, images }
    }

    fn of(ai: &Ai) -> Self {
        let (assistant, images) = (Arc::new(ai.assistant.clone()), Arc::new(ai.images.clone()));
        Self { writer: Arc::new(ai.text.clone()), assistant, embedder: ai.embedder(), images }
    }
}

/// What runs plugins, and the models that they and others bring.
struct Running {
    host: Arc<PluginHost>,
    ai: Ai,
}

fn running(
    folders: &Folders,
    settings: &Settings,
    store: &Arc<SqliteStore>,
) -> anyhow::Result<Running> {
    let allocation = Allocation::Pooled(EngineLimits::default());
    let compile = CompileLimits::default();
    let loader = plugins::loader(allocation, &folders.data(), compile)?;
    let loader: Arc<ComponentLoader> = Arc::new(loader);
    let models = neural::models(&folders.site)?;
    let host = plugins::host(folders, settings, store, Arc::clone(&loader), &models)?;
    let plugins = Arc::clone(&host) as Arc<dyn Plugins>;
    let site = &folders.site;
    let ai = Ai::of(Ground { site, settings, store, loader: &loader, models: &models, plugins })?;
    Ok(Running { host, ai })
}

/// An empty folder beside the data for what an archive holds; it goes with the value.
pub(crate) fn staging_folder(folders: &Folders) -> anyhow::Result<tempfile::TempDir> {
    let folder = tempfile::Builder::new().prefix("import-").tempdir_in(folders.data());
    folder.context("could not make a folder for what an archive holds")
}

/// Opens a site to serve it at an address that was taken.
pub(crate) async fn open_site(
    folders: &Folders,
    mut settings: Settings,
    address: SocketAddr,
) -> anyhow::Result<Site> {
    // Port 0 stands for a port that the system chose: only now is it known where the site is.
    if settings.server.listen.port() == 0 && settings.site.base_url.ends_with(":0") {
        settings.site.base_url = format!("http://{address}");
    }
    let store = open_store(&folders.data())?;
    store.adopt_locale(settings.site.locales.default()).await?;
    let cache = Arc::new(PageCache::with_capacity(settings.pages_bytes_max));
    let own = Arc::new(OwnChanges::new(Arc::clone(&cache)));
    let Running { host, ai } = running(folders, &settings, &store)?;
    let newest_event = Outbox::newest(&*store).await?;
    let events_committed = own.deliveries();
    let menus = MenuStore::menu_generation(&*store).await?;
    let meanings = Meanings::seen(MeaningStore::changed_meanings(&*store, None).await?.now);
    let keys = settings.shared_keys.as_ref().map(|it| {
        let store = Arc::clone(&store) as Arc<dyn KeyValueStore>;
        let keys = SharedKeys::new(store, Arc::new(SystemClock), &it.token);
        KeysAnswer(SharedKeysService::new(Arc::new(keys)))
    });
    let changes = Arc::clone(&own) as Arc<dyn ChangeListener>;
    let app = join(
        folders,
        &settings,
        store,
        Arc::clone(&host) as Arc<dyn Plugins>,
        Models::of(&ai),
        changes,
        Sending::Later,
    )?;
    // Before definitions change: their fields may be computed by functions of plugins.
    host.join(app.clone());
    host.refresh().await.context("could not load the plugins")?;
    settle(folders, &app).await?;
    smartcms_app::tokens::keep_configured_token(&app, settings.owner_token.as_ref())
        .await
        .context("could not keep the token of the setting `people.owner_token`")?;
    if let Some(secret) = &settings.owner_token {
        smartcms_app::people::accept_configured_secret(&app, secret);
    }
    if settings.stories {
        let made = smartcms_app::stories::prepare_stories(&app).await;
        made.map_err(crate::failure::fault).context("could not make the collection stories")?;
    }
    app.entries
        .prepare(&app.collections.all())
        .await
        .context("could not prepare the collections")?;
    smartcms_app::search::reindex(&app).await.context("could not prepare the search")?;
    // Before the first request: nothing that happens from now on is missed.
    for plugin in app.plugins.listeners() {
        begin_listening(&app, &plugin).await?;
    }
    let state = AppState::new(app.clone(), theme::load(&folders.site)?, Arc::clone(&cache))
        .with_api(&api_settings(&settings.api)?);
    let readiness = state.readiness.clone();
    let limits = plugins::request_limits(&settings.plugins);
    Ok(Site {
        settings,
        answer: SiteAnswer { service: SiteService::new(state), limits },
        readiness,
        webhooks: WebhookSender { app: app.clone() },
        tasks: TaskWorker::new(app.clone()),
        events: EventDeliverer { app: app.clone(), committed: events_committed },
        measurer: Measurer { app: app.clone(), committed: own.measuring() },
        watcher: Watcher { app, host, cache, own, menus, meanings },
        keys,
        newest_event,
    })
}

fn api_settings(settings: &smartcms_config::ApiSettings) -> anyhow::Result<ApiSettings> {
    let origins: Vec<Origin> = settings
        .cors_origins
        .iter()
        .filter(|it| it.as_str() != "*")
        .map(|it| Origin::parse(it).context("the setting `api.cors_origins` cannot be used"))
        .collect::<anyhow::Result<_>>()?;
    let origins = match settings.cors_origins.iter().any(|it| it == "*") {
        true => AllowedOrigins::Any,
        false if origins.is_empty() => AllowedOrigins::None,
        false => AllowedOrigins::These(origins),
    };
    Ok(ApiSettings {
        origins,
        address_requests_per_minute: settings.address_requests_per_minute,
        token_requests_per_minute: settings.token_requests_per_minute,
        questions_per_minute: settings.questions_per_minute,
    })
}

fn open_store(data: &Path) -> anyhow::Result<Arc<SqliteStore>> {
    std::fs::create_dir_all(data)
        .with_context(|| format!("could not make the folder {}", data.display()))?;
    let store = SqliteStore::open(&data.join(DATABASE_NAME), &SqliteSettings::default())?;
    Ok(Arc::new(store))
}

fn join_for_command(
    folders: &Folders,
    settings: &Settings,
    store: Arc<SqliteStore>,
    plugins: Arc<dyn Plugins>,
    models: Models,
) -> anyhow::Result<App> {
    join(folders, settings, store, plugins, models, Arc::new(NoListener), Sending::AtOnce)
}

fn join(
    folders: &Folders,
    settings: &Settings,
    store: Arc<SqliteStore>,
    plugins: Arc<dyn Plugins>,
    models: Models,
    changes: Arc<dyn ChangeListener>,
    sending: Sending,
) -> anyhow::Result<App> {
    let media = media::media(folders, settings, &store)?;
    let outbound = plugins::outbound(settings)?;
    let people = people::people(folders, settings, &store, &outbound, sending)?;
    let assist = Assist::new(
        Arc::clone(&store) as _,
        models.assistant,
        models.images,
        settings.ai.help.clone(),
    )
    .answering(settings.ai.readers);
    let meaning = match models.embedder {
        Some((name, model)) => {
            Meaning::new(Arc::clone(&store) as _, model, MeaningModel::named(name))
        }
        None => Meaning::lexical(Arc::clone(&store) as _),
    };
    let blobs: Arc<dyn BlobStore> = Arc::new(FolderBlobs::new(folders.data().join(BLOBS_NAME)));
    Ok(App::new(AppParts {
        site: settings.site.clone(),
        collections: collections::in_force(folders, &store)?,
        definitions: Arc::clone(&store) as _,
        entries: Arc::clone(&store) as _,
        working_copies: Arc::clone(&store) as _,
        search: Arc::clone(&store) as _,
        outbox: Arc::clone(&store) as _,
        menus: Arc::clone(&store) as _,
        redirects: Arc::clone(&store) as _,
        roles: Arc::clone(&store) as _,
        tokens: Arc::clone(&store) as _,
        audit: Arc::clone(&store) as _,
        people: Arc::new(people),
        idempotency: Arc::clone(&store) as _,
        webhooks: Arc::clone(&store) as _,
        views: Arc::clone(&store) as _,
        settings: settings.shown.clone(),
        plugin_health: Arc::clone(&store) as _,
        tasks: Arc::clone(&store) as _,
        plugin_log: Arc::clone(&store) as _,
        plugin_files: Arc::new(SitePluginFiles::new(folders.clone(), Arc::clone(&blobs))),
        transfers: Arc::new(SiteTransfers::open(folders)?),
        plugin_store: store,
        blobs,
        media: Arc::new(media),
        plugins,
        changes,
        outbound,
        writer: models.writer,
        assist: Arc::new(assist),
        meaning: Arc::new(meaning),
        stories: settings.stories,
        clock: Arc::new(SystemClock),
        randomness: Arc::new(SystemRandomness),
    }))
}
