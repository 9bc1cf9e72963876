//! A webhook and what it wants to hear.

use std::fmt;

use uuid::Uuid;

use crate::Problem;
use crate::collections::CollectionName;
use crate::events::{Event, EventKind};

/// The longest name of a webhook, in characters.
pub const WEBHOOK_NAME_LEN_MAX: usize = 64;
/// The longest address of a webhook, in bytes.
pub const WEBHOOK_URL_LEN_MAX: usize = 2_048;
/// The most kinds of events or collections that a webhook can name.
pub const FILTER_LEN_MAX: usize = 100;

/// Names a webhook for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WebhookId(Uuid);

/// Somebody outside who hears of events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    /// Its id.
    pub id: WebhookId,
    /// What people call it; unique.
    pub name: String,
    /// Where events are sent.
    pub url: String,
    /// Which kinds of events; `None` for all.
    pub events: Option<Vec<EventKind>>,
    /// Events of which collections; `None` for all.
    pub collections: Option<Vec<CollectionName>>,
    /// Whether events are sent.
    pub enabled: bool,
    /// Why the server disabled it; `None` when a person did.
    pub disabled_reason: Option<String>,
}

impl WebhookId {
    /// Takes an id.
    pub fn new(id: Uuid) -> Self {
        Self(id)
    }

    /// Reads the text form.
    pub fn parse(text: &str) -> Option<Self> {
        Uuid::try_parse(text).ok().map(Self)
    }

    /// The id as a UUID.
    pub fn as_uuid(self) -> Uuid {
        self.0
    }
}

impl fmt::Display for WebhookId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Webhook {
    /// Whether an event is sent to this webhook.
    pub fn wants(&self, event: &Event) -> bool {
        self.enabled
            && self.events.as_ref().is_none_or(|it| it.contains(&event.kind))
            && self.collections.as_ref().is_none_or(|it| it.contains(&event.collection))
    }

    /// Everything that is wrong with it.
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        let length = self.name.chars().count();
        if !(1..=WEBHOOK_NAME_LEN_MAX).contains(&length) || self.name.chars().any(char::is_control)
        {
            let message = format!("Name needs 1 to {WEBHOOK_NAME_LEN_MAX} printable characters");
            problems.push(Problem::field("name", "name", message));
        }
        if let Some(message) = url_problem(&self.url) {
            problems.push(Problem::field("url", "url", message));
        }
        let events = self.events.as_ref().map(Vec::len);
        let collections = self.collections.as_ref().map(Vec::len);
        for (field, length) in [("events", events), ("collections", collections)] {
            if length.is_some_and(|it| !(1..=FILTER_LEN_MAX).contains(&it)) {
                let message =
                    format!("`{field}` needs 1 to {FILTER_LEN_MAX} names, or `*` alone for all");
                problems.push(Problem::field(field, "length", message));
            }
        }
        problems
    }
}

/// Where the name leads is decided when something is sent: names change what they lead to.
fn url_problem(url: &str) -> Option<String> {
    if url.len() > WEBHOOK_URL_LEN_MAX {
        return Some(format!("the address has more than {WEBHOOK_URL_LEN_MAX} bytes"));
    }
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let Some(rest) = rest else {
        return Some("the address has to begin with https:// or http://".to_owned());
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.is_empty() || authority.starts_with(':') {
        return Some("the address names no host".to_owned());
    }
    if authority.contains('@') {
        return Some("the address has a user name; the signature says who sends".to_owned());
    }
    let odd = |c: char| c.is_whitespace() || c.is_control() || c == '#' || c == '\\';
    url.chars().any(odd).then(|| "the address has a space, `#` or `\\`".to_owned())
}

#[cfg(test)]
mod tests {
    use super::{Webhook, WebhookId};
    use crate::Timestamp;
    use crate::collections::CollectionName;
    use crate::entries::{EntryId, Revision};
    use crate::events::{Event, EventKind};
    use uuid::Uuid;

    fn webhook() -> Webhook {
        Webhook {
            id: WebhookId::new(Uuid::nil()),
            name: "search".to_owned(),
            url: "https://search.test/hook?a=b".to_owned(),
            events: None,
            collections: None,
            enabled: true,
            disabled_reason: None,
        }
    }

    fn event(kind: EventKind, collection: &str) -> Event {
        Event {
            id: Uuid::nil(),
            kind,
            at: Timestamp::EPOCH,
            collection: CollectionName::parse(collection).unwrap(),
            entry: EntryId::new(Uuid::nil()),
            revision: Revision::FIRST,
        }
    }

    #[test]
    fn a_webhook_hears_what_it_wants_and_nothing_while_it_is_disabled() {
        let posts = vec![CollectionName::parse("posts").unwrap()];
        let published = event(EventKind::EntryPublished, "posts");
        let narrow = Webhook {
            events: Some(vec![EventKind::EntryPublished]),
            collections: Some(posts),
            ..webhook()
        };
        assert!(webhook().wants(&published) && narrow.wants(&published));
        assert!(!narrow.wants(&event(EventKind::EntryTrashed, "posts")));
        assert!(!narrow.wants(&event(EventKind::EntryPublished, "pages")));
        assert!(!Webhook { enabled: false, ..webhook() }.wants(&published));
    }

    #[test]
    fn what_cannot_be_a_webhook_is_told_by_field() {
        assert_eq!(webhook().problems(), []);
        let long = format!("https://a.test/{}", "x".repeat(2_048));
        for url in [
            "",
            "ftp://a.test/",
            "https://",
            "https:///x",
            "https://:80/",
            "https://me@a.test/",
            "https://a.test/ x",
            "https://a.test/#x",
            &long,
        ] {
            let problems = Webhook { url: url.to_owned(), ..webhook() }.problems();
            assert_eq!(problems.len(), 1, "{url}");
            assert_eq!(problems[0].field.as_deref(), Some("url"), "{url}");
        }
        let bad = Webhook {
            name: "n".repeat(65),
            events: Some(vec![]),
            collections: Some(vec![]),
            ..webhook()
        };
        let fields: Vec<_> = bad.problems().into_iter().filter_map(|it| it.field).collect();
        assert_eq!(fields, ["name", "events", "collections"]);
    }
}
