//! The audit log.

use smartcms_app::ports::{
    AuditClient, AuditLog, AuditOutcome, AuditQuery, AuditRecord, AuditTarget,
};
use uuid::Uuid;

use crate::builders::at;

/// A record of what `actor` did at this time.
pub fn deed(millis: i64, actor: &str, operation: &str) -> AuditRecord {
    AuditRecord {
        id: Uuid::from_u128((u128::from(millis.unsigned_abs()) << 80) | 0x7000_8000_0000_0000_0001),
        at: at(millis),
        actor: actor.to_owned(),
        operation: operation.to_owned(),
        target: None,
        before: None,
        after: None,
        client: AuditClient::default(),
        outcome: AuditOutcome::Done,
        detail: None,
    }
}

/// The promises of [`AuditLog`], on a log without records.
pub async fn audit(log: &dyn AuditLog) {
    let target = AuditTarget { kind: "role".to_owned(), id: "copywriter".to_owned() };
    let client =
        AuditClient { address: Some("192.0.2.7".to_owned()), user_agent: Some("curl".to_owned()) };
    let made = AuditRecord {
        target: Some(target),
        after: Some([9; 32]),
        client,
        detail: Some("Copywriter".to_owned()),
        ..deed(1_000, "user ann", "role.created")
    };
    let denied =
        AuditRecord { outcome: AuditOutcome::Denied, ..deed(2_000, "token ci", "role.changed") };
    let published = deed(3_000, "user ann", "entry.published");
    log.record(vec![made.clone(), denied.clone()]).await.unwrap();
    log.record(vec![published.clone()]).await.unwrap();
    let query = || AuditQuery { limit: 10, ..AuditQuery::default() };
    let check = async |query: AuditQuery, expected: &[&AuditRecord]| {
        let found = log.list_audit(&query).await.unwrap().records;
        assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{query:?}");
    };
    let text = |it: &str| Some(it.to_owned());
    check(query(), &[&published, &denied, &made]).await;
    check(AuditQuery { actor: text("user ann"), ..query() }, &[&published, &made]).await;
    check(AuditQuery { operation: text("role.changed"), ..query() }, &[&denied]).await;
    check(AuditQuery { operation: text("role.*"), ..query() }, &[&denied, &made]).await;
    check(AuditQuery { target_kind: text("role"), ..query() }, &[&made]).await;
    check(AuditQuery { target_id: text("other"), ..query() }, &[]).await;
    check(AuditQuery { outcome: Some(AuditOutcome::Denied), ..query() }, &[&denied]).await;
    check(AuditQuery { outcome: Some(AuditOutcome::Done), ..query() }, &[&published, &made]).await;
    check(AuditQuery { since: Some(at(2_000)), ..query() }, &[&published, &denied]).await;
    check(AuditQuery { until: Some(at(2_000)), ..query() }, &[&made]).await;
    let page = log.list_audit(&AuditQuery { limit: 2, ..query() }).await.unwrap();
    assert_eq!(page.next, Some(denied.id));
    check(AuditQuery { before: page.next, ..query() }, &[&made]).await;
    assert_eq!(log.forget_audit(at(1_000), 10).await.unwrap(), 0, "what is younger stays");
    assert_eq!(log.forget_audit(at(3_000), 1).await.unwrap(), 1, "the oldest goes first");
    check(query(), &[&published, &denied]).await;
}
