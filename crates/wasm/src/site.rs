//! The composition root of the portable build: which adapters stand behind the ports.

use std::error::Error;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::body::Body;
use axum::http::{Method, Request, Response};
use bytes::Bytes;
use smartcms_app::assets::{Media, MediaParts, MediaSettings};
use smartcms_app::assist::Assist;
use smartcms_app::collections::{FileDefinitions, adopt, recompute_stale};
use smartcms_app::events::begin_listening;
use smartcms_app::meaning::{Meaning, MeaningModel};
use smartcms_app::people::{People, PeopleParts, accept_configured_secret, start_owner_link};
use smartcms_app::ports::{NoAssistant, NoPasskeys, NoProviders, NoTransfers, Outbound};
use smartcms_app::retention::RetentionSettings;
use smartcms_app::tokens::keep_configured_token;
use smartcms_app::{App, AppParts, Collections, OpContext};
use smartcms_config::{Settings, Sources, default_collections, missing_in_portable};
use smartcms_domain::actors::Actor;
use smartcms_http::{
    AllowedOrigins, ApiSettings, AppState, KeptPage, Origin, PageCache, SiteService,
};
use smartcms_identity::{Argon2Hasher, HashSettings, WaitingMail};
use smartcms_keyed::{Ground, KeyBlobs, KeyedDatabase, Keys, LOCK_MS};
use smartcms_media::{ImageLimits, WalkedImages};
use smartcms_pages::Theme;
use smartcms_store_sql::{SqliteSettings, SqliteStore};

use crate::answers::{Answers, KeptAnswer, key_of};
use crate::changes::Changes;
use crate::due::{Due, afterwards};
use crate::mail::mail;
use crate::models::models;
use crate::no_plugins::NoPluginStores;
use crate::plugins::{FixedFiles, FixedStore, SitePlugins};
use crate::secret::secret;
use crate::world::{HostClock, HostRandomness, chance, now_seconds};

/// How many file systems of SQLite were made of keys: each has its number in its name.
static FILE_SYSTEMS: AtomicU64 = AtomicU64::new(0);
/// What the keys of the database's pages begin with.
pub(crate) const DATABASE: &str = "db";
/// What the keys of uploaded files begin with.
const MEDIA: &str = "media";
/// What the keys of other files begin with.
const BLOBS: &str = "blobs";

/// The head that says by which version of the program, and for which model of meanings, the indexes were made.
const INDEXED: &str = "indexed";

/// The most bytes of the database that are kept in memory, in KiB: a good part of what an instance may have.
const CACHE_KIB: u32 = 16 * 1024;

/// What a site stands on.
pub struct SiteGround {
    /// Where everything is kept.
    pub keys: Arc<dyn Keys>,
    /// Environment variables; those that begin with `SMARTCMS_` are settings.
    pub variables: Vec<(String, String)>,
    /// What makes the sender of requests to the outside, from the settings.
    pub outbound: fn(&Settings) -> Arc<dyn Outbound>,
    /// The plugins that are parts of the program.
    pub plugins: SitePlugins,
}

/// A site that answers requests.
pub struct Site {
    app: App,
    service: SiteService,
    database: KeyedDatabase,
    changes: Changes,
    due: Due,
    answers: Answers,
    mail: Arc<WaitingMail>,
    retention: RetentionSettings,
}

/// A site could not be opened.
#[derive(Debug, thiserror::Error)]
#[error("could not {action}")]
pub struct OpenFailure {
    /// What was tried.
    pub action: &'static str,
    /// Why it failed.
    #[source]
    pub source: Box<dyn Error + Send + Sync>,
}

/// Says what was tried.
trait During<T> {
    fn during(self, action: &'static str) -> Result<T, OpenFailure>;
}

impl<T, E: Into<Box<dyn Error + Send + Sync>>> During<T> for Result<T, E> {
    fn during(self, action: &'static str) -> Result<T, OpenFailure> {
        self.map_err(|error| OpenFailure { action, source: error.into() })
    }
}

impl Site {
    /// Opens the site that is kept under these keys, or begins a new one.
    pub async fn open(ground: SiteGround) -> Result<Self, OpenFailure> {
        let settings = settings(ground.variables)?;
        let cache = Arc::new(PageCache::with_capacity(settings.pages_bytes_max));
        let (database, store) = open_store(&ground.keys)?;
        let store = Arc::new(store);
        let outbound = (ground.outbound)(&settings);
        let mail = Arc::new(mail(&settings, &outbound).during("use the settings of mail")?);
        let people = Arc::new(people(&settings, &store, &mail));
        let app = join(&settings, &store, &ground.keys, outbound, &cache, ground.plugins, people)?;
        prepare(&app, &settings, &*ground.keys).await?;
        let theme = Theme::embedded().during("use the built-in theme")?;
        let state = AppState::new(app.clone(), theme, Arc::clone(&cache))
            .with_api(&api_settings(&settings)?);
        let changes = Changes::new(database.clone(), store, cache);
        let (service, due) = (SiteService::new(state), Due::default());
        let answers = Answers::new(answers_bytes_max(&settings));
        let retention = settings.retention;
        Ok(Self { app, service, database, changes, due, answers, mail, retention })
    }

    /// The public address, as the settings have it.
    pub fn base_url(&self) -> &str {
        &self.app.site.base_url
    }

    /// The page that answers a request, where it is kept and nothing has to be done to know that it is still good.
    pub fn kept_page<B>(&self, request: &Request<B>) -> Option<KeptPage> {
        let page = self.service.kept_page(request)?;
        let _moment = self.database.moment();
        let nothing_waits = !self.mail.has_any() && self.due.is_over();
        (nothing_waits && self.changes.are_none()).then_some(page)
    }

    /// What a stranger was answered before, where nobody changed anything since.
    pub fn kept_answer<B>(&self, request: &Request<B>) -> Option<Arc<KeptAnswer>> {
        let key = key_of(request).filter(|it| self.answers.has(it))?;
        if self.mail.has_any() || !self.due.is_over() {
            return None;
        }
        let _moment = self.database.moment();
        self.answers.find(&key, &self.changes.version()?)
    }

    /// Answers a request, by what was acknowledged before it came.
    ///
    /// As long as it computes, the database is asked once whether it is the newest; whenever it waited, once more.
    pub async fn answer<B>(&self, request: Request<B>) -> Response<Body>
    where
        B: axum::body::HttpBody<Data = Bytes> + Send + 'static,
        B::Error: Into<Box<dyn Error + Send + Sync>>,
    {
        let mut answer = pin!(async {
            self.changes.notice(&self.app).await;
            self.due.schedules(&self.app).await;
            let asked = key_of(&request).zip(self.changes.version());
            let response = self.service.handle(request).await;
            // What was changed meanwhile may be in the answer, or not.
            if let Some((key, began)) =
                asked.filter(|it| self.changes.version().as_ref() == Some(&it.1))
            {
                self.answers.keep(key, began, &response);
            }
            response
        });
        poll_fn(|context| {
            let _moment = self.database.moment();
            answer.as_mut().poll(context)
        })
        .await
    }

    /// Does what a request that came with this method may have made due. To be called when it was answered.
    pub async fn afterwards(&self, method: &Method) {
        // First, because somebody waits for it. What could not be sent is tried again after requests that only read, too.
        if self.mail.has_any() {
            self.mail.send_due(now_seconds()).await;
        }
        if !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) {
            Box::pin(afterwards(&self.app, &self.retention)).await;
        }
    }
}

fn settings(variables: Vec<(String, String)>) -> Result<Settings, OpenFailure> {
    let action = "read the settings";
    let sources = Sources::of_variables(variables).during(action)?;
    let settings = Settings::from_sources(&sources).during(action)?;
    let missing = missing_in_portable(&settings);
    if missing.is_empty() {
        return Ok(settings);
    }
    let missing = missing.join("; ");
    Err(format!("{missing} in the portable build; docs/portable.md says what is there"))
        .during(action)
}

fn open_store(keys: &Arc<dyn Keys>) -> Result<(KeyedDatabase, SqliteStore), OpenFailure> {
    let ground = Ground { keys: Arc::clone(keys), now_seconds, chance };
    let name = format!("keys-{}", FILE_SYSTEMS.fetch_add(1, Ordering::Relaxed));
    let system = KeyedDatabase::register(&name, ground).during("prepare the database")?;
    let settings = SqliteSettings {
        writer_cache_kib: CACHE_KIB,
        busy_timeout_ms: 2 * LOCK_MS,
        ..SqliteSettings::default()
    };
    let store = SqliteStore::open_on(system.name(), DATABASE, &settings);
    Ok((system, store.during("open the database")?))
}

async fn prepare(app: &App, settings: &Settings, keys: &dyn Keys) -> Result<(), OpenFailure> {
    let ctx = OpContext::new(app, &Actor::Operator);
    let usual = default_collections().during("read the usual collections")?;
    adopt(&ctx, &FileDefinitions(Vec::new()), usual).await.during("prepare the collections")?;
    keep_configured_token(app, settings.owner_token.as_ref())
        .await
        .during("keep the token of the setting `people.owner_token`")?;
    if settings.stories {
        let made = smartcms_app::stories::prepare_stories(app).await;
        made.during("make the collection stories")?;
    }
    index(app, keys).await?;
    prepare_plugins(app, &ctx).await?;
    // A link that is made now is good for this start, and an instance may live for one request.
    match &settings.owner_token {
        Some(secret) => accept_configured_secret(app, secret),
        None if start_owner_link(app).await.during("look for people")?.is_some() => tracing::warn!(
            "nobody can administer this site: set SMARTCMS_PEOPLE_OWNER_TOKEN, and make the first owner \
             at /admin/setup?link= with what it is set to"
        ),
        None => {}
    }
    Ok(())
}

/// Plugins hear of what happens from the first start on that they are there, and what other versions of them computed is
/// computed anew.
async fn prepare_plugins(app: &App, ctx: &OpContext<'_>) -> Result<(), OpenFailure> {
    for plugin in app.plugins.listeners() {
        begin_listening(app, &plugin).await.during("let plugins listen")?;
    }
    if !app.plugins.function_libraries().is_empty() {
        recompute_stale(ctx).await.during("compute what another version of a plugin computed")?;
    }
    Ok(())
}

/// Makes the indexes that this version of the program has, once: whoever changes a definition later makes its own. An
/// instance that starts has to be quick, and must not wait for who writes.
async fn index(app: &App, keys: &dyn Keys) -> Result<(), OpenFailure> {
    let action = "prepare the collections";
    let model = &app.meaning.model.name;
    let version = format!("{} {model}", env!("CARGO_PKG_VERSION")).into_bytes();
    let made = keys.head(INDEXED).during(action)?;
    if made.as_ref().is_some_and(|it| it.value == version) {
        return Ok(());
    }
    app.entries.prepare(&app.collections.all()).await.during(action)?;
    smartcms_app::search::reindex(app).await.during("prepare the search")?;
    app.meaning.store.measure_by(model).await.during("prepare the search by meaning")?;
    // Where another instance did the same meanwhile, its mark is as good.
    let seen = made.as_ref().map(|it| it.version.as_str());
    keys.swap_head(INDEXED, seen, &version).during(action)?;
    Ok(())
}

/// The limits of images; decoders there are none.
/// A part of what rendered pages may take: answers of the API are shorter.
fn answers_bytes_max(settings: &Settings) -> usize {
    usize::try_from(settings.pages_bytes_max / 16).unwrap_or(usize::MAX)
}

fn image_limits(settings: &Settings) -> ImageLimits {
    ImageLimits {
        image_bytes_max: settings.media.image_bytes_max,
        pixels_max: settings.media.pixels_max,
        ..ImageLimits::default()
    }
}

fn join(
    settings: &Settings,
    store: &Arc<SqliteStore>,
    keys: &Arc<dyn Keys>,
    outbound: Arc<dyn Outbound>,
    cache: &Arc<PageCache>,
    plugins: SitePlugins,
    people: Arc<People>,
) -> Result<App, OpenFailure> {
    let secret = secret(&**keys, &HostRandomness).during("keep the secret of the site")?;
    let media = Media::new(MediaParts {
        assets: Arc::clone(store) as _,
        files: Arc::new(KeyBlobs::new(Arc::clone(keys), MEDIA)),
        images: Arc::new(WalkedImages::new(image_limits(settings))),
        settings: MediaSettings { upload_bytes_max: settings.media.upload_bytes_max },
        secret,
    });
    let models = models(settings, &outbound);
    let help = settings.ai.help.clone();
    let assist = Assist::new(Arc::clone(store) as _, models.assistant, Arc::new(NoAssistant), help)
        .answering(settings.ai.readers);
    let meaning = match models.embedder {
        Some((name, model)) => {
            Meaning::new(Arc::clone(store) as _, model, MeaningModel::named(name))
        }
        None => Meaning::lexical(Arc::clone(store) as _),
    };
    let known = store.known_definitions().during("read the collections")?;
    let collections = Collections::default();
    let definitions = match known.generation == 0 && known.records.is_empty() {
        true => default_collections().during("read the usual collections")?,
        false => known.records.into_iter().map(|it| it.definition).collect(),
    };
    collections.take(known.generation, definitions);
    Ok(App::new(AppParts {
        site: settings.site.clone(),
        collections,
        definitions: Arc::clone(store) as _,
        entries: Arc::clone(store) as _,
        working_copies: Arc::clone(store) as _,
        search: Arc::clone(store) as _,
        outbox: Arc::clone(store) as _,
        menus: Arc::clone(store) as _,
        redirects: Arc::clone(store) as _,
        roles: Arc::clone(store) as _,
        tokens: Arc::clone(store) as _,
        audit: Arc::clone(store) as _,
        people,
        idempotency: Arc::clone(store) as _,
        webhooks: Arc::clone(store) as _,
        views: Arc::clone(store) as _,
        settings: settings.shown.clone(),
        plugin_health: Arc::new(NoPluginStores),
        tasks: Arc::new(NoPluginStores),
        plugin_log: Arc::new(NoPluginStores),
        plugin_files: Arc::new(FixedFiles::of(&plugins.listed)),
        transfers: Arc::new(NoTransfers),
        plugin_store: Arc::new(FixedStore::of(&plugins.listed)),
        blobs: Arc::new(KeyBlobs::new(Arc::clone(keys), BLOBS)),
        media: Arc::new(media),
        plugins: plugins.calls,
        changes: Arc::clone(cache) as _,
        outbound,
        writer: models.writer,
        assist: Arc::new(assist),
        meaning: Arc::new(meaning),
        stories: settings.stories,
        clock: Arc::new(HostClock),
        randomness: Arc::new(HostRandomness),
    }))
}

fn people(settings: &Settings, store: &Arc<SqliteStore>, mail: &Arc<WaitingMail>) -> People {
    let hashes = HashSettings {
        hashes_max: settings.hashes.hashes_max,
        queue_max: settings.hashes.queue_max,
    };
    let parts = PeopleParts {
        users: Arc::clone(store) as _,
        sessions: Arc::clone(store) as _,
        tickets: Arc::clone(store) as _,
        passwords: Arc::new(Argon2Hasher::new(hashes)),
        mailer: Arc::clone(mail) as _,
        passkeys: Arc::new(NoPasskeys),
        providers: Arc::new(NoProviders),
        settings: settings.people.clone(),
    };
    People::new(parts, Arc::new(HostClock))
}

fn api_settings(settings: &Settings) -> Result<ApiSettings, OpenFailure> {
    let api = &settings.api;
    let named = api.cors_origins.iter().filter(|it| it.as_str() != "*");
    let origins: Vec<Origin> = named
        .map(|it| Origin::parse(it))
        .collect::<Result<_, _>>()
        .during("use the setting `api.cors_origins`")?;
    let origins = match api.cors_origins.iter().any(|it| it == "*") {
        true => AllowedOrigins::Any,
        false if origins.is_empty() => AllowedOrigins::None,
        false => AllowedOrigins::These(origins),
    };
    Ok(ApiSettings {
        origins,
        address_requests_per_minute: api.address_requests_per_minute,
        token_requests_per_minute: api.token_requests_per_minute,
        questions_per_minute: api.questions_per_minute,
    })
}
