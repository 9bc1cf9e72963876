//! What somebody looks for in the log.

use smartcms_app::OpContext;
use smartcms_app::people::{PeopleError, find_user_by_email};
use smartcms_app::ports::{AuditOutcome, AuditQuery};
use smartcms_domain::Timestamp;
use smartcms_pages::admin::AuditFilterContext;

use super::URL;
use crate::admin::answer;
use crate::admin::visit::Visit;

/// The filter as it was typed.
#[derive(Debug, Clone, Default)]
pub(super) struct Filter(pub(super) AuditFilterContext);

/// Why a filter finds nothing.
#[derive(Debug)]
pub(super) enum NoQuery {
    /// Nobody has the address.
    Nobody,
    /// Looking for the address failed.
    Failed(PeopleError),
}

impl Filter {
    /// From the values of a form or an address.
    pub(super) fn of<'a>(value: impl Fn(&str) -> &'a str) -> Self {
        let text = |name: &str| value(name).trim().to_owned();
        let outcome = AuditOutcome::named(value("outcome")).map(AuditOutcome::name);
        Self(AuditFilterContext {
            actor: text("actor"),
            operation: text("operation"),
            target: text("target"),
            outcome: outcome.unwrap_or_default().to_owned(),
            since: text("since"),
            until: text("until"),
        })
    }

    /// The address of the same filter that ends otherwise.
    pub(super) fn url(&self, outcome: &str, after: &str) -> String {
        let it = &self.0;
        let pairs = [
            ("actor", it.actor.as_str()),
            ("operation", &it.operation),
            ("target", &it.target),
            ("outcome", outcome),
            ("since", &it.since),
            ("until", &it.until),
            ("after", after),
        ];
        format!("{URL}{}", answer::query(&pairs))
    }

    /// What the log is asked. An address stands for its person.
    pub(super) async fn query(
        &self,
        ctx: &OpContext<'_>,
        visit: &Visit,
        limit: u32,
    ) -> Result<AuditQuery, NoQuery> {
        let it = &self.0;
        let given = |text: &str| Some(text.to_owned()).filter(|it| !it.is_empty());
        let actor = match it.actor.as_str() {
            email if email.contains('@') => Some(person(ctx, email).await?),
            other => given(other),
        };
        let (kind, id) = it.target.split_once([':', ' ']).unwrap_or((&it.target, ""));
        let time = |text: &str| {
            let millis = visit.zone.parse_local(text)?;
            Timestamp::from_millis(millis).ok()
        };
        Ok(AuditQuery {
            actor,
            operation: given(&it.operation),
            target_kind: given(kind.trim()),
            target_id: given(id.trim()),
            outcome: AuditOutcome::named(&it.outcome),
            since: time(&it.since),
            until: time(&it.until),
            before: None,
            limit,
        })
    }
}

async fn person(ctx: &OpContext<'_>, email: &str) -> Result<String, NoQuery> {
    match find_user_by_email(ctx, email).await {
        Ok(user) => Ok(format!("user {}", user.id)),
        Err(PeopleError::UnknownUser(_) | PeopleError::Invalid(_)) => Err(NoQuery::Nobody),
        Err(error) => Err(NoQuery::Failed(error)),
    }
}
