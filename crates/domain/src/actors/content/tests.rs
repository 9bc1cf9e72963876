use std::sync::Arc;

use super::super::{Actor, Permission, Rank, Role, Subject};
use crate::collections::{CollectionName, FieldDefinition, FieldKind, FieldName};
use crate::plugins::PluginId;

const OWN: &str = "plugin helper";
const OWN_FOR: &str = "plugin helper for token ci";
const OTHERS: &str = "token ann";

fn posts() -> CollectionName {
    CollectionName::parse("posts").unwrap()
}

fn field(name: &str) -> FieldDefinition {
    FieldDefinition::new(FieldName::parse(name).unwrap(), FieldKind::Text)
}

fn plugin_for(texts: &[&str], acting_for: Option<Actor>) -> Actor {
    Actor::Plugin {
        id: PluginId::parse("helper").unwrap(),
        grants: texts.iter().map(|it| it.parse().unwrap()).collect(),
        acting_for: acting_for.map(Arc::new),
    }
}

fn plugin(texts: &[&str]) -> Actor {
    plugin_for(texts, None)
}

fn token(role: Role) -> Actor {
    Actor::token("ci", role)
}

#[track_caller]
fn check(texts: &[&str], permission: Permission, collection: &str, expected: bool) {
    let collection = CollectionName::parse(collection).unwrap();
    assert_eq!(plugin(texts).may(permission, &collection), expected);
}

#[test]
fn a_grant_reaches_the_collections_it_names_and_no_others() {
    check(&["content:write=posts"], Permission::Create, "posts", true);
    check(&["content:write=posts"], Permission::Publish, "posts", true);
    check(&["content:write=posts"], Permission::Create, "pages", false);
    check(&["content:write=posts"], Permission::Delete, "posts", false);
    check(&["content:write=posts"], Permission::ReadDrafts, "posts", false);
    check(&["content:read=posts"], Permission::ReadDrafts, "posts", false);
    check(&["content:read=posts:drafts"], Permission::ReadDrafts, "posts", true);
    check(&[], Permission::Update, "posts", false);
    assert!(plugin(&["content:read=posts"]).reads(&posts()));
    assert!(!plugin(&["content:read=pages", "kv", "content:write=posts"]).reads(&posts()));
}

#[test]
fn a_grant_for_own_entries_reaches_no_others() {
    let helper = plugin(&["content:write=posts:own", "content:read=posts:own-drafts"]);
    let posts = posts();
    let of = |author| Subject::newest(&posts).by(author);
    for permission in [Permission::Update, Permission::Publish, Permission::ReadDrafts] {
        assert!(helper.may_some(permission, &posts) && !helper.may(permission, &posts));
        assert!(helper.may_on(permission, of(OWN)) && helper.may_on(permission, of(OWN_FOR)));
        for other in [OTHERS, "plugin helper2", "plugin help", "operator", ""] {
            assert!(!helper.may_on(permission, of(other)), "{other}");
        }
    }
}

#[test]
fn a_grant_for_drafts_only_does_not_publish() {
    check(&["content:write=posts:drafts-only"], Permission::Create, "posts", true);
    check(&["content:write=posts:drafts-only"], Permission::Update, "posts", true);
    check(&["content:write=posts:drafts-only"], Permission::Publish, "posts", false);
}

#[test]
fn a_grant_with_fields_shows_and_changes_these() {
    let helper = plugin(&["content:read=posts.title", "content:write=posts.excerpt"]);
    let posts = posts();
    let subject = Subject::public(&posts);
    let [title, excerpt, body] = ["title", "excerpt", "body"].map(field);
    assert!(helper.sees(subject, &title) && !helper.changes(subject, &title));
    assert!(helper.sees(subject, &excerpt) && helper.changes(subject, &excerpt));
    assert!(!helper.sees(subject, &body) && !helper.changes(subject, &body));
    assert!(!helper.changes_slug(subject));
    assert!(plugin(&["content:write=posts.slug"]).changes_slug(subject));
    assert!(plugin(&["content:write=posts"]).changes_slug(subject));
}

#[test]
fn fields_of_one_grant_are_not_joined_with_the_drafts_of_another() {
    let helper = plugin(&["content:read=posts.title:drafts", "content:read=posts.title+body"]);
    let posts = posts();
    assert!(helper.sees(Subject::public(&posts), &field("body")));
    assert!(!helper.sees(Subject::newest(&posts), &field("body")));
    assert!(helper.sees(Subject::newest(&posts), &field("title")));
}

#[test]
fn what_roles_see_no_grant_shows() {
    let mut secret = field("notes");
    secret.access.read = Some(Rank::Viewer);
    let helper =
        plugin_for(&["content:read=posts", "content:write=posts"], Some(token(Role::OWNER)));
    let posts = posts();
    assert!(!helper.sees(Subject::newest(&posts), &secret));
    assert!(!helper.changes(Subject::newest(&posts), &secret));
}

#[test]
fn for_somebody_a_plugin_does_what_both_may() {
    let posts = posts();
    let grants = ["content:write=posts", "content:read=posts:drafts"];
    let may = |who, permission| plugin_for(&grants, Some(who)).may(permission, &posts);
    for (role, update, publish) in
        [(Role::VIEWER, false, false), (Role::CONTRIBUTOR, true, false), (Role::AUTHOR, true, true)]
    {
        assert_eq!(may(token(role.clone()), Permission::Update), update, "{role}");
        assert_eq!(may(token(role.clone()), Permission::Publish), publish, "{role}");
        assert!(may(token(role), Permission::ReadDrafts));
    }
    for permission in Permission::ALL {
        assert!(!may(Actor::Anonymous, permission), "{permission}");
        // The grants bound the mightiest too.
        assert!(!plugin_for(&[], Some(Actor::Operator)).may(permission, &posts));
    }
    assert!(plugin_for(&grants, Some(Actor::Anonymous)).reads(&posts));
}

#[test]
fn a_plugin_for_a_plugin_does_what_both_may() {
    let posts = posts();
    let drafts = plugin(&["content:write=posts:drafts-only"]);
    let chained = plugin_for(&["content:write=posts"], Some(drafts));
    assert!(chained.may(Permission::Update, &posts) && !chained.may(Permission::Publish, &posts));
}

#[test]
fn a_grant_as_itself_holds_whoever_asks_and_no_further() {
    let helper = plugin_for(
        &["content:write=posts.title:as-itself:drafts-only", "content:write=posts.body"],
        Some(token(Role::VIEWER)),
    );
    let posts = posts();
    let subject = Subject::newest(&posts);
    assert!(helper.may(Permission::Update, &posts) && !helper.may(Permission::Publish, &posts));
    assert!(helper.changes(subject, &field("title")));
    // Of the other grant only what the viewer may change, which is nothing.
    assert!(!helper.changes(subject, &field("body")) && !helper.sees(subject, &field("body")));
}

#[test]
fn a_denial_says_whether_the_grant_or_the_person_is_missing() {
    let hint =
        |actor: Actor| actor.require(Permission::Update, &posts()).unwrap_err().hint.unwrap();
    let viewer = || Some(token(Role::VIEWER));
    assert!(hint(plugin_for(&["content:write=posts"], viewer())).contains("acts for token ci"));
    assert_eq!(hint(plugin_for(&[], viewer())), "grant content:write=posts");
}
