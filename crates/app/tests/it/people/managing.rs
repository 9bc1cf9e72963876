//! Who manages people, and what they cannot do.

use smartcms_app::OpContext;
use smartcms_app::people::{
    CreateUser, change_role, create_user, disable_user, find_user, list_users, rename_user,
};
use smartcms_domain::actors::{Actor, Role};

use super::support::{acting, add, with_owner};
use crate::support::{check_code, plugin_actor, token};

fn new(email: &str, role: Role) -> CreateUser {
    CreateUser { email: email.to_owned(), name: "Somebody".to_owned(), role }
}

#[tokio::test]
async fn only_those_who_manage_the_site_manage_people() {
    let (app, _) = with_owner().await;
    let others = [
        Actor::Anonymous,
        Actor::Schedule,
        token(Role::Editor),
        token(Role::Viewer),
        plugin_actor(&["content:write=posts"]),
    ];
    for actor in others {
        let ctx = OpContext::new(&app, &actor);
        check_code(list_users(&ctx, None, 10).await, "people.denied");
        check_code(create_user(&ctx, new("eve@example.com", Role::Viewer)).await, "people.denied");
    }
    for (actor, email) in [
        (token(Role::Administrator), "one@example.com"),
        (token(Role::Owner), "two@example.com"),
        (Actor::Operator, "three@example.com"),
    ] {
        let ctx = OpContext::new(&app, &actor);
        create_user(&ctx, new(email, Role::Viewer)).await.unwrap();
        assert!(!list_users(&ctx, None, 10).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn nobody_gives_or_takes_what_they_do_not_have() {
    let (app, owner) = with_owner().await;
    let id = add(&app, "admin@example.com", Role::Administrator).await;
    let editor = add(&app, "editor@example.com", Role::Editor).await;
    let administrator = acting(id, Role::Administrator);
    let ctx = OpContext::new(&app, &administrator);
    check_code(create_user(&ctx, new("eve@example.com", Role::Owner)).await, "people.denied");
    check_code(change_role(&ctx, id, Role::Owner).await, "people.denied");
    check_code(change_role(&ctx, owner.user.id, Role::Viewer).await, "people.denied");
    check_code(disable_user(&ctx, owner.user.id).await, "people.denied");
    check_code(rename_user(&ctx, owner.user.id, "Eve").await, "people.denied");
    let raised = change_role(&ctx, editor, Role::Administrator).await.unwrap();
    assert_eq!(raised.role, Role::Administrator);
}

#[tokio::test]
async fn a_site_keeps_an_owner() {
    let (app, owner) = with_owner().await;
    let actor = acting(owner.user.id, Role::Owner);
    let ctx = OpContext::new(&app, &actor);
    check_code(change_role(&ctx, owner.user.id, Role::Editor).await, "people.last-owner");
    check_code(disable_user(&ctx, owner.user.id).await, "people.last-owner");
    let second = add(&app, "second@example.com", Role::Owner).await;
    disable_user(&ctx, second).await.unwrap();
    check_code(disable_user(&ctx, owner.user.id).await, "people.last-owner");
}

#[tokio::test]
async fn people_see_and_name_themselves() {
    let (app, owner) = with_owner().await;
    let id = add(&app, "editor@example.com", Role::Editor).await;
    let editor = acting(id, Role::Editor);
    let ctx = OpContext::new(&app, &editor);
    assert_eq!(find_user(&ctx, id).await.unwrap().email.as_str(), "editor@example.com");
    check_code(find_user(&ctx, owner.user.id).await, "people.denied");
    assert_eq!(rename_user(&ctx, id, " Grace ").await.unwrap().name.as_str(), "Grace");
    check_code(rename_user(&ctx, id, "").await, "people.invalid");
    check_code(change_role(&ctx, id, Role::Owner).await, "people.denied");
}
