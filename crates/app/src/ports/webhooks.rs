//! Where webhooks and their deliveries are kept.

use async_trait::async_trait;
use smartcms_domain::Timestamp;
use smartcms_domain::webhooks::{Webhook, WebhookId};
use uuid::Uuid;

use super::{EventCursor, StoreError};

/// Webhooks, and a durable row for every delivery.
#[async_trait]
pub trait WebhookStore: Send + Sync {
    /// Stores a new webhook; `false` when its name is taken.
    async fn add_webhook(&self, record: WebhookRecord) -> Result<bool, StoreError>;

    /// Stores a webhook over what it was; `false` when its name is taken by another. One that is gone stays gone.
    async fn save_webhook(&self, record: WebhookRecord) -> Result<bool, StoreError>;

    /// The webhook with this id.
    async fn find_webhook(&self, id: WebhookId) -> Result<Option<WebhookRecord>, StoreError>;

    /// Every webhook by name.
    async fn list_webhooks(&self) -> Result<Vec<WebhookRecord>, StoreError>;

    /// Takes a webhook away with its deliveries; `false` when there is none.
    async fn remove_webhook(&self, id: WebhookId) -> Result<bool, StoreError>;

    /// Up to which event deliveries were made.
    async fn fanned_out(&self) -> Result<EventCursor, StoreError>;

    /// Stores deliveries and moves the place, in one transaction, if the place is still the one it moves from:
    /// so each event makes one delivery to each webhook. `false` when another was first.
    async fn fan_out(&self, fanned: Fanned) -> Result<bool, StoreError>;

    /// Stores one delivery that no event made.
    async fn add_delivery(&self, delivery: WebhookDelivery) -> Result<(), StoreError>;

    /// Deliveries to enabled webhooks whose time has come, those that wait longest first: of each webhook at most
    /// `per_webhook`.
    async fn due_deliveries(
        &self,
        now: Timestamp,
        per_webhook: u32,
    ) -> Result<Vec<WebhookDelivery>, StoreError>;

    /// The delivery with this id.
    async fn find_delivery(&self, id: Uuid) -> Result<Option<WebhookDelivery>, StoreError>;

    /// Stores what became of a delivery, and in the same transaction how its webhook is. `None` leaves that.
    /// A delivery that is gone stays gone.
    async fn save_delivery(
        &self,
        delivery: WebhookDelivery,
        health: Option<WebhookHealth>,
    ) -> Result<(), StoreError>;

    /// One page of the log, the newest first.
    async fn list_deliveries(
        &self,
        query: &DeliveryQuery,
    ) -> Result<Vec<WebhookDelivery>, StoreError>;

    /// Forgets deliveries that are over: those made before a time, and of each webhook all but the newest
    /// `keep_per_webhook`. How many were forgotten.
    async fn forget_deliveries(
        &self,
        before: Timestamp,
        keep_per_webhook: u32,
    ) -> Result<u64, StoreError>;
}

/// A webhook with what only the server knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookRecord {
    /// What people set.
    pub webhook: Webhook,
    /// What deliveries are signed with.
    pub secret: WebhookSecret,
    /// The secret before the last rotation, and until when it signs too.
    pub previous_secret: Option<(WebhookSecret, Timestamp)>,
    /// When it was made: earlier events are not sent.
    pub created_at: Timestamp,
    /// When people last changed it.
    pub updated_at: Timestamp,
    /// Since when every try has failed.
    pub failing_since: Option<Timestamp>,
}

/// A signing secret. It has to be stored as it is, because signing needs it.
#[derive(Clone, PartialEq, Eq)]
pub struct WebhookSecret(pub Vec<u8>);

impl std::fmt::Debug for WebhookSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("WebhookSecret(…)")
    }
}

/// How a webhook is after a try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookHealth {
    /// Since when every try has failed.
    pub failing_since: Option<Timestamp>,
    /// Why it is disabled from now on.
    pub disable: Option<String>,
}

/// One message to one webhook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookDelivery {
    /// The same in every try; receivers tell by it that they have the message already.
    pub id: Uuid,
    /// To whom.
    pub webhook: WebhookId,
    /// The event that made it.
    pub event: Option<Uuid>,
    /// The type of the message: `entry.published`.
    pub kind: String,
    /// The body, the same in every try.
    pub body: String,
    /// What has become of it.
    pub state: DeliveryState,
    /// How often it was tried since it was made or sent again.
    pub tries: u32,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it is tried next; there while it waits.
    pub next_at: Option<Timestamp>,
    /// The last try.
    pub last_try: Option<WebhookTry>,
}

/// What has become of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryState {
    /// It will be tried.
    Waiting,
    /// The receiver has it.
    Delivered,
    /// It will not be tried again.
    Failed,
}

/// One try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookTry {
    /// When it began.
    pub at: Timestamp,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
    /// The status of the answer.
    pub status: Option<u16>,
    /// How the answer begins.
    pub answer: String,
    /// Why there was no answer.
    pub error: Option<String>,
}

/// Deliveries that events made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fanned {
    /// The place that was read.
    pub from: EventCursor,
    /// The place of the last event that was looked at.
    pub to: EventCursor,
    /// The deliveries.
    pub deliveries: Vec<WebhookDelivery>,
}

/// Which part of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryQuery {
    /// Of which webhook.
    pub webhook: WebhookId,
    /// Only those in this state.
    pub state: Option<DeliveryState>,
    /// Only those of this type.
    pub kind: Option<String>,
    /// Only those before this one in the list.
    pub before: Option<Uuid>,
    /// How many at most.
    pub limit: u32,
}

impl DeliveryState {
    /// Every state.
    pub const ALL: [Self; 3] = [Self::Waiting, Self::Delivered, Self::Failed];

    /// The lasting name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
        }
    }

    /// Reads the lasting name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }
}
