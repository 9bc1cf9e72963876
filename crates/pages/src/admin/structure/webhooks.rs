//! Who outside hears of events.

use serde::Serialize;

use super::super::{AdminPage, ChoiceContext, Frame, Mistake, Paging, Tab};

/// Every webhook.
#[derive(Debug, Clone, Serialize)]
pub struct WebhookListPage {
    /// What stands around it.
    pub frame: Frame,
    /// The webhooks.
    pub rows: Vec<WebhookRow>,
}

/// A webhook in the list.
#[derive(Debug, Clone, Serialize)]
pub struct WebhookRow {
    /// What people call it.
    pub name: String,
    /// Where its page is.
    pub url: String,
    /// Where events are sent.
    pub to: String,
    /// What it hears, in words.
    pub events: String,
    /// Whether events are sent.
    pub is_enabled: bool,
    /// Whether the server paused it.
    pub was_disabled: bool,
    /// Since when every try has failed, in milliseconds; 0 for never.
    pub failing_since: i64,
}

/// One webhook.
#[derive(Debug, Clone, Serialize)]
pub struct WebhookPage {
    /// What stands around it.
    pub frame: Frame,
    /// Where forms are sent.
    pub action: String,
    /// Whether it is a new one.
    pub is_new: bool,
    /// The secret that was just made; empty otherwise.
    pub secret: String,
    /// What people call it.
    pub name: String,
    /// Where events are sent.
    pub url: String,
    /// Kinds of events; none chosen stands for all.
    pub events: Vec<ChoiceContext>,
    /// Collections; none chosen stands for all.
    pub collections: Vec<ChoiceContext>,
    /// Whether events are sent.
    pub is_enabled: bool,
    /// Why the server paused it; empty where a person did.
    pub disabled_reason: String,
    /// Since when every try has failed, in milliseconds; 0 for never.
    pub failing_since: i64,
    /// Until when the secret before the last one signs too, in milliseconds; 0 for not at all.
    pub rotating_until: i64,
    /// When it was made, in milliseconds.
    pub created_at: i64,
    /// The states of deliveries.
    pub tabs: Vec<Tab>,
    /// The deliveries, the newest first.
    pub deliveries: Vec<DeliveryRow>,
    /// Where the list goes on.
    pub paging: Paging,
    /// What is wrong with the form.
    pub mistakes: Vec<Mistake>,
}

/// A delivery in the log.
#[derive(Debug, Clone, Serialize)]
pub struct DeliveryRow {
    /// Its id.
    pub id: String,
    /// The type of the message.
    pub kind: String,
    /// `waiting`, `delivered` or `failed`.
    pub state: &'static str,
    /// How often it was tried.
    pub tries: u32,
    /// When it was made, in milliseconds.
    pub created_at: i64,
    /// When it is tried next, in milliseconds; 0 for not again.
    pub next_at: i64,
    /// The message.
    pub body: String,
    /// When it was tried last, in milliseconds; 0 for not yet.
    pub tried_at: i64,
    /// How long that took, in milliseconds.
    pub duration_ms: u64,
    /// The status of the answer; 0 for none.
    pub status: u16,
    /// How the answer begins.
    pub answer: String,
    /// Why there was no answer.
    pub error: String,
}

impl AdminPage for WebhookListPage {
    const TEMPLATE: &'static str = "webhooks.html";
}

impl AdminPage for WebhookPage {
    const TEMPLATE: &'static str = "webhook.html";
}
