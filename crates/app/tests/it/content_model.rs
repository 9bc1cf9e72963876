//! What the content model promises: schedules, the archive, relations, translations, hidden fields.

use serde_json::{Value, json};
use smartcms_app::entries::{
    AskedCondition, ContentError, CreateEntry, ListEntries, ScheduleEntry, View, archive_entry,
    create_entry, get_entry, list_entries, publish_entry, purge_entry, restore_entry,
    run_schedules, schedule_entry, trash_entry,
};
use smartcms_app::ports::Listing;
use smartcms_app::{Collections, OpContext};
use smartcms_domain::actors::{Actor, Rank, Role};
use smartcms_domain::collections::{
    CollectionDefinition, FieldAccess, FieldDefinition, FieldKind, FieldName, OnDelete, Relation,
};
use smartcms_domain::entries::{Entry, Schedule, Status};
use smartcms_domain::locales::Locales;
use smartcms_testkit::TestApp;
use smartcms_testkit::builders::{at, collection, fields, locale, posts};

use crate::support::{change, check_code, draft, published, token, update};

fn field(name: &str, kind: FieldKind) -> FieldDefinition {
    FieldDefinition::new(FieldName::parse(name).unwrap(), kind)
}

fn relation(name: &str, on_delete: OnDelete) -> FieldDefinition {
    let to = collection("posts");
    field(name, FieldKind::Relation(Relation { to, many: true, on_delete }))
}

/// Posts that point to posts, with a note that only editors see, on a site of two languages.
fn app() -> TestApp {
    let mut definition: CollectionDefinition = posts();
    let access = FieldAccess { read: Some(Rank::Editor), write: None };
    definition.fields.extend([
        relation("related", OnDelete::Clear),
        relation("parts", OnDelete::Restrict),
        relation("of", OnDelete::Cascade),
        field("price", FieldKind::Integer),
        FieldDefinition { access, ..field("note", FieldKind::Text) },
    ]);
    let tags = CollectionDefinition { name: collection("tags"), drafts: false, ..posts() };
    TestApp::with(|mut parts| {
        parts.collections = Collections::new(vec![definition, tags]);
        parts.site.locales = Locales::new(locale("en"), vec![locale("de")]).unwrap();
        parts
    })
}

fn operator(app: &TestApp) -> OpContext<'_> {
    OpContext::new(app, &Actor::Operator)
}

async fn stored(app: &TestApp, entry: &Entry) -> Entry {
    get_entry(&operator(app), "posts", &entry.id.to_string(), View::Newest).await.unwrap()
}

async fn schedule(app: &TestApp, entry: &Entry, start: i64, end: Option<i64>) -> Entry {
    let after = |millis: i64| at(entry.updated_at.as_millis() + millis);
    let schedule = Schedule { publish_at: Some(after(start)), unpublish_at: end.map(after) };
    let command = ScheduleEntry { change: change(entry), schedule };
    schedule_entry(&operator(app), command).await.unwrap()
}

#[tokio::test]
async fn a_schedule_is_kept_to_the_millisecond_and_made_up_for_when_it_was_missed() {
    let app = app();
    let entry = schedule(&app, &draft(&app, "A").await, 10_000, Some(20_000)).await;
    assert_eq!(entry.status(), Status::Scheduled);
    app.clock.advance(9_999);
    assert_eq!(run_schedules(&app).await.unwrap(), 0);
    app.clock.advance(1);
    assert_eq!(run_schedules(&app).await.unwrap(), 1);
    assert_eq!(stored(&app, &entry).await.status(), Status::Published);
    app.clock.advance(100_000);
    run_schedules(&app).await.unwrap();
    assert_eq!(stored(&app, &entry).await.status(), Status::Draft);
    assert_eq!(run_schedules(&app).await.unwrap(), 0, "nothing is left to do");
}

#[tokio::test]
async fn what_was_to_come_and_go_while_nothing_ran_is_never_shown() {
    let app = app();
    let entry = schedule(&app, &draft(&app, "A").await, 10, Some(20)).await;
    app.clock.advance(1_000);
    run_schedules(&app).await.unwrap();
    let entry = stored(&app, &entry).await;
    assert_eq!((entry.status(), entry.first_published_at), (Status::Draft, None));
    assert_eq!(entry.schedule, Schedule::default());
}

#[tokio::test]
async fn setting_a_schedule_needs_the_permission_to_publish() {
    let app = app();
    let entry = draft(&app, "A").await;
    let try_as = async |role: Role| {
        let schedule =
            Schedule { publish_at: Some(at(i64::from(u32::MAX) * 1_000)), unpublish_at: None };
        let command = ScheduleEntry { change: change(&entry), schedule };
        let actor = token(role);
        schedule_entry(&OpContext::new(&app, &actor), command).await
    };
    check_code(try_as(Role::CONTRIBUTOR).await, "entry.denied");
    assert!(try_as(Role::AUTHOR).await.is_ok());
}

#[tokio::test]
async fn the_archive_takes_an_entry_off_the_site_until_it_is_restored() {
    let app = app();
    let entry = published(&app, "A").await;
    let contributor = token(Role::CONTRIBUTOR);
    let denied = archive_entry(&OpContext::new(&app, &contributor), change(&entry)).await;
    check_code(denied, "entry.denied");
    let entry = archive_entry(&operator(&app), change(&entry)).await.unwrap();
    assert_eq!((entry.status(), entry.live.is_none()), (Status::Archived, true));
    check_code(publish_entry(&operator(&app), change(&entry)).await, "entry.archived");
    let entry = restore_entry(&operator(&app), change(&entry)).await.unwrap();
    assert_eq!(entry.status(), Status::Draft);
}

#[tokio::test]
async fn a_relation_leads_to_an_entry_that_is_there() {
    let app = app();
    let target = draft(&app, "Target").await;
    let from = draft(&app, "From").await;
    let nowhere = json!({"related": ["01900000-0000-7000-8000-00000000dead"]});
    let Err(ContentError::Invalid(problems)) = update(&app, &from, nowhere).await else {
        panic!("a relation to nowhere was stored");
    };
    let found: Vec<_> = problems.iter().map(|it| (it.field.as_deref(), it.code.as_str())).collect();
    assert_eq!(found, [(Some("related"), "unknown-entry")]);
    update(&app, &from, json!({"related": [target.id.to_string()]})).await.unwrap();
}

#[tokio::test]
async fn each_relation_says_what_happens_when_its_target_is_deleted() {
    let app = app();
    let ctx = operator(&app);
    let target = draft(&app, "Target").await;
    let points = async |title: &str, field: &str| {
        let from = draft(&app, title).await;
        update(&app, &from, json!({ field: [target.id.to_string()] })).await.unwrap()
    };
    let (clears, cascades) = (points("Clears", "related").await, points("Cascades", "of").await);
    let restricts = points("Restricts", "parts").await;
    check_code(trash_entry(&ctx, change(&target)).await, "entry.referenced");
    assert!(stored(&app, &cascades).await.trashed_at.is_none(), "nothing was half done");

    update(&app, &restricts, json!({"parts": []})).await.unwrap();
    let target = trash_entry(&ctx, change(&target)).await.unwrap();
    assert!(stored(&app, &cascades).await.trashed_at.is_some());
    assert!(stored(&app, &clears).await.fields.get("related").is_some(), "it can still come back");

    check_code(purge_entry(&ctx, change(&clears)).await, "entry.not-trashed");
    purge_entry(&ctx, change(&target)).await.unwrap();
    let cleared = stored(&app, &clears).await;
    assert_eq!(cleared.fields.get("related"), Some(&json!([])));
    let gone = get_entry(&ctx, "posts", &target.id.to_string(), View::Newest).await;
    check_code(gone, "entry.unknown");
}

#[tokio::test]
async fn deleting_for_good_needs_the_permission_to_delete() {
    let app = app();
    let entry = draft(&app, "A").await;
    let entry = trash_entry(&operator(&app), change(&entry)).await.unwrap();
    let purge = async |role| {
        let actor = token(role);
        purge_entry(&OpContext::new(&app, &actor), change(&entry)).await
    };
    check_code(purge(Role::AUTHOR).await, "entry.denied");
    assert!(purge(Role::EDITOR).await.is_ok());
}

#[tokio::test]
async fn translations_share_what_is_not_localized() {
    let app = app();
    let english = update(&app, &draft(&app, "Book").await, json!({"price": 10})).await.unwrap();
    let translate = async |tag: &str| {
        let command = CreateEntry {
            collection: "posts".to_owned(),
            locale: Some(tag.to_owned()),
            translation_of: Some(english.id),
            slug: None,
            fields: fields(json!({"title": "Buch"})),
            message: None,
        };
        create_entry(&operator(&app), command).await
    };
    let german = translate("de").await.unwrap();
    assert_eq!((german.group, german.fields.get("price")), (english.group, Some(&json!(10))));
    check_code(translate("de").await, "entry.invalid");
    check_code(translate("fr").await, "entry.invalid");
    update(&app, &english, json!({"price": 12, "title": "The book"})).await.unwrap();
    let german = stored(&app, &german).await;
    assert_eq!(german.fields.get("price"), Some(&json!(12)));
    assert_eq!(german.fields.text("title"), Some("Buch"));
}

#[tokio::test]
async fn a_collection_without_drafts_shows_what_is_saved_at_once() {
    let app = app();
    let command = |title: &str| CreateEntry {
        collection: "tags".to_owned(),
        locale: None,
        translation_of: None,
        slug: None,
        fields: fields(json!({ "title": title })),
        message: None,
    };
    let tag = create_entry(&operator(&app), command("Rust")).await.unwrap();
    assert!(tag.live.is_some() && !tag.has_newer_draft());
    let contributor = token(Role::CONTRIBUTOR);
    let denied = create_entry(&OpContext::new(&app, &contributor), command("Go")).await;
    check_code(denied, "entry.denied");
}

#[tokio::test]
async fn a_hidden_field_is_refused_like_one_that_is_not_there() {
    let app = app();
    let entry = update(&app, &published(&app, "A").await, json!({"note": "secret"})).await.unwrap();
    publish_entry(&operator(&app), change(&entry)).await.unwrap();
    for actor in [Actor::Anonymous, token(Role::AUTHOR)] {
        let ctx = OpContext::new(&app, &actor);
        let seen = get_entry(&ctx, "posts", "a", View::Published).await.unwrap();
        assert_eq!(seen.live.unwrap().fields.get("note"), None);
        let query = |path: &str, value: &str| ListEntries {
            conditions: vec![AskedCondition {
                path: path.to_owned(),
                operator: "eq".to_owned(),
                value: value.to_owned(),
            }],
            ..ListEntries::first("posts", Listing::Published, 10)
        };
        let answer = async |path: &str, value: &str| {
            let error = list_entries(&ctx, query(path, value)).await.unwrap_err();
            let ContentError::BadQuery(problems) = error else { panic!("{error}") };
            problems.first().unwrap().message.replace(path, "NAME")
        };
        let hidden = answer("note", "secret").await;
        assert_eq!(hidden, answer("note", "other").await, "it does not tell whether it matches");
        assert_eq!(hidden, answer("nothing", "other").await, "nor that it is there");
        let sort = ListEntries {
            sort: vec!["-note".to_owned()],
            ..ListEntries::first("posts", Listing::Published, 10)
        };
        check_code(list_entries(&ctx, sort).await, "request.query");
    }
    let author = token(Role::AUTHOR);
    let command = smartcms_app::entries::UpdateEntry {
        change: change(&stored(&app, &entry).await),
        slug: None,
        fields: fields(json!({"note": "mine"})),
        message: None,
    };
    let written =
        smartcms_app::entries::update_entry(&OpContext::new(&app, &author), command).await;
    check_code(written, "entry.invalid");
    let editor = token(Role::EDITOR);
    let seen = get_entry(&OpContext::new(&app, &editor), "posts", "a", View::Published).await;
    assert_eq!(seen.unwrap().live.unwrap().fields.get("note"), Some(&Value::from("secret")));
}
