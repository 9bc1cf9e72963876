//! `smartcms audit`.

use smartcms_app::OpContext;
use smartcms_app::audit::{AuditFormat as Format, Deed, list_audit, record};
use smartcms_app::ports::{AUDIT_PAGE_LEN_MAX, AuditOutcome, AuditQuery, AuditRecord};
use smartcms_domain::Timestamp;
use smartcms_domain::actors::Actor;

use super::say;
use crate::args::{AuditCommand, AuditFilter, AuditFormat, Folders};
use crate::compose::open_for_operator;
use crate::failure::{Failure, exit, fault};
use crate::printable::printable;

pub(super) async fn audit(folders: &Folders, command: AuditCommand) -> anyhow::Result<()> {
    let app = open_for_operator(folders)?.app;
    let ctx = OpContext::new(&app, &Actor::Operator);
    match command {
        AuditCommand::List { filter, lines } => {
            let limit = lines.clamp(1, AUDIT_PAGE_LEN_MAX);
            let query = AuditQuery { limit, ..query(filter)? };
            let page = list_audit(&ctx, query).await.map_err(fault)?;
            page.records.iter().for_each(|it| say(printable(&line(it))));
            Ok(())
        }
        AuditCommand::Export { filter, format } => export(&ctx, query(filter)?, format).await,
    }
}

/// Prints page by page, and records that it was done.
async fn export(ctx: &OpContext<'_>, query: AuditQuery, format: AuditFormat) -> anyhow::Result<()> {
    let format = match format {
        AuditFormat::Jsonl => Format::JsonLines,
        AuditFormat::Csv => Format::Csv,
    };
    format.head().into_iter().for_each(say);
    let mut query = AuditQuery { limit: AUDIT_PAGE_LEN_MAX, ..query };
    let mut count = 0;
    loop {
        let page = list_audit(ctx, query.clone()).await.map_err(fault)?;
        page.records.iter().for_each(|it| say(format.line(it)));
        count += page.records.len();
        let Some(next) = page.next else { break };
        query.before = Some(next);
    }
    record(ctx, Deed::done("audit.exported").detail(format!("{count} records"))).await;
    Ok(())
}

fn query(filter: AuditFilter) -> anyhow::Result<AuditQuery> {
    let outcome = filter.outcome.as_deref().map(outcome).transpose()?;
    let (kind, id) = match filter.target.as_deref().map(|it| it.split_once(':').unwrap_or((it, "")))
    {
        Some((kind, "")) => (Some(kind.to_owned()), None),
        Some((kind, id)) => (Some(kind.to_owned()), Some(id.to_owned())),
        None => (None, None),
    };
    Ok(AuditQuery {
        actor: filter.actor,
        operation: filter.operation,
        target_kind: kind,
        target_id: id,
        outcome,
        since: filter.since.as_deref().map(time).transpose()?,
        until: filter.until.as_deref().map(time).transpose()?,
        before: None,
        limit: 0,
    })
}

fn outcome(name: &str) -> anyhow::Result<AuditOutcome> {
    AuditOutcome::named(name).ok_or_else(|| {
        let message = format!("`{name}` is not how things end");
        Failure::hinted(message, "--outcome is done, denied or failed", exit::INVALID)
    })
}

fn time(text: &str) -> anyhow::Result<Timestamp> {
    Timestamp::parse(text).map_err(|error| {
        Failure::hinted(error.to_string(), "write it like 2026-11-28T00:00:00Z", exit::INVALID)
    })
}

fn line(record: &AuditRecord) -> String {
    let target = record.target.as_ref().map(|it| format!(" {} {}", it.kind, it.id));
    let detail = record.detail.as_ref().map(|it| format!(" ({it})"));
    let address = record.client.address.as_ref().map(|it| format!(" from {it}"));
    format!(
        "{} {:<6} {} {}{}{}{}",
        record.at,
        record.outcome.name(),
        record.actor,
        record.operation,
        target.unwrap_or_default(),
        detail.unwrap_or_default(),
        address.unwrap_or_default(),
    )
}
