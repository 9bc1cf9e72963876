//! What those who wrote something are called.

use std::collections::BTreeMap;

use smartcms_app::people::name_of;
use smartcms_domain::actors::UserId;

use super::visit::Visit;
use crate::state::AppState;

/// The names behind what entries have as their authors: each is looked up once for a page.
#[derive(Debug, Default)]
pub(super) struct Names(BTreeMap<String, String>);

impl Names {
    /// Finds the names of these authors.
    pub(super) async fn of<'a>(
        state: &AppState,
        visit: &Visit,
        authors: impl Iterator<Item = &'a str>,
    ) -> Self {
        let mut names = BTreeMap::new();
        for author in authors {
            if names.contains_key(author) {
                continue;
            }
            let user = author.strip_prefix("user ").and_then(|it| UserId::parse(it).ok());
            let known = match user {
                Some(id) => name_of(&state.app, id).await.ok().flatten(),
                None => None,
            };
            names.insert(author.to_owned(), known.unwrap_or_else(|| plain(visit, author)));
        }
        Self(names)
    }

    /// The name of an author.
    pub(super) fn get(&self, author: &str) -> String {
        self.0.get(author).cloned().unwrap_or_else(|| author.to_owned())
    }
}

fn plain(visit: &Visit, author: &str) -> String {
    match author.split_once(' ') {
        Some((kind @ ("token" | "plugin"), name)) => {
            // The person behind it is told where all is told.
            let name = name.split(" of user ").next().unwrap_or(name);
            visit.say(&format!("author.{kind}"), &[("name", name)])
        }
        Some(("user", _)) => visit.say("author.gone", &[]),
        _ if matches!(author, "operator" | "schedule" | "anonymous") => {
            visit.say(&format!("author.{author}"), &[])
        }
        _ => author.to_owned(),
    }
}
