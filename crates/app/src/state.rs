//! The application: its ports and settings, built once in a composition root.

use std::ops::Deref;
use std::sync::{Arc, PoisonError, RwLock};

use smartcms_domain::actors::Actor;
use smartcms_domain::collections::{CollectionDefinition, CollectionName};
use smartcms_domain::entries::Help;
use smartcms_domain::locales::Locales;
use smartcms_domain::plugins::PluginId;

use crate::assets::Media;
use crate::assist::Assist;
use crate::meaning::Meaning;
use crate::people::People;
use crate::ports::{
    AuditClient, AuditLog, BlobStore, ChangeListener, Clock, DefinitionStore, EntryStore,
    IdempotencyStore, MenuStore, Outbound, Outbox, PluginFiles, PluginHealthStore, PluginLog,
    PluginStore, Plugins, Randomness, RedirectStore, RoleStore, SearchIndex, TaskStore,
    TextGenerator, TokenStore, Transfers, ViewStore, WebhookStore, WorkingCopies,
};
use crate::settings::SettingView;

/// How deep calls may nest: an operation whose hook starts an operation whose hook…
pub const NESTED_CALLS_MAX: usize = 4;

/// Everything an operation may use. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<AppParts>);

/// The parts of an [`App`].
pub struct AppParts {
    /// What the site calls itself.
    pub site: SiteSettings,
    /// The types of content.
    pub collections: Collections,
    /// Where they are kept.
    pub definitions: Arc<dyn DefinitionStore>,
    /// Entries and their history.
    pub entries: Arc<dyn EntryStore>,
    /// What authors have not saved yet.
    pub working_copies: Arc<dyn WorkingCopies>,
    /// The text of entries.
    pub search: Arc<dyn SearchIndex>,
    /// Events that were committed.
    pub outbox: Arc<dyn Outbox>,
    /// Named lists of links.
    pub menus: Arc<dyn MenuStore>,
    /// Where addresses lead at which nothing is any more.
    pub redirects: Arc<dyn RedirectStore>,
    /// Roles that the site made.
    pub roles: Arc<dyn RoleStore>,
    /// API tokens.
    pub tokens: Arc<dyn TokenStore>,
    /// Who did what to what.
    pub audit: Arc<dyn AuditLog>,
    /// Who signs in.
    pub people: Arc<People>,
    /// Requests that are done once.
    pub idempotency: Arc<dyn IdempotencyStore>,
    /// Webhooks and their deliveries.
    pub webhooks: Arc<dyn WebhookStore>,
    /// Views of lists that people keep.
    pub views: Arc<dyn ViewStore>,
    /// What the configuration says.
    pub settings: Vec<SettingView>,
    /// Which plugins there are, and what they were granted.
    pub plugin_store: Arc<dyn PluginStore>,
    /// How the plugins of running processes are.
    pub plugin_health: Arc<dyn PluginHealthStore>,
    /// What plugins say.
    pub plugin_log: Arc<dyn PluginLog>,
    /// The files of plugins.
    pub plugin_files: Arc<dyn PluginFiles>,
    /// Imports and exports in the background.
    pub transfers: Arc<dyn Transfers>,
    /// Runs of plugins' tasks.
    pub tasks: Arc<dyn TaskStore>,
    /// Files by digest.
    pub blobs: Arc<dyn BlobStore>,
    /// Uploaded files.
    pub media: Arc<Media>,
    /// The running plugins.
    pub plugins: Arc<dyn Plugins>,
    /// Who hears of changes, after they are committed and before the operation answers.
    pub changes: Arc<dyn ChangeListener>,
    /// Requests to the outside.
    pub outbound: Arc<dyn Outbound>,
    /// What writes text.
    pub writer: Arc<dyn TextGenerator>,
    /// Help for those who write.
    pub assist: Arc<Assist>,
    /// What entries mean, as numbers.
    pub meaning: Arc<Meaning>,
    /// Whether the site keeps stories for whoever asks ([`crate::stories`]).
    pub stories: bool,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub randomness: Arc<dyn Randomness>,
}

/// What the site says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteSettings {
    /// The name in titles and feeds.
    pub title: String,
    /// A sentence about the site.
    pub description: String,
    /// The public address without a slash at the end: `https://example.com`.
    pub base_url: String,
    /// The languages of the content.
    pub locales: Locales,
}

impl App {
    /// Joins the parts.
    pub fn new(parts: AppParts) -> Self {
        Self(Arc::new(parts))
    }
}

impl App {
    /// The same application over another store of entries, with another listener, on the collections as they are now.
    pub(crate) fn over(
        &self,
        entries: Arc<dyn EntryStore>,
        changes: Arc<dyn ChangeListener>,
    ) -> Self {
        let parts = Arc::clone(&self.0);
        Self::new(AppParts {
            site: parts.site.clone(),
            collections: self.collections.as_they_are(),
            definitions: Arc::clone(&parts.definitions),
            entries,
            changes,
            working_copies: Arc::clone(&parts.working_copies),
            search: Arc::clone(&parts.search),
            outbox: Arc::clone(&parts.outbox),
            menus: Arc::clone(&parts.menus),
            redirects: Arc::clone(&parts.redirects),
            roles: Arc::clone(&parts.roles),
            tokens: Arc::clone(&parts.tokens),
            audit: Arc::clone(&parts.audit),
            people: Arc::clone(&parts.people),
            idempotency: Arc::clone(&parts.idempotency),
            webhooks: Arc::clone(&parts.webhooks),
            views: Arc::clone(&parts.views),
            settings: parts.settings.clone(),
            plugin_store: Arc::clone(&parts.plugin_store),
            plugin_health: Arc::clone(&parts.plugin_health),
            plugin_log: Arc::clone(&parts.plugin_log),
            plugin_files: Arc::clone(&parts.plugin_files),
            transfers: Arc::clone(&parts.transfers),
            tasks: Arc::clone(&parts.tasks),
            blobs: Arc::clone(&parts.blobs),
            media: Arc::clone(&parts.media),
            plugins: Arc::clone(&parts.plugins),
            outbound: Arc::clone(&parts.outbound),
            writer: Arc::clone(&parts.writer),
            assist: Arc::clone(&parts.assist),
            meaning: Arc::clone(&parts.meaning),
            stories: parts.stories,
            clock: Arc::clone(&parts.clock),
            randomness: Arc::clone(&parts.randomness),
        })
    }
}

impl Deref for App {
    type Target = AppParts;

    fn deref(&self) -> &AppParts {
        &self.0
    }
}

/// The collections of a site. They can change while the site is served.
#[derive(Debug, Default)]
pub struct Collections(RwLock<(u64, Arc<[Arc<CollectionDefinition>]>)>);

impl Collections {
    /// Takes checked definitions.
    pub fn new(definitions: Vec<CollectionDefinition>) -> Self {
        let collections = Self::default();
        collections.replace(definitions);
        collections
    }

    /// The definition with this name.
    pub fn find(&self, name: &str) -> Option<Arc<CollectionDefinition>> {
        self.all().iter().find(|it| it.name.as_str() == name).cloned()
    }

    /// A copy that does not change when this changes.
    fn as_they_are(&self) -> Self {
        Self(RwLock::new(self.0.read().unwrap_or_else(PoisonError::into_inner).clone()))
    }

    /// The definition with this checked name.
    pub fn get(&self, name: &CollectionName) -> Option<Arc<CollectionDefinition>> {
        self.find(name.as_str())
    }

    /// Every definition, as they are now.
    pub fn all(&self) -> Arc<[Arc<CollectionDefinition>]> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner).1)
    }

    /// The generation of these definitions, as the store counts.
    pub fn generation(&self) -> u64 {
        self.0.read().unwrap_or_else(PoisonError::into_inner).0
    }

    /// Takes these definitions from now on. Operations that began before finish with those they began with.
    pub fn replace(&self, definitions: Vec<CollectionDefinition>) {
        self.take(self.generation(), definitions);
    }

    /// Takes the definitions of a generation from now on, unless there are later ones already.
    pub fn take(&self, generation: u64, definitions: Vec<CollectionDefinition>) {
        let definitions = definitions.into_iter().map(Arc::new).collect();
        let mut held = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if generation >= held.0 {
            *held = (generation, definitions);
        }
    }
}

static NO_CALLS: CallChain = CallChain::EMPTY;

/// Who asks for an operation, and on what.
#[derive(Clone, Copy)]
pub struct OpContext<'a> {
    /// What to act on.
    pub app: &'a App,
    /// Who acts.
    pub actor: &'a Actor,
    /// The plugins whose calls led here, the first first.
    pub chain: &'a CallChain,
    /// The generation of definitions when it began: what it stores is refused when there is a later one.
    pub generation: u64,
    /// Where the request came from; `None` for what no request asked for.
    pub client: Option<&'a AuditClient>,
    /// Which models helped to write what is saved.
    pub help: &'a [Help],
}

/// The plugins whose calls led to an operation, and who a call is for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CallChain {
    plugins: Vec<PluginId>,
    acting_for: Option<Arc<Actor>>,
}

impl CallChain {
    /// The chain of an operation that no plugin started, and of a call that a plugin gets on its own account.
    pub const EMPTY: Self = Self { plugins: Vec::new(), acting_for: None };

    /// The chain of a call that a plugin gets for somebody: it may do then what that one may do too.
    pub fn acting_for(who: Actor) -> Self {
        Self { plugins: Vec::new(), acting_for: Some(Arc::new(who)) }
    }

    /// Who the call is for; `None` on the plugin's own account.
    pub fn asker(&self) -> Option<&Arc<Actor>> {
        self.acting_for.as_ref()
    }

    /// This chain, with one more call; `None` past [`NESTED_CALLS_MAX`].
    pub fn entering(&self, plugin: &PluginId) -> Option<Self> {
        if self.plugins.len() >= NESTED_CALLS_MAX {
            return None;
        }
        let mut chain = self.clone();
        chain.plugins.push(plugin.clone());
        Some(chain)
    }

    /// Whether a plugin is among those whose calls led here: it is not called again.
    pub fn contains(&self, plugin: &PluginId) -> bool {
        self.plugins.contains(plugin)
    }
}

impl<'a> OpContext<'a> {
    /// An operation that no plugin started.
    pub fn new(app: &'a App, actor: &'a Actor) -> Self {
        Self::called(app, actor, &NO_CALLS)
    }

    /// An operation to which calls of plugins led.
    pub fn called(app: &'a App, actor: &'a Actor, chain: &'a CallChain) -> Self {
        Self {
            app,
            actor,
            chain,
            generation: app.collections.generation(),
            client: None,
            help: &[],
        }
    }

    /// The same, asked for by a request from there.
    #[must_use]
    pub fn from_client(self, client: &'a AuditClient) -> Self {
        Self { client: Some(client), ..self }
    }

    /// The same, for a text that models helped to write: its revision says so.
    #[must_use]
    pub fn with_help(self, help: &'a [Help]) -> Self {
        Self { help, ..self }
    }

    /// The chain of the calls that plugins get in this operation: they act for the one who asked for it.
    pub fn calls(&self) -> CallChain {
        let acting_for = Some(Arc::new(self.actor.clone()));
        CallChain { plugins: self.chain.plugins.clone(), acting_for }
    }
}
