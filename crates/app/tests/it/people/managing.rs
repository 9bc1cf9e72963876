//! Who manages people, and what they cannot do.

use smartcms_app::OpContext;
use smartcms_app::people::{
    CreateUser, change_role, create_user, disable_user, find_user, list_users, rename_user,
};
use smartcms_domain::actors::{Actor, Rank, Role};

use super::support::{acting, add, with_owner};
use crate::support::{check_code, plugin_actor, token};

fn new(email: &str, role: Role) -> CreateUser {
    CreateUser { email: email.to_owned(), name: "Somebody".to_owned(), role: (&role).into() }
}

#[tokio::test]
async fn only_those_who_manage_the_site_manage_people() {
    let (app, _) = with_owner().await;
    let others = [
        Actor::Anonymous,
        Actor::Schedule,
        token(Role::EDITOR),
        token(Role::VIEWER),
        plugin_actor(&["content:write=posts"]),
    ];
    for actor in others {
        let ctx = OpContext::new(&app, &actor);
        check_code(list_users(&ctx, None, 10).await, "people.denied");
        check_code(create_user(&ctx, new("eve@example.com", Role::VIEWER)).await, "people.denied");
    }
    for (actor, email) in [
        (token(Role::ADMINISTRATOR), "one@example.com"),
        (token(Role::OWNER), "two@example.com"),
        (Actor::Operator, "three@example.com"),
    ] {
        let ctx = OpContext::new(&app, &actor);
        create_user(&ctx, new(email, Role::VIEWER)).await.unwrap();
        assert!(!list_users(&ctx, None, 10).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn nobody_gives_or_takes_what_they_do_not_have() {
    let (app, owner) = with_owner().await;
    let id = add(&app, "admin@example.com", Role::ADMINISTRATOR).await;
    let editor = add(&app, "editor@example.com", Role::EDITOR).await;
    let administrator = acting(id, Role::ADMINISTRATOR);
    let ctx = OpContext::new(&app, &administrator);
    check_code(create_user(&ctx, new("eve@example.com", Role::OWNER)).await, "role.beyond");
    check_code(change_role(&ctx, id, Rank::Owner.into()).await, "role.beyond");
    check_code(change_role(&ctx, owner.user.id, Rank::Viewer.into()).await, "role.beyond");
    check_code(disable_user(&ctx, owner.user.id).await, "role.beyond");
    check_code(rename_user(&ctx, owner.user.id, "Eve").await, "role.beyond");
    let raised = change_role(&ctx, editor, Rank::Administrator.into()).await.unwrap();
    assert_eq!(raised.role, Rank::Administrator.into());
}

#[tokio::test]
async fn a_site_keeps_an_owner() {
    let (app, owner) = with_owner().await;
    let actor = acting(owner.user.id, Role::OWNER);
    let ctx = OpContext::new(&app, &actor);
    check_code(change_role(&ctx, owner.user.id, Rank::Editor.into()).await, "people.last-owner");
    check_code(disable_user(&ctx, owner.user.id).await, "people.last-owner");
    let second = add(&app, "second@example.com", Role::OWNER).await;
    disable_user(&ctx, second).await.unwrap();
    check_code(disable_user(&ctx, owner.user.id).await, "people.last-owner");
}

#[tokio::test]
async fn people_see_and_name_themselves() {
    let (app, owner) = with_owner().await;
    let id = add(&app, "editor@example.com", Role::EDITOR).await;
    let editor = acting(id, Role::EDITOR);
    let ctx = OpContext::new(&app, &editor);
    assert_eq!(find_user(&ctx, id).await.unwrap().email.as_str(), "editor@example.com");
    check_code(find_user(&ctx, owner.user.id).await, "people.denied");
    assert_eq!(rename_user(&ctx, id, " Grace ").await.unwrap().name.as_str(), "Grace");
    check_code(rename_user(&ctx, id, "").await, "people.invalid");
    check_code(change_role(&ctx, id, Rank::Owner.into()).await, "people.denied");
}
