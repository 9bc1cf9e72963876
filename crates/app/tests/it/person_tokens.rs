//! Tokens that people made do at most what these people may do now.

use serde_json::json;
use smartcms_app::OpContext;
use smartcms_app::entries::create_entry;
use smartcms_app::ports::{NewUser, UserChange, UserStore as _};
use smartcms_app::tokens::{CreateToken, authenticate, create_token, list_tokens, revoke_token};
use smartcms_domain::actors::{Actor, Permission, Rank, Role, UserId};
use smartcms_domain::people::{EmailAddress, PersonName, UserState};
use smartcms_testkit::TestApp;
use smartcms_testkit::builders::{at, collection};
use uuid::Uuid;

use crate::support::{check_code, new_post};

async fn person(app: &TestApp, number: u128, rank: Rank) -> Actor {
    let id = UserId::new(Uuid::from_u128(number));
    let new = NewUser {
        id,
        email: EmailAddress::parse(&format!("p{number}@site.example")).unwrap(),
        name: PersonName::parse("Ada").unwrap(),
        role: rank.into(),
        created_at: at(1_000),
        password_hash: None,
    };
    app.store.add_user(new, false).await.unwrap();
    Actor::User { id, role: rank.into() }
}

fn id_of(actor: &Actor) -> UserId {
    let Actor::User { id, .. } = actor else { panic!("{actor} is no person") };
    *id
}

#[tokio::test]
async fn a_token_is_weaker_at_once_when_its_maker_is_and_ends_when_that_one_is_disabled() {
    let app = TestApp::new();
    person(&app, 1, Rank::Owner).await;
    let editor = person(&app, 2, Rank::Editor).await;
    let ctx = OpContext::new(&app, &editor);
    let secret = create_token(&ctx, CreateToken::new("mine", Rank::Editor)).await.unwrap();
    let (posts, change) = (collection("posts"), async |it| {
        app.store.change_user(id_of(&editor), it).await.unwrap();
    });
    assert!(authenticate(&app, &secret).await.unwrap().may(Permission::Delete, &posts));
    change(UserChange::Role(Rank::Viewer.into())).await;
    let weaker = authenticate(&app, &secret).await.unwrap();
    assert!(weaker.may(Permission::ReadDrafts, &posts) && !weaker.may(Permission::Update, &posts));
    change(UserChange::State(UserState::Disabled)).await;
    assert!(authenticate(&app, &secret).await.is_err());
}

#[tokio::test]
async fn what_a_token_writes_is_its_makers() {
    let app = TestApp::new();
    let author = person(&app, 2, Rank::Author).await;
    let ctx = OpContext::new(&app, &author);
    let secret = create_token(&ctx, CreateToken::new("mine", Rank::Author)).await.unwrap();
    let token = authenticate(&app, &secret).await.unwrap();
    let ctx = OpContext::new(&app, &token);
    let entry = create_entry(&ctx, new_post(json!({ "title": "A" })));
    assert_eq!(entry.await.unwrap().created_by, author.to_string());
}

#[tokio::test]
async fn people_make_see_and_take_away_their_own_tokens() {
    let app = TestApp::new();
    let [author, other] =
        [person(&app, 2, Rank::Author).await, person(&app, 3, Rank::Author).await];
    let (mine, theirs) = (OpContext::new(&app, &author), OpContext::new(&app, &other));
    check_code(create_token(&mine, CreateToken::new("more", Rank::Editor)).await, "role.beyond");
    create_token(&mine, CreateToken::new("mine", Rank::Viewer)).await.unwrap();
    assert_eq!(list_tokens(&mine).await.unwrap().len(), 1);
    assert_eq!(list_tokens(&theirs).await.unwrap(), []);
    check_code(revoke_token(&theirs, "mine").await, "token.unknown");
    let administrator = Actor::token("admin", Role::ADMINISTRATOR);
    let managing = OpContext::new(&app, &administrator);
    assert_eq!(list_tokens(&managing).await.unwrap().len(), 1);
    create_token(&OpContext::new(&app, &Actor::Operator), CreateToken::new("root", Rank::Owner))
        .await
        .unwrap();
    check_code(revoke_token(&managing, "root").await, "role.beyond");
    revoke_token(&mine, "mine").await.unwrap();
    check_code(list_tokens(&OpContext::new(&app, &Actor::Anonymous)).await, "token.denied");
    let plain = Actor::token("plain", Role::EDITOR);
    let ctx = OpContext::new(&app, &plain);
    let by_token = create_token(&ctx, CreateToken::new("x", Rank::Viewer));
    check_code(by_token.await, "token.denied");
}
