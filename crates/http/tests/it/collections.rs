//! `/api/v1/collections`: definitions that change while the site is served.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use smartcms_domain::actors::Role;

use crate::client::{Answer, Site};

const ROOT: &str = "/api/v1/collections";
const BOOKS: &str = "/api/v1/collections/books";
const ENTRIES: &str = "/api/v1/content/books";

struct Admin {
    site: Site,
    token: String,
}

fn books() -> Value {
    json!({
        "name": "books", "label": "Books", "label_one": "Book", "url": "/books/{slug}", "title": "title",
        "fields": [
            { "name": "title", "kind": "text", "required": true },
            { "name": "code", "kind": "text" },
            { "name": "pages", "kind": "integer" },
        ],
    })
}

/// The same with other fields beside the title.
fn with(fields: Value) -> Value {
    let mut changed = books();
    let title = changed["fields"][0].clone();
    let mut all = vec![title];
    all.extend(fields.as_array().unwrap().iter().cloned());
    changed["fields"] = json!(all);
    changed
}

impl Admin {
    async fn new() -> Self {
        let site = Site::new().await;
        let token = site.token(Role::ADMINISTRATOR).await;
        Self { site, token }
    }

    /// A site with books, two of them stored: one public with a newer draft, one a draft.
    async fn with_books() -> (Self, [String; 2]) {
        let admin = Self::new().await;
        let made = admin.send(Method::POST, ROOT, books()).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
        let mut paths = Vec::new();
        for (title, pages) in [("A", 1), ("B", 2)] {
            let fields = json!({ "title": title, "code": title.to_lowercase(), "pages": pages });
            let stored = admin.site.edit(Method::POST, ENTRIES, json!({ "fields": fields })).await;
            assert_eq!(stored.status, StatusCode::CREATED, "{}", stored.text());
            paths.push(stored.header("location").to_owned());
        }
        let [first, second] = paths.try_into().unwrap();
        admin.site.publish(&first).await;
        let draft = json!({ "fields": { "code": "z" } });
        assert_eq!(admin.site.edit(Method::PATCH, &first, draft).await.status, StatusCode::OK);
        (admin, [first, second])
    }

    async fn send(&self, method: Method, uri: &str, body: Value) -> Answer {
        let call = self.site.call(method, uri).bearer(&self.token);
        call.header("if-match", "*").json(body).send().await
    }

    async fn get(&self, uri: &str) -> Answer {
        self.site.call(Method::GET, uri).bearer(&self.token).send().await
    }

    async fn delete(&self, uri: &str) -> Answer {
        let call = self.site.call(Method::DELETE, uri).bearer(&self.token);
        call.header("if-match", "*").send().await
    }

    async fn fields(&self, path: &str, status: &str) -> Value {
        self.get(&format!("{path}?status={status}")).await.json()["fields"].clone()
    }
}

#[tokio::test]
async fn a_collection_is_made_and_used_at_once() {
    let (admin, [first, _]) = Admin::with_books().await;
    let read = admin.get(BOOKS).await;
    assert_eq!(read.header("etag"), "\"1\"");
    let body = read.json();
    assert_eq!((&body["name"], &body["origin"]), (&json!("books"), &json!("database")));
    assert_eq!(body["fields"][2]["kind"], "integer");
    let slug = admin.get(&first).await.json()["slug"].as_str().unwrap().to_owned();
    assert_eq!(admin.site.get(&format!("/books/{slug}")).await.status, StatusCode::OK);
    let openapi = admin.site.get("/api/v1/openapi.json").await.text();
    assert!(openapi.contains("/api/v1/content/books/{key}"));
    let again = admin.send(Method::POST, ROOT, books()).await;
    again.check_problem(409, "collection.name-taken");
    let names: Vec<_> = admin.site.get(ROOT).await.json()["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["name"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(names, ["books", "pages", "posts"]);
}

#[tokio::test]
async fn what_a_get_answers_is_taken_as_it_came() {
    let (admin, _) = Admin::with_books().await;
    let read = admin.get(BOOKS).await;
    let mut body = read.json();
    let same = admin.send(Method::PUT, BOOKS, body.clone()).await;
    assert_eq!((same.status, same.json()), (StatusCode::OK, body.clone()), "nothing differs");
    body["label"] = json!("All books");
    let changed = admin.send(Method::PUT, BOOKS, body.clone()).await;
    assert_eq!((changed.header("etag"), &changed.json()["label"]), ("\"2\"", &json!("All books")));
    let stale =
        admin.site.call(Method::PUT, BOOKS).bearer(&admin.token).header("if-match", "\"1\"");
    let mut current = admin.get(BOOKS).await.json();
    current["label"] = json!("Other");
    let stale = stale.json(current).send().await;
    stale.check_problem(409, "collection.stale");
    assert_eq!(stale.json()["revision"], 2);
    let missing =
        admin.site.call(Method::PUT, BOOKS).bearer(&admin.token).json(books()).send().await;
    missing.check_problem(428, "request.if-match-missing");
    let renamed = json!({ "name": "tomes" });
    admin.send(Method::PUT, BOOKS, renamed).await.check_problem(422, "collection.invalid");
    let again = admin.site.call(Method::GET, BOOKS).header("if-none-match", "\"2\"").send().await;
    assert_eq!(again.status, StatusCode::NOT_MODIFIED);
}

#[tokio::test]
async fn values_move_and_convert_in_both_states_with_a_revision() {
    let (admin, [first, second]) = Admin::with_books().await;
    let before =
        admin.get(&format!("{first}?status=any")).await.json()["revision"].as_u64().unwrap();
    let tag = admin.site.get(&first).await.header("etag").to_owned();
    let changed = with(json!([
        { "name": "isbn", "kind": "text", "renamed_from": "code" },
        { "name": "pages", "kind": "text" },
    ]));
    let plan = admin.send(Method::PUT, &format!("{BOOKS}?dry_run=true"), changed.clone()).await;
    assert_eq!(plan.status, StatusCode::OK, "{}", plan.text());
    let plan = plan.json();
    let step = |kind: &str| {
        let steps = plan["steps"].as_array().unwrap();
        let it = steps.iter().find(|it| it["kind"] == kind).unwrap();
        (it["field"].clone(), it["entries"].clone(), it["public"].clone())
    };
    assert_eq!(step("field-renamed"), (json!("isbn"), json!(2), json!(1)));
    assert_eq!(step("kind"), (json!("pages"), json!(2), json!(1)));
    assert_eq!((&plan["loses"], &plan["collection"]), (&json!(false), &json!("books")));
    assert_eq!(admin.fields(&first, "any").await["code"], "z", "a trial changes nothing");
    let done = admin.send(Method::PUT, BOOKS, changed).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text());
    assert!(done.json()["fields"][1].get("renamed_from").is_none(), "the values have moved");
    assert_eq!(
        admin.fields(&first, "any").await,
        json!({ "title": "A", "isbn": "z", "pages": "1" })
    );
    assert_eq!(
        admin.fields(&first, "published").await,
        json!({ "title": "A", "isbn": "a", "pages": "1" })
    );
    assert_eq!(
        admin.fields(&second, "any").await,
        json!({ "title": "B", "isbn": "b", "pages": "2" })
    );
    assert_ne!(admin.site.get(&first).await.header("etag"), tag, "what was public is another one");
    let revisions = admin.get(&format!("{first}/revisions")).await.json();
    let numbers: Vec<u64> = revisions["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["revision"].as_u64().unwrap())
        .collect();
    assert_eq!(numbers.first(), Some(&(before + 2)), "one for each state: {numbers:?}");
    let filtered = admin.get(&format!("{ENTRIES}?filter[isbn]=a")).await.json();
    assert_eq!(filtered["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn what_would_be_lost_is_refused_with_the_plan_and_done_by_force() {
    let (admin, [first, _]) = Admin::with_books().await;
    let changed = with(json!([{ "name": "code", "kind": "integer" }]));
    let refused = admin.send(Method::PUT, BOOKS, changed.clone()).await;
    refused.check_problem(409, "collection.loss");
    let body = refused.json();
    let told: Vec<_> = body["problems"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (it["field"].as_str().unwrap(), it["code"].as_str().unwrap()))
        .collect();
    assert_eq!(told, [("books.code", "loss"), ("books.pages", "loss")]);
    assert_eq!(
        (&body["plan"]["loses"], &body["plan"]["steps"][1]["lost"]),
        (&json!(true), &json!(2))
    );
    let id = admin.get(&first).await.json()["id"].clone();
    assert!(body["plan"]["steps"][1]["examples"].as_array().unwrap().contains(&id));
    assert_eq!(admin.fields(&first, "any").await["pages"], 1, "nothing was changed");
    let forced = admin.send(Method::PUT, &format!("{BOOKS}?force=true"), changed).await;
    assert_eq!(forced.status, StatusCode::OK, "{}", forced.text());
    assert_eq!(admin.fields(&first, "any").await, json!({ "title": "A" }));
    // The history keeps what was lost, for the owner: who saw it is not known any more.
    let revisions = admin.get(&format!("{first}/revisions")).await.json();
    let old = revisions["items"][3]["revision"].as_u64().unwrap();
    let uri = format!("{first}/revisions/{old}");
    assert_eq!(admin.get(&uri).await.json()["fields"].get("pages"), None);
    let owner = admin.site.token(Role::OWNER).await;
    let seen = admin.site.call(Method::GET, &uri).bearer(&owner).send().await.json();
    assert_eq!(seen["fields"]["pages"], 1);
}

#[tokio::test]
async fn a_field_that_becomes_unique_needs_values_that_are() {
    let (admin, [_, second]) = Admin::with_books().await;
    let same = json!({ "fields": { "code": "z" } });
    assert_eq!(admin.site.edit(Method::PATCH, &second, same).await.status, StatusCode::OK);
    let unique = with(json!([
        { "name": "code", "kind": "text", "unique": true }, { "name": "pages", "kind": "integer" },
    ]));
    for uri in [BOOKS.to_owned(), format!("{BOOKS}?force=true")] {
        let refused = admin.send(Method::PUT, &uri, unique.clone()).await;
        refused.check_problem(409, "collection.not-unique");
        let duplicate = refused.json()["plan"]["steps"][0]["duplicates"][0].clone();
        assert_eq!((&duplicate["value"], &duplicate["side"]), (&json!("z"), &json!("newest")));
        assert_eq!(duplicate["entries"].as_array().unwrap().len(), 2);
    }
    let other = json!({ "fields": { "code": "y" } });
    admin.site.edit(Method::PATCH, &second, other).await;
    assert_eq!(admin.send(Method::PUT, BOOKS, unique).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_rule_that_is_tightened_is_in_force_at_once_and_loses_nothing() {
    let (admin, [first, _]) = Admin::with_books().await;
    let tight = with(json!([
        { "name": "code", "kind": "text", "pattern": "[0-9]+" }, { "name": "pages", "kind": "integer" },
    ]));
    let plan =
        admin.send(Method::PUT, &format!("{BOOKS}?dry_run=true"), tight.clone()).await.json();
    assert_eq!((&plan["loses"], &plan["steps"][0]["invalid"]), (&json!(false), &json!(2)));
    assert_eq!(admin.send(Method::PUT, BOOKS, tight).await.status, StatusCode::OK);
    assert_eq!(admin.fields(&first, "any").await["code"], "z");
    let refused =
        admin.site.edit(Method::PATCH, &first, json!({ "fields": { "title": "AA" } })).await;
    refused.check_problem(422, "entry.invalid");
    let mended = json!({ "fields": { "title": "AA", "code": "7" } });
    assert_eq!(admin.site.edit(Method::PATCH, &first, mended).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_collection_goes_with_its_entries_by_force_alone_and_not_while_others_point_to_it() {
    let (admin, [first, _]) = Admin::with_books().await;
    let shelf = json!({ "name": "shelves", "label": "Shelves", "label_one": "Shelf", "title": "title", "fields": [
        { "name": "title", "kind": "text" }, { "name": "books", "kind": "relation", "to": "books" },
    ] });
    assert_eq!(admin.send(Method::POST, ROOT, shelf).await.status, StatusCode::CREATED);
    let pointed = admin.delete(&format!("{BOOKS}?force=true")).await;
    pointed.check_problem(409, "collection.referenced");
    assert_eq!(pointed.json()["problems"][0]["field"], "shelves.fields[1].to");
    assert_eq!(
        admin.delete("/api/v1/collections/shelves").await.status,
        StatusCode::NO_CONTENT,
        "it is empty"
    );
    let refused = admin.delete(BOOKS).await;
    refused.check_problem(409, "collection.loss");
    assert_eq!(refused.json()["plan"]["steps"][0]["lost"], 2);
    let plan = admin.delete(&format!("{BOOKS}?force=true&dry_run=true")).await;
    assert_eq!((plan.status, &plan.json()["loses"]), (StatusCode::OK, &json!(true)));
    assert_eq!(admin.delete(&format!("{BOOKS}?force=true")).await.status, StatusCode::NO_CONTENT);
    admin.get(BOOKS).await.check_problem(404, "collection.unknown");
    admin.get(&first).await.check_problem(404, "collection.unknown");
    assert_eq!(admin.send(Method::POST, ROOT, books()).await.status, StatusCode::CREATED);
    let again = admin.get(&format!("{ENTRIES}?status=any")).await.json();
    assert_eq!(again["items"], json!([]), "they did not come back");
}

#[tokio::test]
async fn a_definition_that_is_wrong_is_told_everything_that_is_wrong_with_it() {
    let admin = Admin::new().await;
    let wrong = json!({
        "name": "books", "lable": "Books", "label_one": "Book", "title": "title",
        "fields": [
            { "name": "title", "kind": "txt" },
            { "name": "by", "kind": "relation", "to": "writers" },
        ],
    });
    let refused = admin.send(Method::POST, ROOT, wrong).await;
    refused.check_problem(422, "collection.invalid");
    let told: Vec<_> = refused.json()["problems"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["field"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(told, ["lable", "label", "fields[0].kind"]);
    assert!(
        refused.text().contains("did you mean `label`?")
            && refused.text().contains("did you mean `text`?")
    );
    let nowhere = with(json!([{ "name": "by", "kind": "relation", "to": "post" }]));
    let refused = admin.send(Method::POST, ROOT, nowhere).await;
    refused.check_problem(422, "collection.invalid");
    assert!(refused.text().contains("did you mean `posts`?"), "{}", refused.text());
    let mut taken = books();
    taken["url"] = json!("/posts/{slug}");
    admin.send(Method::POST, ROOT, taken).await.check_problem(422, "collection.invalid");
    admin
        .send(Method::POST, ROOT, json!({ "label": "x" }))
        .await
        .check_problem(400, "request.body");
    let mut odd = books();
    odd["name"] = json!("No Name");
    admin.send(Method::POST, ROOT, odd).await.check_problem(422, "collection.invalid");
    let trial = admin.send(Method::POST, &format!("{ROOT}?dry_run=true"), books()).await;
    assert_eq!(
        (trial.status, &trial.json()["steps"][0]["kind"]),
        (StatusCode::OK, &json!("collection-added"))
    );
    admin.get(BOOKS).await.check_problem(404, "collection.unknown");
    for uri in [format!("{ROOT}?dry_run=yes"), format!("{ROOT}?force=true")] {
        admin.send(Method::POST, &uri, books()).await.check_problem(400, "request.query");
    }
}

#[tokio::test]
async fn an_editor_is_forbidden_and_a_reader_has_to_say_who_asks() {
    let (admin, _) = Admin::with_books().await;
    for (method, uri, body) in [
        (Method::POST, ROOT, json!({ "name": "tomes" })),
        (Method::PUT, BOOKS, books()),
        (Method::DELETE, BOOKS, json!({})),
    ] {
        let editor = admin.site.edit(method.clone(), uri, body.clone()).await;
        editor.check_problem(403, "collection.denied");
        let reader = admin.site.call(method, uri).header("if-match", "*").json(body).send().await;
        reader.check_problem(401, "auth.required");
    }
    assert_eq!(admin.get(BOOKS).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_hidden_field_is_defined_for_those_who_see_it_and_cannot_be_opened_by_others() {
    let admin = Admin::new().await;
    let owner = admin.site.token(Role::OWNER).await;
    let hidden = with(json!([{ "name": "price", "kind": "number", "read": "owner" }]));
    let made = admin.site.call(Method::POST, ROOT).bearer(&owner).json(hidden.clone()).send().await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    assert!(!admin.site.get(BOOKS).await.text().contains("price"));
    assert!(!admin.site.get(ROOT).await.text().contains("price"));
    assert!(admin.get(BOOKS).await.text().contains("price"), "who may change it sees all of it");
    let open = with(json!([{ "name": "price", "kind": "number" }]));
    let renamed = with(json!([{ "name": "cost", "kind": "number", "renamed_from": "price" }]));
    for opening in [open, renamed] {
        let refused = admin.send(Method::PUT, BOOKS, opening.clone()).await;
        refused.check_problem(422, "collection.invalid");
        assert_eq!(refused.json()["problems"][0]["code"], "denied");
        let call = admin.site.call(Method::PUT, &format!("{BOOKS}?dry_run=true")).bearer(&owner);
        let allowed = call.header("if-match", "*").json(opening).send().await;
        assert_eq!(allowed.status, StatusCode::OK, "{}", allowed.text());
    }
    let kept = admin.send(Method::PUT, BOOKS, admin.get(BOOKS).await.json()).await;
    assert_eq!(kept.status, StatusCode::OK);
}

#[tokio::test]
async fn a_page_is_made_anew_when_its_collection_changes() {
    let (admin, _) = Admin::with_books().await;
    let page = admin.site.get("/books/a").await;
    assert_eq!(page.status, StatusCode::OK);
    let mut moved = admin.get(BOOKS).await.json();
    moved["url"] = json!("/library/{slug}");
    let plan =
        admin.send(Method::PUT, &format!("{BOOKS}?dry_run=true"), moved.clone()).await.json();
    assert_eq!(
        (&plan["steps"][0]["kind"], &plan["steps"][0]["public"]),
        (&json!("address"), &json!(1))
    );
    assert_eq!(admin.send(Method::PUT, BOOKS, moved).await.status, StatusCode::OK);
    assert_eq!(admin.site.get("/books/a").await.status, StatusCode::NOT_FOUND);
    assert_eq!(admin.site.get("/library/a").await.status, StatusCode::OK);
}
