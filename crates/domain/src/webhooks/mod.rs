//! Webhooks: who outside hears of what happens, and when one that did not answer is told again.

mod backoff;
mod definition;

pub use backoff::{RETRY_WAIT_MAX, TRIES_MAX, Verdict, judge, wait_before_try};
pub use definition::{
    FILTER_LEN_MAX, WEBHOOK_NAME_LEN_MAX, WEBHOOK_URL_LEN_MAX, Webhook, WebhookId,
};
