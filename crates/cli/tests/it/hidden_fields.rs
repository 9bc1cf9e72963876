//! Who does not see a field learns nothing of it, however they ask: three sites that differ in nothing but the values of
//! hidden fields give the same answers, to the byte, headers and all.

use serde_json::{Value, json};
use smartcms_domain::actors::Role;

use crate::support::site_here::{Answer, SiteHere};

const POSTS: &str = r#"
label = "Posts"
label_one = "Post"
url = "/posts/{slug}"
listed = true
title = "title"
body = "body"
[[fields]]
name = "title"
kind = "text"
[[fields]]
name = "body"
kind = "markdown"
[[fields]]
name = "author"
kind = "relation"
to = "authors"
[[fields]]
name = "secret"
kind = "text"
unique = true
indexed = true
read = "editor"
[[fields]]
name = "score"
kind = "integer"
read = "editor"
[[fields]]
name = "reviewer"
kind = "relation"
to = "authors"
read = "editor"
[[fields]]
name = "notes"
kind = "rich_text"
read = "editor"
"#;

const AUTHORS: &str = r#"
label = "Authors"
label_one = "Author"
url = "/authors/{slug}"
title = "name"
[[fields]]
name = "name"
kind = "text"
[[fields]]
name = "email"
kind = "text"
read = "editor"
"#;

/// The values of hidden fields on one site: of the posts One and Two, and of the author.
struct Secrets {
    one: Value,
    two: Value,
    author: Value,
}

fn sites_of_secrets() -> [Secrets; 3] {
    let of = |word: &str, one: i64, two: i64| Secrets {
        one: json!({ "secret": word, "score": one, "notes": notes(word) }),
        two: json!({ "secret": format!("{word} too"), "score": two }),
        author: json!({ "email": format!("{word}@example.com") }),
    };
    let nothing = Secrets { one: json!({}), two: json!({}), author: json!({}) };
    [of("falcon", 1, 2), of("heron", 2, 1), nothing]
}

fn notes(word: &str) -> Value {
    json!({ "version": 1, "blocks": [
        { "id": "b1", "type": "paragraph", "content": [{ "type": "text", "text": word }] } ] })
}

/// What is asked, of whom the answers differ who sees the fields.
fn telling_questions(post: &str) -> Vec<(&'static str, String, Value)> {
    let list = "/api/v1/content/posts";
    let get = |path: String| ("GET", path, Value::Null);
    let mut questions = vec![
        get(list.to_owned()),
        get(format!("{list}?sort=score")),
        get(format!("{list}?sort=-secret")),
        get(format!("{list}?fields=secret")),
        get(format!("{list}?include=author")),
        get(format!("{list}?include=reviewer")),
        get(format!("{list}/{post}")),
        get(format!("{list}/{post}?status=any")),
        get(format!("{list}/{post}/revisions/2")),
        get(format!("{list}/{post}/revisions/1/diff/2")),
        (
            "POST",
            "/api/v1/batch".to_owned(),
            json!({ "operations": [
            { "do": "read", "collection": "posts", "key": post } ] }),
        ),
    ];
    for condition in [
        "[secret]=falcon",
        "[secret][in]=falcon,owl",
        "[secret][ne]=falcon",
        "[secret][starts_with]=fal",
        "[secret][contains]=alco",
        "[secret][null]=true",
        "[score][gt]=1",
        "[score][between]=1,1",
        "[reviewer][null]=false",
        "[author.email]=falcon@example.com",
        "[author.email][starts_with]=falcon",
    ] {
        questions.push(get(format!("{list}?filter{condition}")));
    }
    questions
}

/// What is asked of whom nobody hears of the fields, or what only is the same for all.
fn other_questions(post: &str) -> Vec<(&'static str, String, Value)> {
    let get = |path: &str| ("GET", path.to_owned(), Value::Null);
    let mut questions: Vec<_> = [
        "/api/v1/openapi.json",
        "/api/docs",
        "/api/v1/collections",
        "/api/v1/collections/posts",
        "/api/v1/search?q=falcon",
        "/api/v1/search?q=fal&status=any",
        "/api/v1/search?q=falcon@example.com",
        "/",
        "/posts",
        "/posts/one",
        "/authors/ada",
        "/archive",
        "/feed.xml",
        "/rss.xml",
        "/feed.json",
        "/posts/feed.json",
        "/sitemap.xml",
        "/search?q=falcon",
        "/api/v1/assets",
    ]
    .into_iter()
    .map(get)
    .collect();
    let path = format!("/api/v1/content/posts/{post}");
    questions.push(("GET", format!("{path}/revisions"), Value::Null));
    questions.push(("GET", format!("{path}/autosave"), Value::Null));
    let guess = json!({ "fields": { "secret": "falcon" } });
    questions.push(("PATCH", path.clone(), guess.clone()));
    questions.push((
        "PUT",
        format!("{path}/autosave"),
        json!({ "based_on": 2, "fields": { "secret": "falcon" } }),
    ));
    questions.push(("POST", "/api/v1/content/posts".to_owned(), guess));
    questions.push(("POST", "/api/v1/batch".to_owned(), json!({ "operations": [
        { "do": "update", "collection": "posts", "key": post, "if_match": "*", "fields": { "score": 1 } } ] })));
    questions
}

struct Filled {
    site: SiteHere,
    post: String,
}

impl Filled {
    async fn new(secrets: &Secrets) -> Self {
        let files = [("authors.toml", AUTHORS), ("posts.toml", POSTS)];
        let site = SiteHere::with_collections(&files).await;
        let author = create(&site, "authors", json!({ "name": "Ada" }), &secrets.author).await;
        let mut of_one = secrets.one.clone();
        if of_one.get("secret").is_some() {
            of_one["reviewer"] = json!(author);
        }
        let visible = |title: &str| json!({ "title": title, "body": "Birds.", "author": author });
        let post = create(&site, "posts", visible("One"), &json!({})).await;
        let change = json!({ "fields": of_one }).to_string();
        site.send("PATCH", &format!("/api/v1/content/posts/{post}"), change, true).await;
        let two = create(&site, "posts", visible("Two"), &secrets.two).await;
        for path in [format!("authors/{author}"), format!("posts/{post}"), format!("posts/{two}")] {
            let path = format!("/api/v1/content/{path}/publish");
            site.send("POST", &path, "{}", true).await;
        }
        Self { site, post }
    }

    async fn ask(&self, question: &(&'static str, String, Value), token: Option<&str>) -> Answer {
        let (method, path, body) = question;
        let path = path.replace('[', "%5B").replace(']', "%5D");
        let body = if body.is_null() { String::new() } else { body.to_string() };
        self.site.ask(method, &path, body, token).await
    }
}

async fn create(site: &SiteHere, collection: &str, mut visible: Value, hidden: &Value) -> String {
    for (name, value) in hidden.as_object().unwrap() {
        visible[name] = value.clone();
    }
    let body = json!({ "fields": visible }).to_string();
    let made = site.send("POST", &format!("/api/v1/content/{collection}"), body, true).await;
    let made: Value = serde_json::from_str(&made).unwrap();
    made["id"].as_str().unwrap().to_owned()
}

async fn sites() -> Vec<Filled> {
    let mut sites = Vec::new();
    for secrets in sites_of_secrets() {
        sites.push(Filled::new(&secrets).await);
    }
    assert!(sites.iter().all(|it| it.post == sites[0].post), "the sites differ by chance");
    sites
}

#[tokio::test]
async fn who_does_not_see_a_field_hears_the_same_whatever_it_holds() {
    let sites = sites().await;
    let post = sites[0].post.clone();
    let questions: Vec<_> =
        telling_questions(&post).into_iter().chain(other_questions(&post)).collect();
    for role in [None, Some(Role::VIEWER), Some(Role::AUTHOR)] {
        let mut tokens = Vec::new();
        for filled in &sites {
            tokens.push(match &role {
                Some(role) => Some(filled.site.token(role.clone()).await),
                None => None,
            });
        }
        for question in &questions {
            let mut answers = Vec::new();
            for (filled, token) in sites.iter().zip(&tokens) {
                answers.push(filled.ask(question, token.as_deref()).await);
            }
            let text = |answer: &Answer| String::from_utf8_lossy(&answer.body).into_owned();
            for other in &answers[1..] {
                let told =
                    format!("{question:?} as {role:?}: {}\n{}", text(&answers[0]), text(other));
                assert!(*other == answers[0], "{told}");
            }
            let shown = text(&answers[0]);
            let asked = question.1.contains("falcon") || question.2.to_string().contains("falcon");
            assert!(asked || !shown.contains("falcon"), "{question:?} as {role:?}: {shown}");
        }
    }
}

#[tokio::test]
async fn who_sees_a_field_hears_of_it_by_the_same_questions() {
    let sites = sites().await;
    let mut editors = Vec::new();
    for filled in &sites {
        editors.push(filled.site.token(Role::EDITOR).await);
    }
    for question in telling_questions(&sites[0].post) {
        let mut answers = Vec::new();
        for (filled, editor) in sites.iter().zip(&editors) {
            answers.push(filled.ask(&question, Some(editor)).await);
        }
        assert!(answers.iter().all(|it| it.status == 200), "{question:?}: {answers:?}");
        let differ = answers[1..].iter().any(|it| it.body != answers[0].body);
        assert!(differ, "{question:?} tells nothing even to an editor: the test would not notice");
    }
}

#[tokio::test]
async fn a_field_that_is_hidden_is_refused_as_one_that_does_not_exist() {
    let sites = sites().await;
    let viewer = sites[0].site.token(Role::VIEWER).await;
    for (hidden, absent) in [
        ("filter[secret]=falcon", "filter[sicret]=falcon"),
        ("filter[author.email]=x", "filter[author.emaul]=x"),
        ("sort=secret", "sort=sicret"),
        ("fields=secret", "fields=sicret"),
        ("include=reviewer", "include=reviewir"),
    ] {
        let mut told = Vec::new();
        for query in [hidden, absent] {
            let question = ("GET", format!("/api/v1/content/posts?{query}"), Value::Null);
            let answer = sites[0].ask(&question, Some(&viewer)).await;
            let text = String::from_utf8(answer.body).unwrap();
            let same = text.replace("sicret", "secret").replace("emaul", "email");
            told.push((answer.status, same.replace("reviewir", "reviewer")));
        }
        assert_eq!(told[0], told[1], "{hidden}");
        assert_eq!(told[0].0, 422, "{hidden}");
    }
}
