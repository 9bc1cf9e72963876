//! `/admin/webhooks`: who outside hears of events, and what became of each message.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use smartcms_app::ports::WebhookRecord;
use smartcms_app::webhooks::{
    CreateWebhook, UpdateWebhook, WebhookError, create_webhook, get_webhook, list_webhooks,
    remove_webhook, resend_delivery, rotate_secret, send_test, update_webhook,
};
use smartcms_domain::Timestamp;
use smartcms_pages::admin::{FlashKind, Mistake, WebhookListPage, WebhookRow};

use super::super::answer::{self, Answer};
use super::super::form::Form;
use super::super::list::Pairs;
use super::super::person::Person;
use super::super::visit::Visit;
use super::mistakes::{mistakes_of, status};
use super::webhook_page::{self, Desk, Sent, URL};
use crate::state::AppState;

/// Shows every webhook.
pub(in super::super) async fn list(
    State(state): State<AppState>,
    visit: Visit,
    person: Person,
) -> Answer {
    let records = list_webhooks(&person.context(&state.app)).await?;
    let row = |it: &WebhookRecord| WebhookRow {
        name: it.webhook.name.clone(),
        url: format!("{URL}/{}", it.webhook.id),
        to: it.webhook.url.clone(),
        events: webhook_page::events_in_words(&visit, &it.webhook),
        is_enabled: it.webhook.enabled,
        was_disabled: it.webhook.disabled_reason.is_some(),
        failing_since: it.failing_since.map_or(0, Timestamp::as_millis),
    };
    let page = WebhookListPage {
        frame: visit.frame(&state, visit.say("webhooks.title", &[])),
        rows: records.iter().map(row).collect(),
    };
    answer::page(&state, &page)
}

/// Shows the form of a new one.
pub(in super::super) async fn new(
    State(state): State<AppState>,
    visit: Visit,
    person: Person,
) -> Answer {
    list_webhooks(&person.context(&state.app)).await?;
    let desk = Desk { state: &state, visit: &visit, person: &person };
    answer::page(&state, &desk.new_page(&Sent::default(), Vec::new()))
}

/// Makes one. Its secret stands on the page that comes back, and nowhere afterwards.
pub(in super::super) async fn create(
    State(state): State<AppState>,
    visit: Visit,
    person: Person,
    form: Form,
) -> Answer {
    let desk = Desk { state: &state, visit: &visit, person: &person };
    let sent = Sent::of(&form);
    let command = CreateWebhook {
        name: sent.name.clone(),
        url: sent.url.clone(),
        events: Some(sent.events.clone()),
        collections: Some(sent.collections.clone()),
        enabled: true,
    };
    match create_webhook(&person.context(&state.app), command).await {
        Ok((record, secret)) => {
            let page = desk.page(&record, &[]).await?;
            let page = desk.with_secret(page, &record, secret);
            answer::page_with(&state, StatusCode::CREATED, &page)
        }
        Err(error) => {
            let (status, mistakes) = refused(&visit, error)?;
            answer::page_with(&state, status, &desk.new_page(&sent, mistakes))
        }
    }
}

/// Shows one with its deliveries.
pub(in super::super) async fn edit(
    State(state): State<AppState>,
    visit: Visit,
    person: Person,
    Path(id): Path<String>,
    Query(pairs): Pairs,
) -> Answer {
    let record = get_webhook(&person.context(&state.app), &id).await?;
    let desk = Desk { state: &state, visit: &visit, person: &person };
    answer::page(&state, &desk.page(&record, &pairs).await?)
}

/// Does what the button says.
pub(in super::super) async fn change(
    State(state): State<AppState>,
    visit: Visit,
    person: Person,
    Path(id): Path<String>,
    form: Form,
) -> Answer {
    let ctx = person.context(&state.app);
    let desk = Desk { state: &state, visit: &visit, person: &person };
    let here = format!("{URL}/{id}");
    let switch = |enabled| UpdateWebhook { enabled: Some(enabled), ..UpdateWebhook::default() };
    let done = match form.action() {
        ("delete", _) => {
            remove_webhook(&ctx, &id).await?;
            return Ok(visit.done(&state, URL, "webhooks.removed"));
        }
        ("rotate", _) => {
            let (record, secret) = rotate_secret(&ctx, &id).await?;
            let page = desk.page(&record, &[]).await?;
            return answer::page(&state, &desk.with_secret(page, &record, secret));
        }
        ("pause", _) => update_webhook(&ctx, &id, switch(false)).await.map(|_| "webhooks.paused"),
        ("resume", _) => update_webhook(&ctx, &id, switch(true)).await.map(|_| "webhooks.resumed"),
        ("test", _) => send_test(&ctx, &id).await.map(|_| "webhooks.test_sent"),
        ("resend", delivery) => {
            resend_delivery(&ctx, &id, delivery).await.map(|_| "webhooks.resent")
        }
        _ => return save(&desk, &id, &form).await,
    };
    match done {
        Ok(key) => Ok(visit.done(&state, &here, key)),
        Err(WebhookError::Disabled(_)) => {
            let text = visit.say("webhooks.is_paused", &[]);
            Ok(visit.news(&state, &here, FlashKind::Failed, text))
        }
        Err(error) => Err(error.into()),
    }
}

async fn save(desk: &Desk<'_>, id: &str, form: &Form) -> Answer {
    let (state, visit, sent) = (desk.state, desk.visit, Sent::of(form));
    let command = UpdateWebhook {
        name: Some(sent.name.clone()),
        url: Some(sent.url.clone()),
        events: Some(sent.events.clone()),
        collections: Some(sent.collections.clone()),
        enabled: None,
    };
    let ctx = desk.person.context(&state.app);
    match update_webhook(&ctx, id, command).await {
        Ok(_) => Ok(visit.done(state, &format!("{URL}/{id}"), "webhooks.saved")),
        Err(error) => {
            let (status, mistakes) = refused(visit, error)?;
            let record = get_webhook(&ctx, id).await?;
            let page = desk.page(&record, &[]).await?;
            answer::page_with(state, status, &desk.with_sent(page, &sent, mistakes))
        }
    }
}

fn refused(visit: &Visit, error: WebhookError) -> Result<(StatusCode, Vec<Mistake>), WebhookError> {
    let label = |it: &str| visit.say(&format!("webhooks.{it}"), &[]);
    let mistakes = match &error {
        WebhookError::Denied(_) | WebhookError::Store(_) | WebhookError::Unknown(_) => {
            return Err(error);
        }
        WebhookError::NameTaken(_) => {
            vec![Mistake {
                input: "name".to_owned(),
                label: label("name"),
                text: error.to_string(),
            }]
        }
        _ => mistakes_of(visit, &error, label),
    };
    Ok((status(&error), mistakes))
}
