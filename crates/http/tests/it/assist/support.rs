//! A site whose model says what a test wants, or whatever the text tells it to.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use axum::http::Method;
use serde_json::{Value, json};
use smartcms_app::OpContext;
use smartcms_app::ask::AskSettings;
use smartcms_app::assist::{Assist, AssistSettings};
use smartcms_app::ports::{
    Answered, Assistant, Described, ImageDescriber, Message, ModelError, NoAssistant, Picture,
    TextEnd, TextSink,
};
use smartcms_app::tokens::{CreateToken, create_token};
use smartcms_domain::actors::{Actor, Rank};
use smartcms_http::PageCache;
use smartcms_testkit::TestApp;

use crate::client::{Answer, Site};

/// What stands before words that the model says back: it obeys everything that it reads.
pub(crate) const ORDER: &str = "SAY THIS:";

/// A model that says the rest of the line behind an order, wherever that stands; without one, what it was given to say.
#[derive(Default)]
pub(crate) struct Obedient {
    pub(crate) told: Mutex<Vec<Vec<Message>>>,
    pub(crate) says: Mutex<Vec<&'static str>>,
    pub(crate) waits: AtomicBool,
    pub(crate) dropped: Arc<AtomicBool>,
}

/// Notes that the model was stopped before its end.
struct Working(Arc<AtomicBool>, bool);

impl Drop for Working {
    fn drop(&mut self) {
        if !self.1 {
            self.0.store(true, Ordering::SeqCst);
        }
    }
}

#[async_trait]
impl Assistant for Obedient {
    fn models(&self) -> Vec<String> {
        vec!["test/obedient".to_owned()]
    }

    async fn answer(
        &self,
        messages: &[Message],
        _tokens_max: u32,
        sink: TextSink<'_>,
    ) -> Result<Answered, ModelError> {
        self.told.lock().unwrap().push(messages.to_vec());
        let mut working = Working(Arc::clone(&self.dropped), false);
        let all: String = messages.iter().map(|it| format!("{}\n", it.text)).collect();
        let orders: Vec<&str> =
            all.lines().filter_map(|it| Some(it.split_once(ORDER)?.1.trim())).collect();
        let says = self.says.lock().unwrap().clone();
        let pieces = if orders.is_empty() { says } else { orders };
        for piece in pieces {
            if sink(piece).is_break() {
                break;
            }
            if self.waits.load(Ordering::SeqCst) {
                std::future::pending::<()>().await;
            }
        }
        working.1 = true;
        let end =
            TextEnd { reason: "done".to_owned(), tokens_read: Some(30), tokens_written: Some(12) };
        Ok(Answered { model: "test/obedient".to_owned(), end })
    }
}

impl Obedient {
    /// All that the model was told last.
    pub(crate) fn told(&self) -> String {
        let told = self.told.lock().unwrap();
        told.last().unwrap().iter().map(|it| it.text.as_str()).collect::<Vec<_>>().join("\n")
    }
}

/// A model that looks at images: it says the same of each, or refuses.
#[derive(Default)]
pub(crate) struct Eyes {
    pub(crate) seen: Mutex<Vec<Picture>>,
    pub(crate) refuses: AtomicBool,
}

#[async_trait]
impl ImageDescriber for Eyes {
    fn models(&self) -> Vec<String> {
        vec!["test/eyes".to_owned()]
    }

    async fn describe(&self, picture: Picture) -> Result<Described, ModelError> {
        self.seen.lock().unwrap().push(picture);
        if self.refuses.load(Ordering::SeqCst) {
            return Err(ModelError::Refused("it is not sure".to_owned()));
        }
        let text = "\"A boat on a lake.\"\nAnd more that nobody asked for".to_owned();
        Ok(Described { model: "test/eyes".to_owned(), text })
    }
}

/// A site on which these roles have these tokens a day.
pub(crate) async fn site_with(roles: &[(&str, u64)], site_max: u64) -> (Site, Arc<Obedient>) {
    site_for(roles, site_max, 0).await
}

/// The same, on which readers may ask with so many tokens a day.
pub(crate) async fn site_for(
    roles: &[(&str, u64)],
    site_max: u64,
    readers: u64,
) -> (Site, Arc<Obedient>) {
    site_of(roles, site_max, readers, Arc::new(NoAssistant)).await
}

/// The same, and a model looks at images.
pub(crate) async fn site_with_eyes(roles: &[(&str, u64)], site_max: u64) -> (Site, Arc<Eyes>) {
    let eyes = Arc::new(Eyes::default());
    let (site, _) = site_of(roles, site_max, 0, Arc::clone(&eyes) as _).await;
    (site, eyes)
}

async fn site_of(
    roles: &[(&str, u64)],
    site_max: u64,
    readers: u64,
    eyes: Arc<dyn ImageDescriber>,
) -> (Site, Arc<Obedient>) {
    let model = Arc::new(Obedient::default());
    *model.says.lock().unwrap() = vec!["A ", "fox."];
    let cache = Arc::new(PageCache::new());
    let changes = Arc::clone(&cache);
    let roles = roles.iter().map(|(role, tokens)| ((*role).to_owned(), *tokens)).collect();
    let settings = AssistSettings { roles, site_tokens_a_day: site_max };
    let readers = AskSettings { tokens_a_day: readers };
    let test = TestApp::with(|mut parts| {
        parts.changes = changes;
        let store = Arc::clone(&parts.assist.store);
        let models = Arc::clone(&model) as Arc<dyn Assistant>;
        let assist = Assist::new(store, models, eyes, settings);
        parts.assist = Arc::new(assist.answering(readers));
        parts
    });
    (Site::joined(test, cache).await, model)
}

/// A site on which every role has help.
pub(crate) async fn site() -> (Site, Arc<Obedient>) {
    let roles = ["owner", "administrator", "editor", "author", "contributor", "viewer"];
    site_with(&roles.map(|it| (it, 1_000_000)), 10_000_000).await
}

/// A token of this role with these scopes.
pub(crate) async fn token(site: &Site, name: &str, rank: Rank, scopes: &[&str]) -> String {
    let ctx = OpContext::new(&site.test.app, &Actor::Operator);
    let scopes = scopes.iter().map(|it| it.parse().unwrap()).collect::<Vec<_>>();
    let scopes = (!scopes.is_empty()).then_some(scopes);
    create_token(&ctx, CreateToken { scopes, ..CreateToken::new(name, rank) }).await.unwrap()
}

pub(crate) async fn ask(site: &Site, secret: &str, task: &str, body: Value) -> Answer {
    let uri = format!("/api/v1/ai/{task}");
    site.call(Method::POST, &uri).bearer(secret).json(body).send().await
}

/// A title for an entry, asked for by an editor.
pub(crate) async fn title_of(site: &Site, path: &str) -> Answer {
    let id = path.rsplit('/').next().unwrap();
    ask(site, &site.editor, "title", json!({ "collection": "posts", "entry": id })).await
}

pub(crate) async fn status(site: &Site, secret: &str) -> Value {
    let answer = site.call(Method::GET, "/api/v1/ai/status").bearer(secret).send().await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}
