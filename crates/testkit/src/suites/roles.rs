//! Roles of the site.

use serde_json::{Value, json};
use smartcms_app::ports::{
    AuditLog, AuditQuery, RoleRecord, RoleRemoved, RoleSaved, RoleStore, TokenAdded, TokenRecord,
    TokenStore,
};
use smartcms_domain::actors::{CustomRole, RoleName};
use smartcms_domain::entries::Revision;

use super::deed;
use crate::builders::at;

/// A store of roles, and of what they are looked up for.
pub trait RoleKeeper: RoleStore + AuditLog {}
impl<T: RoleStore + AuditLog> RoleKeeper for T {}

/// The promises of [`RoleStore`]; a token is added and taken away to see that a role which is held stays.
pub async fn roles(store: &dyn RoleKeeper, tokens: &dyn TokenStore) {
    let made = record("copywriter", 1, json!({ "label": "Copywriter", "base": "contributor" }));
    let name = made.role.name.clone();
    let audit = |millis| deed(millis, "operator", "role.changed");
    let save = async |role: &RoleRecord, previous: Option<u64>, millis| {
        store.save_role(role.clone(), previous.map(Revision::new), audit(millis)).await.unwrap()
    };
    assert_eq!(store.find_role(&name).await.unwrap(), None);
    assert_eq!(save(&made, None, 90_001).await, RoleSaved::Done);
    assert_eq!(save(&made, None, 90_002).await, RoleSaved::Stale, "it is there already");
    let rules = json!({ "posts": { "read_drafts": "any", "update": "own", "fields": { "price": "hidden" } } });
    let document = json!({ "label": "Writer", "base": "viewer", "collections": rules,
        "assets": ["list"], "site": "arrange" });
    let changed = record("copywriter", 2, document);
    assert_eq!(save(&changed, Some(7), 90_003).await, RoleSaved::Stale);
    assert_eq!(save(&changed, Some(1), 90_004).await, RoleSaved::Done);
    assert_eq!(store.find_role(&name).await.unwrap(), Some(changed.clone()));
    assert_eq!(store.list_roles().await.unwrap(), [changed]);
    let token = TokenRecord {
        name: "writes".to_owned(),
        role: name.clone(),
        scopes: None,
        made_by: None,
        hash: [77; 32],
        created_at: at(1_000),
        expires_at: None,
    };
    let added = tokens.add(token, deed(90_005, "operator", "token.created")).await.unwrap();
    assert_eq!(added, TokenAdded::Done);
    let remove = async |revision, millis| {
        store.remove_role(&name, Revision::new(revision), audit(millis)).await.unwrap()
    };
    assert_eq!(remove(2, 90_006).await, RoleRemoved::InUse { people: 0, tokens: 1 });
    tokens.remove("writes", &[77; 32], deed(90_007, "operator", "token.revoked")).await.unwrap();
    assert_eq!(remove(1, 90_008).await, RoleRemoved::Stale);
    assert_eq!(remove(2, 90_009).await, RoleRemoved::Done);
    assert_eq!(store.list_roles().await.unwrap(), []);
    let query = AuditQuery { since: Some(at(90_000)), limit: 100, ..AuditQuery::default() };
    let mut recorded = store.list_audit(&query).await.unwrap().records;
    recorded.retain(|it| it.operation == "role.changed");
    let times: Vec<i64> = recorded.iter().map(|it| it.at.as_millis()).collect();
    assert_eq!(times, [90_009, 90_004, 90_001], "what was done is recorded, and nothing else");
}

fn record(name: &str, revision: u64, document: Value) -> RoleRecord {
    RoleRecord {
        role: CustomRole::read(RoleName::parse(name).unwrap(), &document).unwrap(),
        revision: Revision::new(revision),
        changed_at: at(1_000),
        changed_by: "operator".to_owned(),
    }
}
