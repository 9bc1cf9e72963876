//! Where a case is played: a real server with the case's plugins, an origin beside it, and what steps do there.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use serde_json::json;

use super::case::{Case, Step};
use super::client::{Answer, Client, Request};
use super::command::{Outcome, smartcms_with};
use super::component::hostile;
use super::origin::Origin;
use super::server::Server;
use super::site::Site;

/// How often a command may look for something that comes soon.
const LOOKS_MAX: usize = 200;
/// What a plugin must not read.
const SECRET: (&str, &str) = ("CASE_SECRET", "a secret of the server");

/// A site, its server and what is beside them.
pub(crate) struct Stage {
    pub(crate) site: Site,
    pub(crate) server: Server,
    pub(crate) origin: Origin,
    /// Slugs are never used twice.
    saves: AtomicUsize,
}

/// What came of a step.
#[derive(Debug)]
enum Came {
    Answer(Box<Answer>),
    Outcome(Outcome),
}

impl Stage {
    /// Makes a site with the case's plugins and with posts to read, and serves it.
    #[track_caller]
    pub(crate) fn set(case: &Case) -> Self {
        let site = Site::new();
        site.write("shared/open.txt", "what may be read");
        site.write("secret.txt", "what may not be read");
        std::os::unix::fs::symlink("../secret.txt", site.path().join("shared/link.txt")).unwrap();
        let origin = Origin::start();
        publish(&site);
        for plugin in &case.plugins {
            let id = plugin.id(case);
            let file = site.write(&format!("plugins/{id}.wasm"), plugin.component(case));
            site.run(&["plugin", "add", &file, "--id", id]).expect_success();
            let filled = |grant: &String| {
                fill(
                    grant,
                    &[("origin", origin.address.port().to_string()), ("shared", shared(&site))],
                )
            };
            let grants: Vec<String> = plugin.grants.iter().map(filled).collect();
            if !grants.is_empty() {
                let grants = grants.iter().map(String::as_str);
                site.run(&["plugin", "grant", id].into_iter().chain(grants).collect::<Vec<_>>())
                    .expect_success();
            }
        }
        let settings = case.settings.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let variables: Vec<(&str, &str)> = settings.chain([SECRET]).collect();
        let server = Server::start_in(site.path(), &variables);
        Self { site, server, origin, saves: AtomicUsize::new(0) }
    }

    /// Does a step as often as it says, and checks everything that must come of it.
    #[track_caller]
    pub(crate) fn play(&self, case: &Case, step: &Step) {
        let requests_before = self.origin.requests();
        for _ in 0..step.times.unwrap_or(1) {
            for came in self.take_at_once(case, step) {
                self.check(step, &came);
            }
        }
        for line in &step.log {
            self.expect_log(step.log_of.as_deref().unwrap_or(case.id()), &self.filled(line));
        }
        if let Some(echoes) = step.echoes {
            assert_eq!(self.echoes(), echoes, "entries that the plugin wrote");
        }
        if let Some(compiled) = step.compiled {
            let kept = std::fs::read_dir(self.site.data().join("cache")).unwrap().count();
            assert_eq!(kept, compiled, "compiled plugins that are kept");
        }
        if let Some(requests) = step.origin_requests {
            assert_eq!(
                self.origin.requests() - requests_before,
                requests,
                "requests that reached the origin"
            );
        }
    }

    fn take_at_once(&self, case: &Case, step: &Step) -> Vec<Came> {
        let count = step.at_once.unwrap_or(1);
        thread::scope(|scope| {
            let takers: Vec<_> =
                (0..count).map(|_| scope.spawn(|| self.take(case, step))).collect();
            takers.into_iter().map(|it| it.join().unwrap()).collect()
        })
    }

    fn take(&self, case: &Case, step: &Step) -> Came {
        if let Some(add) = &step.add {
            let file = self.site.write("plugins/added.wasm", add.component(case));
            return Came::Outcome(self.site.run(&["plugin", "add", &file, "--id", &case.name]));
        }
        if let Some(task) = &step.task {
            // A word behind the task's name is passed to it.
            let words = task.split(' ');
            let arguments: Vec<&str> =
                ["plugin", "task", "run", case.id()].into_iter().chain(words).collect();
            return self.command(case, &arguments);
        }
        if let Some(model) = &step.model {
            let plugin = step.model_of.as_deref().unwrap_or(case.id());
            let model = format!("{plugin}/{model}");
            return self.command(case, &["plugin", "generate", "--model", &model, "a word"]);
        }
        if let Some(function) = &step.call {
            let plugin = step.call_of.as_deref().unwrap_or(case.id());
            return self.command(case, &["plugin", "call", plugin, function]);
        }
        if let Some(run) = &step.run {
            let arguments = run.arguments.iter().map(String::as_str);
            let file = hostile(&run.source);
            let arguments: Vec<&str> = ["run", &file].into_iter().chain(arguments).collect();
            return self.command(case, &arguments);
        }
        let answer = match step {
            Step { save: Some(slug), .. } => self.save(slug),
            Step { open: Some(slug), .. } => self.server.client().get(&format!("/posts/{slug}")),
            Step { page: Some(slug), .. } => {
                self.page(slug, step.content.as_deref().unwrap_or("An ordinary text."))
            }
            Step { request: Some(path), .. } => self.server.client().get(&self.filled(path)),
            _ => panic!("{step:?} does nothing"),
        };
        Came::Answer(Box::new(answer))
    }

    /// Saves an entry of a reader's kind under a slug of its own.
    pub(crate) fn save(&self, slug: &str) -> Answer {
        let number = self.saves.fetch_add(1, Ordering::SeqCst);
        let entry = json!({ "slug": format!("{slug}-{number}"), "fields": { "title": format!("{slug} {number}") } });
        self.author().post("/api/v1/content/posts", &entry)
    }

    /// Publishes a post under a slug of its own, and opens its page.
    #[track_caller]
    fn page(&self, slug: &str, text: &str) -> Answer {
        let slug = format!("{slug}-{}", self.saves.fetch_add(1, Ordering::SeqCst));
        let fields = json!({ "title": slug, "body": text });
        let mut author = self.author();
        let entry = json!({ "slug": slug, "fields": fields });
        author.post("/api/v1/content/posts", &entry).expect_status(201);
        let path = format!("/api/v1/content/posts/{slug}/publish");
        author.expect(Request::new("POST", &path)).expect_status(200);
        self.server.client().get(&format!("/posts/{slug}"))
    }

    /// Runs a command with the case's settings.
    fn command(&self, case: &Case, arguments: &[&str]) -> Came {
        let settings = case.settings.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let settings: Vec<(&str, &str)> = settings.collect();
        Came::Outcome(smartcms_with(self.site.path(), arguments, "", &settings))
    }

    /// A client with the owner's token.
    pub(crate) fn author(&self) -> Client {
        self.server.client().with_token(&self.site.token)
    }

    #[track_caller]
    fn check(&self, step: &Step, came: &Came) {
        match came {
            Came::Answer(answer) => self.check_answer(step, answer),
            Came::Outcome(outcome) => {
                assert_eq!(Some(outcome.code), step.exit, "{outcome:?}");
                self.check_text(step, &format!("{}{}", outcome.stdout, outcome.stderr));
            }
        }
    }

    #[track_caller]
    fn check_answer(&self, step: &Step, answer: &Answer) {
        let code = answer.code();
        if step.or_code.as_ref() != Some(&code) {
            assert_eq!(Some(answer.status), step.status, "{answer}");
            assert!(
                step.code.as_ref().is_none_or(|it| *it == code),
                "the code is {code}: {answer}"
            );
        }
        assert_eq!(answer.cut, step.cut, "{answer}");
        assert!(answer.body.len() <= step.body_bytes_max.unwrap_or(usize::MAX), "{answer}");
        for name in &step.with_headers {
            assert!(answer.header(name).is_some(), "no {name} in {answer:?}");
        }
        for name in &step.without_headers {
            assert!(answer.header(name).is_none(), "{name} in {answer:?}");
        }
        self.check_text(step, &answer.text());
    }

    #[track_caller]
    fn check_text(&self, step: &Step, text: &str) {
        let shown: String = text.chars().take(1000).collect();
        if let Some(body) = &step.body {
            assert!(text.contains(body), "no {body:?} in {shown}");
        }
        if let Some(lacks) = &step.lacks {
            assert!(!text.contains(lacks), "{lacks:?} in {shown}");
        }
    }

    /// Looks into the plugin's log until there is a line with this text: lines are stored soon, not at once.
    #[track_caller]
    fn expect_log(&self, plugin: &str, text: &str) {
        let mut log = String::new();
        for _ in 0..LOOKS_MAX {
            log = self
                .site
                .run(&["plugin", "logs", plugin, "--lines", "1000"])
                .expect_success()
                .to_owned();
            if log.contains(text) {
                return;
            }
        }
        let end: String = log.lines().rev().take(20).collect::<Vec<_>>().join("\n");
        panic!("no {text:?} in the log of {plugin}:\n{end}");
    }

    /// Switches the plugin off, and waits until the server has heard of it.
    #[track_caller]
    pub(crate) fn disable(&mut self, plugin: &str) {
        self.server.forget_log();
        self.site.run(&["plugin", "disable", plugin]).expect_success();
        self.server.wait_for_log(&["the plugins were loaded anew"]);
    }

    /// How many entries plugins wrote.
    fn echoes(&self) -> usize {
        let list = self
            .author()
            .get("/api/v1/content/posts?status=any&limit=100")
            .expect_status(200)
            .json();
        let items = list["items"].as_array().unwrap();
        items.iter().filter(|it| it["fields"]["title"] == "bad echo").count()
    }

    fn filled(&self, text: &str) -> String {
        let port = |address: std::net::SocketAddr| address.port().to_string();
        fill(text, &[("origin", port(self.origin.address)), ("site", port(self.server.address))])
    }
}

/// Posts for readers, published before any plugin could have a say.
#[track_caller]
fn publish(site: &Site) {
    let mut server = Server::start(site);
    let mut author = server.client().with_token(&site.token);
    for slug in ["ordinary", "good", "bad"] {
        let fields = json!({ "title": format!("A {slug} post"), "body": "An ordinary text." });
        author
            .post("/api/v1/content/posts", &json!({ "slug": slug, "fields": fields }))
            .expect_status(201);
        let path = format!("/api/v1/content/posts/{slug}/publish");
        author.expect(Request::new("POST", &path)).expect_status(200);
    }
    server.terminate();
    assert!(server.wait().success());
}

fn shared(site: &Site) -> String {
    site.path().join("shared").to_str().unwrap().to_owned()
}

/// Puts values where their names stand in braces.
fn fill(text: &str, values: &[(&str, String)]) -> String {
    values
        .iter()
        .fold(text.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
}
