//! What grants reach, with a real plugin on its own account: for each scope something that is allowed and something that
//! is not.

use super::clerk::{Clerk, id_of};

#[tokio::test]
async fn reading_is_for_the_collections_that_are_named() {
    let clerk = Clerk::with(&["content:read=posts", "content:write=pages"]).await;
    let post = clerk.published("Public").await;
    clerk.draft("Hidden").await;
    assert_eq!(id_of(&clerk.alone("slug/posts/public").await), post.id.to_string());
    assert_eq!(clerk.alone("list/posts").await, "public");
    assert_eq!(clerk.alone("slug/posts/hidden").await, "none");
    assert_eq!(clerk.alone("list/pages").await, "not found");
    assert!(clerk.alone("create/posts/title=No").await.starts_with("denied: "));
}

#[tokio::test]
async fn drafts_are_read_where_the_grant_says_so() {
    let clerk = Clerk::with(&["content:read=posts:drafts", "content:write=pages"]).await;
    let draft = clerk.draft("Hidden").await;
    assert_eq!(id_of(&clerk.alone("slug/posts/hidden").await), draft.id.to_string());
    assert_eq!(clerk.alone("list/posts").await, "hidden");
}

#[tokio::test]
async fn own_drafts_are_read_and_those_of_others_are_not() {
    let clerk = Clerk::with(&["content:read=posts:own-drafts", "content:write=posts:own"]).await;
    let others = clerk.draft("Theirs").await;
    let own = clerk.alone("create/posts/title=Mine").await;
    assert_eq!(clerk.alone("slug/posts/mine").await, own);
    assert_eq!(clerk.alone(&format!("find/{}", id_of(&own))).await, own);
    assert_eq!(clerk.alone("slug/posts/theirs").await, "none");
    assert_eq!(clerk.alone(&format!("find/{}", others.id)).await, "none");
    assert_eq!(clerk.alone("list/posts").await, "");
}

#[tokio::test]
async fn own_entries_are_changed_and_those_of_others_are_not() {
    let clerk = Clerk::with(&["content:read=posts", "content:write=posts:own"]).await;
    let (public, hidden) = (clerk.published("Public").await, clerk.draft("Hidden").await);
    let own = clerk.alone("create/posts/title=Mine").await;
    let id = id_of(&own);
    let changed = clerk.alone(&format!("update/{id}/1/title=Changed")).await;
    assert_eq!(changed, format!("{id} mine draft 2 [title]"));
    let published = clerk.alone(&format!("publish/{id}/2")).await;
    assert_eq!(published, format!("{id} mine published 3 [title]"));
    // What it reads it is denied; what it does not see is not there, whatever it guesses.
    for (entry, expected) in [(&public, "denied: "), (&hidden, "not found")] {
        let seen = entry.revision;
        for command in
            [format!("update/{}/{seen}/title=No", entry.id), format!("publish/{}/{seen}", entry.id)]
        {
            let answer = clerk.alone(&command).await;
            assert!(answer.starts_with(expected), "{command}: {answer}");
        }
        let guess = clerk.alone(&format!("update/{}/99/title=No", entry.id)).await;
        assert!(guess.starts_with(expected), "{guess}");
    }
}

#[tokio::test]
async fn drafts_are_written_and_nothing_is_published() {
    let clerk = Clerk::with(&["content:read=posts", "content:write=posts:drafts-only"]).await;
    let public = clerk.published("Public").await;
    let own = clerk.alone("create/posts/title=Mine").await;
    let id = id_of(&own);
    assert!(clerk.alone(&format!("update/{id}/1/title=Changed")).await.contains(" draft 2 "));
    assert!(clerk.alone(&format!("publish/{id}/2")).await.starts_with("denied: "));
    // A draft beside what is public; what is public stays.
    let (id, seen) = (public.id, public.revision);
    assert!(clerk.alone(&format!("update/{id}/{seen}/title=Secretly")).await.contains("published"));
    assert!(clerk.alone(&format!("unpublish/{id}/{}", seen.next())).await.starts_with("denied: "));
    let shown = clerk.alone("slug/posts/public").await;
    assert_eq!(shown, format!("{id} public published {seen} [title]"));
}

#[tokio::test]
async fn fields_are_read_where_they_are_named() {
    let clerk = Clerk::with(&["content:read=posts.title:drafts", "content:write=pages"]).await;
    let all = Clerk::with(&["content:read=posts:drafts", "content:write=posts"]).await;
    for site in [&clerk, &all] {
        let made = Clerk::fill(&site.0).await;
        let shown = site.alone(&format!("find/{made}")).await;
        let fields = shown.split('[').nth(1).unwrap();
        let expected = if std::ptr::eq(site, &clerk) { "title]" } else { "body,excerpt,title]" };
        assert_eq!(fields, expected);
    }
}

#[tokio::test]
async fn fields_are_changed_where_they_are_named_and_hidden_ones_give_no_signal() {
    let clerk =
        Clerk::with(&["content:read=posts.title:drafts", "content:write=posts.excerpt"]).await;
    let id = Clerk::fill(&clerk.0).await;
    let changed = clerk.alone(&format!("update/{id}/1/excerpt=Shorter")).await;
    // The answer holds what it reads and what it changed.
    assert_eq!(changed, format!("{id} filled draft 2 [excerpt,title]"));
    let title = clerk.alone(&format!("update/{id}/2/title=No")).await;
    assert_eq!(title, "invalid: title denied");
    // A field that it does not see is answered like one that is not there.
    let hidden = clerk.alone(&format!("update/{id}/2/body=No")).await;
    let absent = clerk.alone(&format!("update/{id}/2/bodi=No")).await;
    assert_eq!(hidden, "invalid: body unknown-field");
    assert_eq!(absent, "invalid: bodi unknown-field");
    let slug = clerk.alone(&format!("update/{id}/2/slug=no")).await;
    assert_eq!(slug, "invalid: slug denied");
}

#[tokio::test]
async fn the_slug_is_changed_where_it_is_named() {
    let clerk = Clerk::with(&["content:read=posts", "content:write=posts.title+slug"]).await;
    let made = clerk.alone("create/posts/title=Mine/slug=chosen").await;
    assert!(made.contains(" chosen draft 1 "), "{made}");
}
