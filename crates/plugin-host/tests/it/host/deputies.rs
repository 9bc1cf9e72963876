//! For somebody a plugin does what both may: nobody reaches through a plugin what they do not reach themselves.

use smartcms_domain::actors::{Actor, Role};

use super::clerk::{Clerk, id_of, token};

const MIGHTY: [&str; 2] = ["content:read=posts:drafts", "content:write=posts"];

#[tokio::test]
async fn a_reader_writes_nothing_through_a_plugin_and_an_author_does() {
    let clerk = Clerk::with(&MIGHTY).await;
    for reader in [Actor::Anonymous, token(Role::VIEWER)] {
        let answer = clerk.asked_by(&reader, "create/posts/title=No").await;
        assert!(answer.starts_with("denied: "), "{reader}: {answer}");
        assert!(answer.contains(&format!("plugin clerk for {reader}")), "{answer}");
    }
    let made = clerk.asked_by(&token(Role::AUTHOR), "create/posts/title=Yes").await;
    let id = id_of(&made);
    assert!(
        clerk
            .asked_by(&token(Role::AUTHOR), &format!("publish/{id}/1"))
            .await
            .contains("published")
    );
    let seen = clerk.asked_by(&Actor::Anonymous, &format!("update/{id}/2/title=No")).await;
    assert!(seen.starts_with("denied: "), "{seen}");
}

#[tokio::test]
async fn a_contributor_writes_drafts_through_a_plugin_and_publishes_nothing() {
    let clerk = Clerk::with(&MIGHTY).await;
    let contributor = token(Role::CONTRIBUTOR);
    let made = clerk.asked_by(&contributor, "create/posts/title=Mine").await;
    let answer = clerk.asked_by(&contributor, &format!("publish/{}/1", id_of(&made))).await;
    assert!(answer.starts_with("denied: "), "{answer}");
}

#[tokio::test]
async fn a_reader_sees_no_drafts_through_a_plugin_and_a_viewer_does() {
    let clerk = Clerk::with(&MIGHTY).await;
    let draft = clerk.draft("Hidden").await;
    clerk.published("Public").await;
    for command in ["slug/posts/hidden".to_owned(), format!("find/{}", draft.id)] {
        assert_eq!(clerk.asked_by(&Actor::Anonymous, &command).await, "none");
        assert_eq!(
            id_of(&clerk.asked_by(&token(Role::VIEWER), &command).await),
            draft.id.to_string()
        );
    }
    assert_eq!(clerk.asked_by(&Actor::Anonymous, "list/posts").await, "public");
}

#[tokio::test]
async fn the_grants_bound_the_mightiest_too() {
    let clerk = Clerk::with(&["content:read=posts", "content:write=pages"]).await;
    clerk.draft("Hidden").await;
    for actor in [token(Role::OWNER), Actor::Operator] {
        assert_eq!(clerk.asked_by(&actor, "slug/posts/hidden").await, "none");
        assert!(clerk.asked_by(&actor, "create/posts/title=No").await.starts_with("denied: "));
        assert!(clerk.in_save_of(&actor, "create/posts/title=No").await.starts_with("denied: "));
    }
}

#[tokio::test]
async fn a_hook_acts_for_the_one_who_saves() {
    let clerk = Clerk::with(&MIGHTY).await;
    let contributor = token(Role::CONTRIBUTOR);
    let made = clerk.in_save_of(&contributor, "create/posts/title=Beside").await;
    let publish = format!("publish/{}/1", id_of(&made));
    assert!(clerk.in_save_of(&contributor, &publish).await.starts_with("denied: "));
    assert!(clerk.in_save_of(&token(Role::AUTHOR), &publish).await.contains("published"));
}

#[tokio::test]
async fn on_its_own_account_a_plugin_needs_nobody() {
    let clerk = Clerk::with(&MIGHTY).await;
    let made = clerk.alone("create/posts/title=Mine").await;
    assert!(clerk.alone(&format!("publish/{}/1", id_of(&made))).await.contains("published"));
}

#[tokio::test]
async fn a_grant_as_itself_holds_for_readers_and_no_further() {
    let clerk =
        Clerk::with(&["content:read=posts", "content:write=posts:own:drafts-only:as-itself"]).await;
    let others = clerk.published("Theirs").await;
    let made = clerk.asked_by(&Actor::Anonymous, "create/posts/title=A-comment").await;
    let id = id_of(&made);
    assert!(made.contains(" draft 1 "), "{made}");
    assert!(
        clerk.asked_by(&Actor::Anonymous, &format!("publish/{id}/1")).await.starts_with("denied: ")
    );
    let update = format!("update/{}/{}/title=No", others.id, others.revision);
    assert!(clerk.asked_by(&Actor::Anonymous, &update).await.starts_with("denied: "));
    // What it wrote for somebody is its own.
    assert!(clerk.alone(&format!("update/{id}/1/title=Edited")).await.contains(" draft 2 "));
}
