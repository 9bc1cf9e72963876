//! References that lead nowhere.

use serde_json::json;
use smartcms_app::entries::{
    ImportEntry, View, clear_dangling, get_entry, import_entry, list_dangling, list_revisions,
    trash_entry,
};
use smartcms_app::{Collections, OpContext};
use smartcms_domain::actors::{Actor, Rank, Role};
use smartcms_domain::collections::{
    FieldAccess, FieldDefinition, FieldKind, FieldName, OnDelete, Relation, Target,
};
use smartcms_domain::entries::{EntryId, Schedule};
use smartcms_testkit::TestApp;
use smartcms_testkit::builders::{at, collection, entry_id, fields, locale, posts, slug};

use crate::support::{change, draft, token};

/// Posts that point to posts and files, with a pointer that only editors see.
fn app() -> TestApp {
    let mut definition = posts();
    let to = collection("posts");
    let many = Relation { to: to.clone(), many: true, on_delete: OnDelete::Clear };
    let one = Relation { to, many: false, on_delete: OnDelete::Clear };
    let field = |name: &str, kind| FieldDefinition::new(FieldName::parse(name).unwrap(), kind);
    let access = FieldAccess { read: Some(Rank::Editor), write: None };
    definition.fields.extend([
        field("related", FieldKind::Relation(many)),
        field("cover", FieldKind::Asset),
        FieldDefinition { access, ..field("source", FieldKind::Relation(one)) },
    ]);
    TestApp::with(|mut parts| {
        parts.collections = Collections::new(vec![definition]);
        parts
    })
}

fn operator(app: &TestApp) -> OpContext<'_> {
    OpContext::new(app, &Actor::Operator)
}

async fn import(app: &TestApp, number: u128, object: serde_json::Value) -> EntryId {
    let command = ImportEntry {
        collection: "posts".to_owned(),
        id: entry_id(number),
        locale: locale("en"),
        group: None,
        slug: slug(&format!("imported-{number}")),
        fields: fields(object),
        live: None,
        created_at: at(1),
        updated_at: at(1),
        first_published_at: None,
        archived_at: None,
        schedule: Schedule::default(),
        created_by: None,
        message: None,
    };
    import_entry(&operator(app), command).await.unwrap();
    entry_id(number)
}

#[tokio::test]
async fn what_an_import_left_open_is_told_and_cleared() {
    let app = app();
    let (there, trashed) = (draft(&app, "There").await, draft(&app, "Trashed").await);
    trash_entry(&operator(&app), change(&trashed)).await.unwrap();
    let nowhere = entry_id(0xdead).to_string();
    let kept = json!([there.id.to_string(), trashed.id.to_string()]);
    let related = json!([there.id.to_string(), nowhere, trashed.id.to_string()]);
    let object = json!({ "title": "A", "related": related, "cover": nowhere });
    let first = import(&app, 1, object).await;
    let second = import(&app, 2, json!({ "title": "B", "source": nowhere })).await;
    let told = |found: Vec<smartcms_app::entries::DanglingReference>| {
        found.into_iter().map(|it| (it.entry, it.field, it.target)).collect::<Vec<_>>()
    };
    let asset = Target::Asset(*entry_id(0xdead).as_uuid());
    let entry = Target::Entry(entry_id(0xdead));
    let expected = [
        (first, "cover".to_owned(), asset),
        (first, "related".to_owned(), entry),
        (second, "source".to_owned(), entry),
    ];
    assert_eq!(told(list_dangling(&operator(&app), None, 100).await.unwrap()), expected);
    let viewer = token(Role::VIEWER);
    let seen = list_dangling(&OpContext::new(&app, &viewer), None, 100).await.unwrap();
    assert_eq!(told(seen), expected[..2], "a hidden field points nowhere");
    let anonymous = OpContext::new(&app, &Actor::Anonymous);
    assert_eq!(list_dangling(&anonymous, None, 100).await.unwrap(), []);
    assert_eq!(clear_dangling(&OpContext::new(&app, &viewer)).await.unwrap(), 0, "it may not");
    assert_eq!(clear_dangling(&operator(&app)).await.unwrap(), 2);
    assert_eq!(list_dangling(&operator(&app), None, 100).await.unwrap(), []);
    let id = first.to_string();
    let entry = get_entry(&operator(&app), "posts", &id, View::Newest).await.unwrap();
    assert_eq!((entry.fields.get("related"), entry.fields.get("cover")), (Some(&kept), None));
    let history = list_revisions(&operator(&app), "posts", first, None, 1).await.unwrap();
    let message = history.first().unwrap().message.clone();
    assert_eq!(message.as_deref(), Some("what it pointed to is not there"));
}
