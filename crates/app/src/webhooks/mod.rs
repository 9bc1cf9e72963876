//! Webhooks: telling others of events over HTTP, signed as Standard Webhooks says, from durable rows.
//!
//! `fan_out` makes a row for each event and webhook; `deliver` sends one row and stores what became of it. Both are
//! called in a loop by a composition root; everything else is an operation of people.

mod create;
mod deliver;
mod deliveries;
mod error;
mod fan_out;
mod manage;
mod message;
mod resend;
mod rotate;
mod sign;
mod update;

pub use create::{CreateWebhook, WEBHOOKS_MAX, create_webhook};
pub use deliver::{ANSWER_BYTES_MAX, DISABLE_AFTER, TRY_TIME_MAX, deliver, due_deliveries};
pub use deliveries::{DeliveryPage, ListDeliveries, delivery_place, list_deliveries};
pub use error::WebhookError;
pub use fan_out::{DELIVERIES_KEPT_MAX, DELIVERIES_KEPT_TIME, fan_out, forget_old_deliveries};
pub use manage::{find_webhook, get_webhook, list_webhooks, remove_webhook};
pub use resend::{resend_delivery, send_test};
pub use rotate::{ROTATION_TIME, rotate_secret};
pub use sign::{SECRET_PREFIX, secret_text, signature};
pub use update::{UpdateWebhook, update_webhook};
