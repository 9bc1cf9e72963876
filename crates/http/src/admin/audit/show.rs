//! `GET /admin/audit`: a page of the log, the newest first.

use axum::extract::{Query, State};
use smartcms_app::audit::{AuditError, audit_place, digest_text, list_audit};
use smartcms_app::ports::{AuditOutcome, AuditPage as Found, AuditRecord};
use smartcms_pages::admin::{AuditPage, AuditRow, Paging, Tab};

use super::filter::{Filter, NoQuery};
use crate::admin::answer::{self, Answer};
use crate::admin::list::Pairs;
use crate::admin::names::Names;
use crate::admin::person::Person;
use crate::admin::visit::Visit;
use crate::state::AppState;

/// How many records one page shows.
const ROWS: u32 = 50;
/// The areas of operations, as `docs/audit.md` tells them.
const AREAS: [&str; 16] = [
    "entry",
    "role",
    "token",
    "session",
    "user",
    "collection",
    "menu",
    "redirect",
    "webhook",
    "asset",
    "plugin",
    "task",
    "site",
    "admin",
    "api",
    "audit",
];

/// Shows a page.
pub(super) async fn show(
    State(state): State<AppState>,
    visit: Visit,
    person: Person,
    Query(pairs): Pairs,
) -> Answer {
    let value = |name: &str| {
        let found = pairs.iter().find(|(it, _)| it == name);
        found.map(|(_, value)| value.as_str()).unwrap_or_default()
    };
    let (filter, after) = (Filter::of(value), audit_place(value("after")));
    let ctx = person.context(&state.app);
    if !person.actor.may_read_audit() {
        return Err(AuditError::Denied(person.actor.to_string()).into());
    }
    let (found, problem) = match filter.query(&ctx, &visit, ROWS).await {
        Ok(mut query) => {
            query.before = after;
            (list_audit(&ctx, query).await?, None)
        }
        Err(NoQuery::Nobody) => (Found::default(), Some(visit.say("audit.nobody", &[]))),
        Err(NoQuery::Failed(error)) => return Err(error.into()),
    };
    let outcome = filter.0.outcome.clone();
    let next = found.next.map(|it| filter.url(&outcome, &it.as_simple().to_string()));
    let first = if after.is_some() { filter.url(&outcome, "") } else { String::new() };
    let page = AuditPage {
        frame: visit.frame(&state, visit.say("audit.title", &[])),
        tabs: tabs(&visit, &filter),
        areas: AREAS.to_vec(),
        rows: rows(&state, &visit, &found.records).await,
        paging: Paging { first, next: next.unwrap_or_default() },
        filter: filter.0,
        problem,
    };
    answer::page(&state, &page)
}

fn tabs(visit: &Visit, filter: &Filter) -> Vec<Tab> {
    let all = [("", "status.all".to_owned())].into_iter();
    let each = AuditOutcome::ALL.map(|it| (it.name(), format!("audit.outcome.{}", it.name())));
    let tab = |(value, key): (&str, String)| Tab {
        label: visit.say(&key, &[]),
        url: filter.url(value, ""),
        value: value.to_owned(),
        is_current: filter.0.outcome == value,
    };
    all.chain(each).map(tab).collect()
}

async fn rows(state: &AppState, visit: &Visit, records: &[AuditRecord]) -> Vec<AuditRow> {
    let names = Names::of(state, visit, records.iter().map(|it| it.actor.as_str())).await;
    records.iter().map(|it| row(&names, it)).collect()
}

fn row(names: &Names, record: &AuditRecord) -> AuditRow {
    let target = record.target.as_ref().map(|it| format!("{}:{}", it.kind, it.id));
    let target = target.unwrap_or_default();
    let of = |name: &str, value: &str| {
        let filter = Filter::of(|it| if it == name { value } else { "" });
        filter.url("", "")
    };
    AuditRow {
        at: record.at.as_millis(),
        who: names.get(&record.actor),
        actor_url: of("actor", &record.actor),
        actor: record.actor.clone(),
        operation: record.operation.clone(),
        target_url: of("target", &target),
        target,
        outcome: record.outcome.name(),
        address: record.client.address.clone().unwrap_or_default(),
        user_agent: record.client.user_agent.clone().unwrap_or_default(),
        detail: record.detail.clone().unwrap_or_default(),
        before: record.before.map(digest_text).unwrap_or_default(),
        after: record.after.map(digest_text).unwrap_or_default(),
    }
}
