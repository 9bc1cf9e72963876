use std::sync::Arc;

use serde_json::{Value, json};

use super::super::{
    Actor, AssetPermission, CustomRole, Held, Permission, Rank, Role, RoleName, Scope, Subject,
    TokenBounds, TokenMaker, UserId,
};
use crate::collections::{CollectionName, FieldDefinition, FieldKind, FieldName};

fn collection(name: &str) -> CollectionName {
    CollectionName::parse(name).unwrap()
}

fn role(document: Value) -> Role {
    CustomRole::read(RoleName::parse("copywriter").unwrap(), &document).unwrap().into()
}

/// Reads everything, changes what is its own in `posts`, where it does not see `price` and only reads `notes`.
fn copywriter() -> Role {
    role(json!({
        "label": "Copywriter",
        "base": "contributor",
        "collections": {
            "posts": {
                "read_drafts": "any", "create": "any", "update": "own", "publish": "own",
                "fields": { "price": "hidden", "notes": "read_only" },
            },
            "pages": { "read_drafts": "own" },
        },
        "assets": ["list", "upload"],
    }))
}

fn user(number: u128) -> UserId {
    UserId::new(uuid::Uuid::from_u128(number))
}

fn person(role: Role) -> Actor {
    Actor::User { id: user(1), role }
}

fn bounded(role: Role, maker: Option<Role>, scopes: &[&str]) -> Actor {
    let maker = maker.map(|role| TokenMaker { id: user(1), role });
    let scopes: Vec<Scope> = scopes.iter().map(|it| it.parse().unwrap()).collect();
    let scopes = Some(Arc::from(scopes)).filter(|it: &Arc<[Scope]>| !it.is_empty());
    Actor::Token { name: "ci".to_owned(), role, bounds: TokenBounds { maker, scopes } }
}

#[test]
fn a_rule_stands_in_the_place_of_what_the_base_gives() {
    let (posts, pages, other) = (collection("posts"), collection("pages"), collection("other"));
    let writer = person(copywriter());
    assert!(writer.may(Permission::ReadDrafts, &posts) && writer.may(Permission::Create, &posts));
    assert!(!writer.may(Permission::Update, &posts) && !writer.may(Permission::Delete, &posts));
    assert!(!writer.may_some(Permission::Create, &pages), "what a rule does not name is not given");
    assert!(writer.may(Permission::Update, &other), "the base holds where no rule is");
    assert!(!writer.may(Permission::Publish, &other));
    let elsewhere = person(role(json!({ "label": "Reader", "base": "editor",
        "collections": { "*": { "read_drafts": "any" } } })));
    assert!(elsewhere.may(Permission::ReadDrafts, &other));
    assert!(!elsewhere.may_some(Permission::Update, &other));
}

#[test]
fn ones_own_is_what_one_wrote_oneself_by_hand_by_token_or_through_a_plugin() {
    let posts = collection("posts");
    let me = format!("user {}", user(1));
    let of = |author: &str| {
        person(copywriter()).may_on(Permission::Update, Subject::newest(&posts).by(author))
    };
    assert!(of(&me) && of(&format!("plugin toc for {me}")));
    assert!(of(&format!("plugin toc for token ci of {me}")));
    let other = format!("user {}", user(2));
    for author in [&other, "token ci", "operator", "", &format!("{me}0"), &format!("x {me}")] {
        assert!(!of(author), "{author}");
    }
    let token = bounded(copywriter(), Some(copywriter()), &[]);
    assert_eq!(token.author(), me);
    assert_eq!(token.to_string(), format!("token ci of {me}"));
    assert!(token.may_on(Permission::Update, Subject::newest(&posts).by(&me)));
    assert!(!token.may_on(Permission::Update, Subject::newest(&posts).by(&other)));
}

#[test]
fn a_role_hides_fields_and_keeps_them() {
    let posts = collection("posts");
    let field = |name| FieldDefinition::new(FieldName::parse(name).unwrap(), FieldKind::Text);
    let (writer, subject) = (person(copywriter()), Subject::newest(&posts));
    let [price, notes, title] = ["price", "notes", "title"].map(field);
    assert!(!writer.sees(subject, &price) && !writer.changes(subject, &price));
    assert!(writer.sees(subject, &notes) && !writer.changes(subject, &notes));
    assert!(writer.sees(subject, &title) && writer.changes(subject, &title));
    let (pages, mut secret) = (collection("pages"), field("price"));
    assert!(writer.sees(Subject::newest(&pages), &price), "the rule is of posts alone");
    secret.access.read = Some(Rank::Author);
    assert!(!writer.sees(Subject::newest(&pages), &secret), "its rank is the base's");
}

#[test]
fn scopes_let_a_token_do_what_they_name_and_its_role_allows() {
    let (posts, pages) = (collection("posts"), collection("pages"));
    let token =
        bounded(Role::AUTHOR, None, &["content:update=posts", "content:delete", "assets:list"]);
    assert!(token.may(Permission::Update, &posts) && !token.may(Permission::Update, &pages));
    assert!(!token.may(Permission::Publish, &posts), "it is not named");
    assert!(!token.may(Permission::Delete, &posts), "authors do not delete");
    assert!(token.require_with_assets(AssetPermission::List).is_ok());
    assert!(token.require_with_assets(AssetPermission::Upload).is_err());
    let everything = bounded(Role::AUTHOR, None, &["content:*", "assets:*"]);
    assert!(everything.may(Permission::Publish, &pages));
    assert!(!bounded(Role::OWNER, None, &["content:*"]).may_manage_site());
    let manager = bounded(Role::OWNER, None, &["site:manage"]);
    assert!(manager.may_manage_site() && manager.may_arrange_site());
    let arranger = bounded(Role::OWNER, None, &["site:arrange"]);
    assert!(arranger.may_arrange_site() && !arranger.may_manage_site());
}

#[test]
fn a_token_never_does_what_the_person_who_made_it_may_not_do_now() {
    let posts = collection("posts");
    let token = bounded(Role::EDITOR, Some(Role::EDITOR), &[]);
    assert!(token.may(Permission::Delete, &posts) && token.may_arrange_site());
    let weaker = bounded(Role::EDITOR, Some(Role::VIEWER), &[]);
    assert!(weaker.may(Permission::ReadDrafts, &posts));
    assert!(!weaker.may(Permission::Update, &posts) && !weaker.may_arrange_site());
    let mut secret = FieldDefinition::new(FieldName::parse("notes").unwrap(), FieldKind::Text);
    secret.access.read = Some(Rank::Editor);
    assert!(token.sees(Subject::newest(&posts), &secret));
    assert!(!weaker.sees(Subject::newest(&posts), &secret));
}

#[track_caller]
fn check_beyond(giver: &Actor, given: &Role, expected: &[&str]) {
    assert_eq!(giver.held().unwrap().beyond(&Held::of(given)), expected);
}

#[test]
fn nobody_gives_what_they_do_not_have() {
    let administrator = person(Role::ADMINISTRATOR);
    check_beyond(&administrator, &Role::ADMINISTRATOR, &[]);
    check_beyond(&administrator, &copywriter(), &[]);
    check_beyond(&Actor::Operator, &Role::OWNER, &[]);
    let rank = "the rank owner, by which fields are seen and changed";
    check_beyond(&administrator, &Role::OWNER, &[rank]);
    check_beyond(&person(copywriter()), &copywriter(), &[]);
    check_beyond(
        &person(copywriter()),
        &Role::CONTRIBUTOR,
        &[
            "read drafts of entries of pages",
            "create entries of pages",
            "change entries of pages",
            "change entries of posts",
            "see or change the field notes of posts",
            "see or change the field price of posts",
        ],
    );
    let publishes = role(json!({ "label": "P", "base": "viewer", "site": "manage",
        "collections": { "posts": { "read_drafts": "any", "publish": "any" } } }));
    check_beyond(
        &person(Role::CONTRIBUTOR),
        &publishes,
        &["publish entries of posts", "manage the site"],
    );
}

#[test]
fn a_scoped_token_gives_no_more_than_its_scopes() {
    let scoped = bounded(Role::OWNER, None, &["site:manage", "content:read_drafts=posts"]);
    let held = scoped.held().unwrap();
    let scopes: Vec<Scope> = vec!["content:read_drafts=posts".parse().unwrap()];
    assert_eq!(held.beyond(&Held::within(&Role::VIEWER, Some(&scopes))), Vec::<String>::new());
    let wider = held.beyond(&Held::of(&Role::VIEWER));
    assert_eq!(wider, ["read drafts of entries of every other collection", "list assets"]);
}

#[test]
fn a_scope_is_read_back_from_its_text() {
    for text in ["content:*", "content:update=posts", "assets:*", "assets:list", "site:arrange"] {
        assert_eq!(text.parse::<Scope>().unwrap().to_string(), text);
    }
    for wrong in
        ["", "content", "content:", "content:write", "content:update=", "assets:list=x", "site:*"]
    {
        assert!(wrong.parse::<Scope>().is_err(), "{wrong}");
    }
}

#[test]
fn a_role_is_read_back_from_its_document_and_says_what_is_wrong_with_one() {
    let Role::Custom(made) = copywriter() else { panic!() };
    assert_eq!(CustomRole::read(made.name.clone(), &made.document()).unwrap(), *made);
    let problems = |name: &str, document: Value| {
        let problems = CustomRole::read(RoleName::parse(name).unwrap(), &document).unwrap_err();
        problems.into_iter().map(|it| it.field.unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(problems("editor", json!({ "label": "E", "base": "viewer" })), ["name"]);
    assert_eq!(problems("x", json!({ "label": "" })), ["label", "base"]);
    assert_eq!(problems("x", json!({ "label": "X", "base": "owner" })), ["base"]);
    let blind =
        json!({ "label": "X", "base": "viewer", "collections": { "posts": { "update": "any" } } });
    assert_eq!(problems("x", blind), ["collections.posts.update"]);
    let odd = json!({ "label": "X", "base": "viewer", "colections": {}, "site": "all",
        "collections": { "Posts": {}, "a": { "reads": "any", "fields": { "b": "gone" } } } });
    assert_eq!(
        problems("x", odd),
        [
            "colections",
            "collections.Posts",
            "collections.a.reads",
            "collections.a.fields.b",
            "site"
        ]
    );
}
