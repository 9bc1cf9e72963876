//! What operations need from the world. Adapters implement these traits; composition roots choose the adapters.

mod ai;
mod assets;
mod assist;
mod audit;
mod blobs;
mod changes;
mod definitions;
mod entries;
mod idempotency;
mod images;
mod key_value;
mod mailer;
mod meaning;
mod menus;
mod neural;
mod outbound;
mod outbox;
mod passkeys;
mod passwords;
mod plugin_blocks;
mod plugin_files;
mod plugin_functions;
mod plugin_health;
mod plugin_log;
mod plugin_store;
mod plugins;
mod providers;
mod query_functions;
mod redirects;
mod roles;
mod search;
mod sessions;
mod tasks;
mod tickets;
mod tokens;
mod transfers;
mod users;
mod views;
mod webhooks;
mod working_copies;
mod world;

pub use ai::{
    Ability, Description, Embedder, Embedding, Generation, Message, Model, ModelError,
    ModelProvider, NoWriter, Parameters, Role, TextEnd, TextGenerator, TextSink,
};
pub use assets::{
    ASSETS_NAMED_MAX, AssetCursor, AssetPage, AssetQuery, AssetRef, AssetStore, AssetWriteError,
    MediaTypeFilter, NamedAsset, VariantRecord,
};
pub use assist::{
    Answered, AssistStore, Assistant, Described, Hold, Holding, ImageDescriber, NoAssistant,
    Picture, READERS, SPENDING_DAYS, SUGGESTIONS_NAMED_MAX, Spent, SuggestionRecord,
};
pub use audit::{
    AUDIT_PAGE_LEN_MAX, AuditClient, AuditLog, AuditOutcome, AuditPage, AuditQuery, AuditRecord,
    AuditTarget,
};
pub use blobs::{
    BlobError, BlobStore, Digest, DigestOfStream, ReadSeek, StagedBlob, StoredBlob, in_memory,
    staged_in_memory,
};
pub use changes::{ChangeListener, NoListener};
pub use definitions::{
    DefinitionRecord, DefinitionStore, EntryRewrite, KnownDefinitions, Origin, RedefineError,
    Redefinition, StagedEntry,
};
pub use entries::{
    Cursor, Dangling, Duplicate, EntryChanges, EntryFacts, EntryPage, EntryPurge, EntryQuery,
    EntryStore, EntryWrite, Listing, NEAR_LOOKED_AT, NEAR_POINTING_MAX, NearEntries, NearQuery,
    PAGE_LEN_MAX, REVISIONS_KEPT_MIN, Referrer, Side, SideFacts, WriteError,
};
pub use idempotency::{Claim, Claimed, IdempotencyStore, KeptAnswer, RequestKey};
pub use images::{Crop, ImageError, ImageTools, PreparedFile, VariantFormat, VariantRecipe};
pub use key_value::{KeySpace, KeyValueError, KeyValueQuota, KeyValueStore};
pub use mailer::{Mail, MailError, Mailer, NoMailer};
pub use meaning::{
    ChangedMeanings, MEANING_DIMENSIONS_MAX, MEANING_PARTS_MAX, MEANINGS_KEPT_MAX, MeaningCounts,
    MeaningPlace, MeaningStore, Measured, NEAREST_MAX, NearEntry, NearestQuery, Unmeasured,
};
pub use menus::{MenuGeneration, MenuStore, MenuWriteError};
pub use neural::{
    Element, NamedTensor, NeuralError, NeuralModel, NeuralModels, NoNeuralModels, Tensor,
};
pub use outbound::{
    NoOutbound, Outbound, OutboundBody, OutboundError, OutboundRequest, OutboundResponse,
};
pub use outbox::{EventCursor, Heard, Outbox, PARKED_MAX, ParkedEvent, PutOff, RecordedEvent};
pub use passkeys::{MadePasskey, NoPasskeys, PasskeyChallenge, PasskeyError, Passkeys};
pub use passwords::{HashError, PasswordHasher};
pub use plugin_blocks::{BlockCheck, BlockPlace, PluginBlockKind, ShownBlock};
pub use plugin_files::{NoPluginFiles, PluginFacts, PluginFileError, PluginFiles, PluginReach};
pub use plugin_functions::{
    FunctionCalls, FunctionError, FunctionsAtOnce, PluginFunction, Scalar, ScalarType,
    misfit_of_functions,
};
pub use plugin_health::{
    PluginCondition, PluginHealthStore, PluginMeasures, PluginReport, TIME_BOUNDS_US,
};
pub use plugin_log::{LogLevel, LogLine, PluginLog};
pub use plugin_store::{PluginRecord, PluginStore, ReplacedVersion};
pub use plugins::{
    BodyError, Delivery, FilterContext, Filtered, HookFailure, NoPlugins, PluginFailure,
    PluginFailureKind, PluginRequest, PluginResponse, Plugins, RouteError, SaveDraft, plugin_body,
};
pub use providers::{
    IdentityProviders, NoProviders, ProvidedIdentity, ProviderError, ProviderName, ProviderStart,
};
pub use query_functions::{LoadedModule, ModuleFunctions, QueryFunction, RowCall};
pub use redirects::{
    AddressChanges, OLD_PATHS_MAX, RedirectConflict, RedirectQuery, RedirectStore, SavedRedirect,
    Together,
};
pub use roles::{CUSTOM_ROLES_MAX, RoleRecord, RoleRemoved, RoleSaved, RoleStore};
pub use search::{
    RANKED_MAX, SearchHit, SearchIndex, SearchMode, SearchPage, SearchPiece, SearchQuery,
    SearchTerm,
};
pub use sessions::{SESSIONS_MAX, SessionRecord, SessionStore};
pub use tasks::{
    DeclaredTask, Due, DueChange, RunCause, RunClaim, RunHold, RunQuery, RunState, SetSchedule,
    TaskCall, TaskControl, TaskOutcome, TaskProgress, TaskRun, TaskStore,
};
pub use tickets::{TICKETS_OF_KIND_MAX, Ticket, TicketKind, TicketStore};
pub use tokens::{TOKENS_OF_ONE_MAX, TokenAdded, TokenRecord, TokenStore};
pub use transfers::{
    ImportWish, NoTransfers, StagedTransfer, TransferBy, TransferCount, TransferFault,
    TransferFile, TransferFormat, TransferJob, TransferNotes, TransferState, TransferStep,
    Transfers,
};
pub use users::{
    Added, Changed, Credentials, NewUser, PASSKEYS_MAX, PasskeyRecord, USERS_READ_MAX, UserChange,
    UserRecord, UserStore,
};
pub use views::{SavedView, ViewStore};
pub use webhooks::{
    DeliveryQuery, DeliveryState, Fanned, WebhookDelivery, WebhookHealth, WebhookRecord,
    WebhookSecret, WebhookStore, WebhookTry,
};
pub use working_copies::{KeepOutcome, WorkingCopies};
pub use world::{Clock, Randomness};

/// The store could not do what was asked. Nothing was written.
#[derive(Debug, thiserror::Error)]
#[error("the store could not {action}")]
pub struct StoreError {
    /// What was tried: "read entry 0190…".
    pub action: String,
    /// Why it failed.
    #[source]
    pub source: Box<dyn std::error::Error + Send + Sync>,
}

impl StoreError {
    /// Says what was tried and why it failed.
    pub fn new(
        action: impl Into<String>,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        Self { action: action.into(), source: source.into() }
    }
}
