//! The page of a webhook: what it hears, and what became of each message.

use smartcms_app::ports::{DeliveryState, WebhookDelivery, WebhookRecord};
use smartcms_app::webhooks::{ListDeliveries, WebhookError, delivery_place, list_deliveries};
use smartcms_domain::Timestamp;
use smartcms_domain::events::EventKind;
use smartcms_domain::webhooks::Webhook;
use smartcms_pages::admin::{ChoiceContext, DeliveryRow, Mistake, Paging, Tab, WebhookPage};

use super::super::answer::query;
use super::super::form::Form;
use super::super::person::Person;
use super::super::visit::Visit;
use crate::state::AppState;

/// Where webhooks are.
pub(super) const URL: &str = "/admin/webhooks";
/// Where a new one is made.
const NEW_URL: &str = "/admin/webhooks/new";
/// How many deliveries one page shows.
const ROWS: u32 = 30;
/// Stands for all events, or all collections.
const ALL: &str = "*";

/// Somebody at webhooks.
pub(super) struct Desk<'a> {
    pub(super) state: &'a AppState,
    pub(super) visit: &'a Visit,
    pub(super) person: &'a Person,
}

/// What a form says.
#[derive(Debug, Clone)]
pub(super) struct Sent {
    pub(super) name: String,
    pub(super) url: String,
    pub(super) events: Vec<String>,
    pub(super) collections: Vec<String>,
}

impl Default for Sent {
    fn default() -> Self {
        let all = || vec![ALL.to_owned()];
        Self { name: String::new(), url: String::new(), events: all(), collections: all() }
    }
}

impl Sent {
    /// What a form says; nothing chosen stands for all.
    pub(super) fn of(form: &Form) -> Self {
        let chosen = |name: &str| {
            let chosen: Vec<String> = form.all(name).map(str::to_owned).collect();
            if chosen.is_empty() { vec![ALL.to_owned()] } else { chosen }
        };
        Self {
            name: form.get("name").trim().to_owned(),
            url: form.get("url").trim().to_owned(),
            events: chosen("events"),
            collections: chosen("collections"),
        }
    }

    fn stored(webhook: &Webhook) -> Self {
        let all = || vec![ALL.to_owned()];
        let events = webhook.events.as_ref();
        let collections = webhook.collections.as_ref();
        Self {
            name: webhook.name.clone(),
            url: webhook.url.clone(),
            events: events
                .map_or_else(all, |it| it.iter().map(|it| it.name().to_owned()).collect()),
            collections: collections
                .map_or_else(all, |it| it.iter().map(ToString::to_string).collect()),
        }
    }
}

/// What a webhook hears, in a few words.
pub(super) fn events_in_words(visit: &Visit, webhook: &Webhook) -> String {
    match &webhook.events {
        None => visit.say("webhooks.all_events", &[]),
        Some(events) => {
            let named = events.iter().map(|it| visit.say(&format!("event.{}", it.name()), &[]));
            named.collect::<Vec<_>>().join(", ")
        }
    }
}

impl Desk<'_> {
    /// The form of a new one.
    pub(super) fn new_page(&self, sent: &Sent, mistakes: Vec<Mistake>) -> WebhookPage {
        let title = self.visit.say("webhooks.new_title", &[]);
        let crumb = self.visit.say("webhooks.title", &[]);
        WebhookPage {
            frame: self.visit.frame_below(self.state, title, &[(crumb.as_str(), URL)]),
            action: NEW_URL.to_owned(),
            is_new: true,
            secret: String::new(),
            name: sent.name.clone(),
            url: sent.url.clone(),
            events: self.events(sent),
            collections: self.collections(sent),
            is_enabled: true,
            disabled_reason: String::new(),
            failing_since: 0,
            rotating_until: 0,
            created_at: 0,
            tabs: Vec::new(),
            deliveries: Vec::new(),
            paging: Paging::default(),
            mistakes,
        }
    }

    /// The page of one; the pairs of the address say which deliveries.
    pub(super) async fn page(
        &self,
        record: &WebhookRecord,
        pairs: &[(String, String)],
    ) -> Result<WebhookPage, WebhookError> {
        let value = |name: &str| {
            let found = pairs.iter().find(|(it, _)| it == name);
            found.map(|(_, value)| value.as_str()).unwrap_or_default()
        };
        let webhook = &record.webhook;
        let url = format!("{URL}/{}", webhook.id);
        let (kind, after) = (value("state"), value("after"));
        let asked = ListDeliveries {
            state: DeliveryState::parse(kind),
            kind: None,
            before: delivery_place(after),
            limit: ROWS,
        };
        let ctx = self.person.context(&self.state.app);
        let found = list_deliveries(&ctx, &webhook.id.to_string(), asked).await?;
        let address = |kind: &str, after: &str| {
            format!("{url}{}#deliveries", query(&[("state", kind), ("after", after)]))
        };
        let tab = |value: &str, key: String| Tab {
            label: self.visit.say(&key, &[]),
            url: address(value, ""),
            value: value.to_owned(),
            is_current: kind == value,
        };
        let states = DeliveryState::ALL.map(DeliveryState::name);
        let states = states.map(|it| tab(it, format!("webhooks.{it}")));
        let all = tab("", "status.all".to_owned());
        let until = record.previous_secret.as_ref().map(|(_, until)| *until);
        let until = until.filter(|it| *it > self.state.app.clock.now());
        let crumb = self.visit.say("webhooks.title", &[]);
        let sent = Sent::stored(webhook);
        let page = self.new_page(&sent, Vec::new());
        Ok(WebhookPage {
            frame: self.visit.frame_below(
                self.state,
                webhook.name.clone(),
                &[(crumb.as_str(), URL)],
            ),
            is_new: false,
            is_enabled: webhook.enabled,
            disabled_reason: webhook.disabled_reason.clone().unwrap_or_default(),
            failing_since: record.failing_since.map_or(0, Timestamp::as_millis),
            rotating_until: until.map_or(0, Timestamp::as_millis),
            created_at: record.created_at.as_millis(),
            tabs: std::iter::once(all).chain(states).collect(),
            deliveries: found.deliveries.iter().map(row).collect(),
            paging: Paging {
                first: if after.is_empty() { String::new() } else { address(kind, "") },
                next: found
                    .next
                    .map(|it| address(kind, &it.as_simple().to_string()))
                    .unwrap_or_default(),
            },
            action: url,
            ..page
        })
    }

    /// The same with a secret that was just made.
    pub(super) fn with_secret(
        &self,
        page: WebhookPage,
        record: &WebhookRecord,
        secret: String,
    ) -> WebhookPage {
        WebhookPage { secret, action: format!("{URL}/{}", record.webhook.id), ..page }
    }

    /// The same with what was sent and refused.
    pub(super) fn with_sent(
        &self,
        page: WebhookPage,
        sent: &Sent,
        mistakes: Vec<Mistake>,
    ) -> WebhookPage {
        WebhookPage {
            name: sent.name.clone(),
            url: sent.url.clone(),
            events: self.events(sent),
            collections: self.collections(sent),
            mistakes,
            ..page
        }
    }

    fn events(&self, sent: &Sent) -> Vec<ChoiceContext> {
        let choice = |it: EventKind| ChoiceContext {
            value: it.name().to_owned(),
            label: self.visit.say(&format!("event.{}", it.name()), &[]),
            selected: sent.events.iter().any(|event| event == it.name()),
        };
        EventKind::ALL.map(choice).to_vec()
    }

    fn collections(&self, sent: &Sent) -> Vec<ChoiceContext> {
        let all = self.state.app.collections.all();
        let choice = all.iter().map(|it| ChoiceContext {
            value: it.name.to_string(),
            label: it.label.clone(),
            selected: sent.collections.iter().any(|name| name == it.name.as_str()),
        });
        choice.collect()
    }
}

fn row(delivery: &WebhookDelivery) -> DeliveryRow {
    let last = delivery.last_try.as_ref();
    DeliveryRow {
        id: delivery.id.to_string(),
        kind: delivery.kind.clone(),
        state: delivery.state.name(),
        tries: delivery.tries,
        created_at: delivery.created_at.as_millis(),
        next_at: delivery.next_at.map_or(0, Timestamp::as_millis),
        body: delivery.body.clone(),
        tried_at: last.map_or(0, |it| it.at.as_millis()),
        duration_ms: last.map_or(0, |it| it.duration_ms),
        status: last.and_then(|it| it.status).unwrap_or_default(),
        answer: last.map(|it| it.answer.clone()).unwrap_or_default(),
        error: last.and_then(|it| it.error.clone()).unwrap_or_default(),
    }
}
