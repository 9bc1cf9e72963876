//! The page on which readers ask, as browsers without scripts use it.

use std::sync::Arc;

use axum::http::Method;
use smartcms_app::ask::AskSettings;
use smartcms_app::assist::{Assist, AssistSettings};
use smartcms_app::ports::NoAssistant;
use smartcms_domain::locales::Locales;
use smartcms_http::{ApiSettings, PageCache};
use smartcms_testkit::TestApp;
use smartcms_testkit::builders::locale;

use crate::ask::{TOKENS, garden};
use crate::assist::support::Obedient;
use crate::client::{Answer, Site};
use crate::meaning::measure;

const LINK: &str = "<a href=\"/ask\"";

async fn ask(site: &Site, question: &str) -> Answer {
    site.call(Method::POST, "/ask").form(&[("question", question)]).send().await
}

#[track_caller]
fn problem(answer: &Answer, status: u16, told: &str) {
    let html = answer.text();
    assert_eq!(answer.status, status, "{html}");
    assert!(html.contains(&format!("role=\"alert\">{told}</p>")), "{html}");
    assert!(html.contains("class=\"answer\" aria-labelledby=\"answered\" hidden"), "{html}");
}

#[tokio::test]
async fn every_page_leads_to_the_form_and_nobody_keeps_it() {
    let (site, _) = garden(TOKENS).await;
    for uri in ["/", "/posts/fixing-a-bicycle-chain", "/nothing", "/search?q=xylophone"] {
        assert!(site.get(uri).await.text().contains(LINK), "{uri}");
    }
    let answer = site.get("/ask").await;
    assert_eq!((answer.status.as_u16(), answer.header("cache-control")), (200, "no-store"));
    let html = answer.text();
    for expected in [
        "action=\"/ask\" method=\"post\" data-stream=\"/api/v1/ask\"",
        "name=\"question\" value=\"\" maxlength=\"500\"",
        "<meta name=\"robots\" content=\"noindex\">",
        "<a href=\"/ask\" aria-current=\"page\">",
        "aria-labelledby=\"answered\" hidden",
    ] {
        assert!(html.contains(expected), "{expected} is not in {html}");
    }
    let request = axum::http::Request::builder().uri("/ask").body(()).unwrap();
    assert!(site.service.cached_response(&request).is_none());
}

#[tokio::test]
async fn its_page_runs_the_scripts_of_the_site_and_no_others() {
    let (site, _) = garden(TOKENS).await;
    let answer = site.get("/ask").await;
    let policy = answer.header("content-security-policy").to_owned();
    assert!(policy.contains("script-src 'self';") && !policy.contains("unsafe"), "{policy}");
    let html = answer.text();
    assert_eq!(html.matches("<script").count(), 1, "{html}");
    let (_, rest) = html.split_once("<script type=\"module\" src=\"").unwrap();
    let script = site.get(rest.split_once('"').unwrap().0).await;
    assert_eq!(script.header("content-type"), "text/javascript; charset=utf-8");
    let home = site.get("/").await;
    assert!(home.header("content-security-policy").contains("script-src 'none'"));
}

#[tokio::test]
async fn a_form_gets_the_answer_and_links_to_what_it_stands_on() {
    let (site, model) = garden(TOKENS).await;
    *model.says.lock().unwrap() = vec!["In the <b>morning</b> [1]."];
    let answer = ask(&site, "When do I water \"tomatos\"?").await;
    let html = answer.text();
    assert_eq!((answer.status.as_u16(), answer.header("cache-control")), (200, "no-store"));
    for expected in [
        "In the &lt;b&gt;morning&lt;/b&gt; [1].",
        "<a href=\"/posts/growing-tomatoes-on-a-balcony\">Growing tomatoes on a balcony</a>",
        "value=\"When do I water &quot;tomatos&quot;?\"",
        "Written by test/obedient.",
        "aria-labelledby=\"answered\">",
        "<p data-nothing hidden>",
    ] {
        assert!(html.contains(expected), "{expected} is not in {html}");
    }
    assert!(model.told().contains("Water the tomatoes in the morning."));
    let nothing = ask(&site, "xylophone quartz?").await.text();
    assert!(nothing.contains("<p data-nothing>Nothing here is about that."), "{nothing}");
    assert!(!nothing.contains("Written by test/obedient"), "{nothing}");
}

#[tokio::test]
async fn what_cannot_be_answered_is_told_on_the_page() {
    let (site, model) = garden(TOKENS).await;
    problem(&ask(&site, " ?").await, 422, "There is no question.");
    let long = ask(&site, &"x".repeat(600)).await;
    problem(&long, 422, "The question has more than 500 characters.");
    let flood = ask(&site, &"x".repeat(20_000)).await;
    problem(&flood, 413, "A question has at most 500 characters.");
    let site = site.with_rules(&ApiSettings { questions_per_minute: 1, ..ApiSettings::default() });
    let from = |address: &'static str| {
        let form = [("question", "tomatoes")];
        site.call(Method::POST, "/ask").from(address).form(&form).send()
    };
    assert_eq!(from("192.0.2.1").await.status, 200);
    let again = from("192.0.2.1").await;
    problem(&again, 429, "1 questions a minute of one client are the limit.");
    assert!(again.header("retry-after").parse::<u64>().unwrap() > 0);
    assert_eq!(model.told.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn the_budget_of_readers_is_that_of_the_api() {
    let (site, _) = garden(2_000).await;
    let mut last = ask(&site, "tomatoes").await;
    for _ in 0..100 {
        if last.status != 200 {
            break;
        }
        last = ask(&site, "tomatoes").await;
    }
    problem(&last, 429, "This site answers no more questions today.");
    assert!(last.header("retry-after").parse::<u64>().unwrap() > 60);
}

#[tokio::test]
async fn no_page_of_another_site_makes_its_visitors_ask() {
    let (site, model) = garden(TOKENS).await;
    for (name, value) in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://evil.example"),
    ] {
        let call = site.call(Method::POST, "/ask").header(name, value);
        let answer = call.form(&[("question", "tomatoes?")]).send().await;
        problem(&answer, 403, "This question comes from a page of another site. Ask it here.");
        assert!(answer.text().contains("value=\"tomatoes?\""), "one click asks it");
    }
    assert!(model.told.lock().unwrap().is_empty());
    let call = site.call(Method::POST, "/ask").header("sec-fetch-site", "same-origin");
    assert_eq!(call.form(&[("question", "tomatoes?")]).send().await.status, 200);
}

#[tokio::test]
async fn where_asking_is_off_nothing_is_there_and_an_entry_may_be() {
    let (site, _) = garden(0).await;
    for answer in [site.get("/ask").await, ask(&site, "tomatoes").await] {
        assert_eq!(answer.status, 404);
        assert!(answer.text().contains("Page not found"), "{}", answer.text());
        assert!(!answer.text().contains(LINK));
    }
    site.published("pages", "Ask").await;
    let entry = site.get("/ask").await;
    assert!(entry.status == 200 && entry.text().contains("Text of Ask."), "{}", entry.text());
}

#[tokio::test]
async fn each_language_has_a_page_that_asks_in_it() {
    let (cache, model) = (Arc::new(PageCache::new()), Arc::new(Obedient::default()));
    *model.says.lock().unwrap() = vec!["A fox."];
    let test = TestApp::with(|mut parts| {
        parts.site.locales = Locales::new(locale("en"), vec![locale("ar")]).unwrap();
        let store = Arc::clone(&parts.assist.store);
        let eyes = Arc::new(NoAssistant);
        let assist = Assist::new(store, Arc::clone(&model) as _, eyes, AssistSettings::default());
        parts.assist = Arc::new(assist.answering(AskSettings { tokens_a_day: TOKENS }));
        parts
    });
    let site = Site::joined(test, cache).await;
    site.published("posts", "Shared").await;
    let fields = serde_json::json!({ "title": "Shared marhaba", "body": "Text." });
    let body = serde_json::json!({ "locale": "ar", "slug": "marhaba", "fields": fields });
    let made = site.edit(Method::POST, "/api/v1/content/posts", body).await;
    site.publish(made.header("location")).await;
    measure(&site).await;
    let form = [("question", "shared?")];
    let arabic = site.call(Method::POST, "/ar/ask").form(&form).send().await.text();
    assert!(arabic.contains("<html lang=\"ar\" dir=\"rtl\">"), "{arabic}");
    assert!(
        arabic.contains("action=\"/ar/ask\"") && arabic.contains("<a href=\"/ask\" lang=\"en\"")
    );
    assert!(arabic.contains("<a href=\"/ar/posts/marhaba\">"), "{arabic}");
    assert!(!arabic.contains("<li><a href=\"/posts/shared\">"), "{arabic}");
    let english = ask(&site, "shared?").await.text();
    assert!(english.contains("<li><a href=\"/posts/shared\">"), "{english}");
    assert!(site.get("/ar/posts/marhaba").await.text().contains("<a href=\"/ar/ask\">Ask</a>"));
    for nowhere in ["/en/ask", "/de/ask", "/ask/"] {
        assert_eq!(site.get(nowhere).await.status, 404, "{nowhere}");
    }
    let wrong = site.call(Method::DELETE, "/ar/ask").send().await;
    assert_eq!(wrong.status, 405);
}
