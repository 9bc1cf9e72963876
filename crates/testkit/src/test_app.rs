//! An application over memory.

use std::ops::Deref;
use std::sync::Arc;

use smartcms_app::assets::{Media, MediaParts, MediaSettings};
use smartcms_app::assist::{Assist, AssistSettings};
use smartcms_app::meaning::Meaning;
use smartcms_app::people::{People, PeopleParts, PeopleSettings};
use smartcms_app::ports::{
    Clock, NoAssistant, NoOutbound, NoPasskeys, NoPluginFiles, NoPlugins, NoProviders, NoTransfers,
    NoWriter,
};
use smartcms_app::{App, AppParts, Collections, SiteSettings};
use smartcms_domain::locales::Locales;

use crate::builders::{locale, pages, posts};
use crate::{
    CountingHasher, FixedClock, Mailbox, MemoryStore, PlainImages, RecordingListener,
    SeededRandomness,
};

/// An [`App`] with the parts that a test looks at.
pub struct TestApp {
    /// The application; `&test_app` derefs to it.
    pub app: App,
    /// What stands behind its storing ports.
    pub store: Arc<MemoryStore>,
    /// Its time.
    pub clock: Arc<FixedClock>,
    /// What its listener heard.
    pub changes: Arc<RecordingListener>,
    /// What it hashed.
    pub hasher: Arc<CountingHasher>,
    /// What it mailed.
    pub mailbox: Arc<Mailbox>,
}

impl TestApp {
    /// The collections `posts` and `pages`, no plugins, everything in memory.
    pub fn new() -> Self {
        Self::with(|parts| parts)
    }

    /// The same, with parts replaced: other plugins, another store.
    pub fn with(replace: impl FnOnce(AppParts) -> AppParts) -> Self {
        let store = Arc::new(MemoryStore::default());
        let clock = Arc::new(FixedClock::default());
        let changes = Arc::new(RecordingListener::default());
        let hasher = Arc::new(CountingHasher::default());
        let mailbox = Arc::new(Mailbox::default());
        let people = people_parts(&store, &hasher, &mailbox);
        let parts = AppParts {
            site: site(),
            collections: Collections::new(vec![posts(), pages()]),
            definitions: store.clone(),
            entries: store.clone(),
            working_copies: store.clone(),
            search: store.clone(),
            outbox: store.clone(),
            menus: store.clone(),
            redirects: store.clone(),
            roles: store.clone(),
            tokens: store.clone(),
            audit: store.clone(),
            people: Arc::new(People::new(people, clock.clone() as Arc<dyn Clock>)),
            idempotency: store.clone(),
            webhooks: store.clone(),
            views: store.clone(),
            settings: Vec::new(),
            plugin_store: store.clone(),
            plugin_health: store.clone(),
            plugin_log: store.clone(),
            plugin_files: Arc::new(NoPluginFiles),
            transfers: Arc::new(NoTransfers),
            tasks: store.clone(),
            blobs: store.clone(),
            media: Arc::new(media(&store)),
            plugins: Arc::new(NoPlugins),
            changes: changes.clone(),
            outbound: Arc::new(NoOutbound),
            writer: Arc::new(NoWriter),
            assist: Arc::new(Assist::new(
                store.clone(),
                Arc::new(NoAssistant),
                Arc::new(NoAssistant),
                AssistSettings::default(),
            )),
            meaning: Arc::new(Meaning::lexical(store.clone())),
            stories: false,
            clock: clock.clone(),
            randomness: Arc::new(SeededRandomness::default()),
        };
        let parts = replace(parts);
        store.seed_definitions(&parts.collections.all());
        Self { app: App::new(parts), store, clock, changes, hasher, mailbox }
    }
}

impl Default for TestApp {
    fn default() -> Self {
        Self::new()
    }
}

impl Deref for TestApp {
    type Target = App;

    fn deref(&self) -> &App {
        &self.app
    }
}

/// What people stand on in tests: a store in memory, hashes that are made at once, and mail that is kept.
pub fn people_parts(
    store: &Arc<MemoryStore>,
    hasher: &Arc<CountingHasher>,
    mailbox: &Arc<Mailbox>,
) -> PeopleParts {
    PeopleParts {
        users: store.clone(),
        sessions: store.clone(),
        tickets: store.clone(),
        passwords: hasher.clone(),
        mailer: mailbox.clone(),
        passkeys: Arc::new(NoPasskeys),
        providers: Arc::new(NoProviders),
        settings: PeopleSettings::default(),
    }
}

/// Uploaded files over a store in memory, of which images are not understood.
pub fn media(store: &Arc<MemoryStore>) -> Media {
    Media::new(MediaParts {
        assets: store.clone(),
        files: store.clone(),
        images: Arc::new(PlainImages),
        settings: MediaSettings::default(),
        secret: [7; 32],
    })
}

/// The site of tests, at `https://site.example`.
pub fn site() -> SiteSettings {
    SiteSettings {
        title: "Test site".to_owned(),
        description: "A site for tests".to_owned(),
        base_url: "https://site.example".to_owned(),
        locales: Locales::only(locale("en")),
    }
}
