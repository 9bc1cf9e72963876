//! What a list says when no index serves it, and that it says nothing when one does.

use axum::body::Body;
use serde_json::{Value, json};
use smartcms_app::ports::{EntryChanges, EntryWrite};
use smartcms_domain::entries::Entry;
use smartcms_testkit::builders::{at, collection, created, draft, fields};

use crate::support::site_here::SiteHere;

/// More than may be read without an index and no word about it.
const BOOKS: u128 = 10_001;
const BOOKS_FILE: &str = r#"
label = "Books"
label_one = "Book"
url = "/books/{slug}"
title = "title"
[[fields]]
name = "title"
kind = "text"
indexed = true
[[fields]]
name = "stock"
kind = "integer"
[[fields]]
name = "rating"
kind = "integer"
indexed = true
[[fields]]
name = "isbn"
kind = "text"
unique = true
[[fields]]
name = "authors"
kind = "relation"
to = "authors"
many = true
[[fields]]
name = "seo"
kind = "group"
[[fields.fields]]
name = "title"
kind = "text"
"#;
const AUTHORS_FILE: &str = r#"
label = "Authors"
label_one = "Author"
title = "name"
[[fields]]
name = "name"
kind = "text"
"#;

/// Public books, and drafts that are not too many.
async fn filled() -> SiteHere {
    let files = [("books.toml", BOOKS_FILE), ("authors.toml", AUTHORS_FILE)];
    let site = SiteHere::with_collections(&files).await;
    let book = |number: u128| -> EntryWrite {
        let values = json!({ "title": format!("Book {number}"), "rating": number as u64 % 5 });
        let new = draft(&collection("books"), number, &format!("book-{number}"));
        let entry = Entry { fields: fields(values), ..new };
        let live = number <= BOOKS;
        created(&if live { entry.publish(at(9_000_000)).unwrap() } else { entry })
    };
    let writes = (1..=BOOKS + 20).map(book).collect();
    let changes = EntryChanges { writes, ..EntryChanges::default() };
    site.test.app.entries.write(changes).await.unwrap();
    site
}

async fn warnings(site: &SiteHere, query: &str) -> Vec<String> {
    let query = query.replace('[', "%5B").replace(']', "%5D");
    let path = format!("/api/v1/content/books?limit=2&{query}");
    let answer: Value =
        serde_json::from_str(&site.send("GET", &path, Body::empty(), true).await).unwrap();
    let warnings = answer["warnings"].as_array().cloned().unwrap_or_default();
    warnings.iter().map(|it| it.as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_list_over_many_entries_says_what_no_index_serves_and_nothing_else() {
    let site = filled().await;
    let id = "01900000-0000-7000-8000-000000000001";
    for served in [
        "",
        "filter[rating]=3",
        "filter[rating][in]=3,4",
        "filter[rating][between]=1,2",
        "filter[title][starts_with]=Book%201",
        "filter[title][null]=true",
        "filter[isbn]=1",
        "filter[slug]=book-1&locale=*",
        "filter[published_at][lt]=2026-01-01T00:00:00Z",
        "sort=rating",
        "sort=-published_at",
        "sort=created_at",
        "sort=slug",
        "status=any&sort=created_at",
        "status=any&sort=updated_at",
        "status=any&filter[rating]=3",
        // What passes one condition is looked through.
        "filter[rating]=3&filter[stock]=1&sort=stock",
        &format!("filter[authors]={id}&sort=-stock"),
        // Authors are few, and so are drafts.
        "filter[authors.name]=Ada",
        "status=draft&filter[stock]=3&sort=stock",
        "status=trashed&filter[title][contains]=x",
    ] {
        assert_eq!(warnings(&site, served).await, [""; 0], "{served}");
    }
    let asks =
        |field: &str| format!("; say `indexed = true` for `{field}` in the definition of books");
    for (query, path, hint) in [
        ("filter[stock]=3", "stock", asks("stock")),
        ("filter[stock][gte]=3&sort=rating", "stock", asks("stock")),
        ("sort=-stock", "stock", asks("stock")),
        ("filter[rating][gte]=3&sort=stock", "stock", asks("stock")),
        ("filter[title][contains]=oo", "title", "; the search finds words faster".to_owned()),
        ("filter[rating][ne]=3", "rating", String::new()),
        ("filter[rating][nin]=3,4", "rating", String::new()),
        ("filter[isbn][null]=false", "isbn", String::new()),
        ("filter[seo.title]=x", "seo.title", String::new()),
        ("sort=updated_at", "updated_at", String::new()),
        ("filter[created_at][lt]=2026-01-01T00:00:00Z", "created_at", String::new()),
        ("status=any&sort=published_at", "published_at", String::new()),
        (&format!("filter[authors][ne]={id}"), "authors", String::new()),
    ] {
        let expected =
            format!("no index serves `{path}`, and books has more than 10000 such entries{hint}");
        assert_eq!(warnings(&site, query).await, [expected], "{query}");
    }
}
