//! One operation of a batch, as it is asked for.

use smartcms_domain::entries::{EntryId, Fields, Revision, Schedule};

use crate::members::Members;
use crate::rest::v1::selection::Selection;

/// One operation.
pub(super) struct Step {
    pub(super) collection: String,
    pub(super) what: What,
}

/// What it does.
pub(super) enum What {
    Create(NewEntry),
    Read { key: String, selection: Selection },
    Change { key: String, seen: Seen, change: Change },
}

/// A new entry.
pub(super) struct NewEntry {
    pub(super) id: Option<EntryId>,
    pub(super) locale: Option<String>,
    pub(super) translation_of: Option<EntryId>,
    pub(super) slug: Option<String>,
    pub(super) fields: Fields,
    pub(super) message: Option<String>,
}

/// A change of one that is there.
pub(super) enum Change {
    Update { slug: Option<String>, fields: Fields, message: Option<String> },
    Publish,
    Unpublish,
    Archive,
    Schedule(Schedule),
    Delete,
    Restore(Option<Revision>),
    Purge,
}

/// The state that was seen.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Seen {
    /// Nothing is said.
    Unsaid,
    /// Whatever is there.
    Any,
    /// This one.
    Revision(Revision),
}

/// What can be done.
pub(crate) const NAMES: [&str; 10] = [
    "create",
    "read",
    "update",
    "publish",
    "unpublish",
    "archive",
    "schedule",
    "delete",
    "restore",
    "purge",
];

impl Step {
    /// Reads an operation; what is missing or wrong stays noted in the members.
    pub(super) fn read(members: &mut Members) -> Option<Self> {
        let name = members.one_of("do", &NAMES);
        let collection = members.required_text("collection");
        let what = match name? {
            "create" => What::Create(new_entry(members)),
            "read" => {
                let key = members.required_text("key");
                let selection = selection(members);
                What::Read { key: key?, selection }
            }
            name => {
                let key = members.required_text("key");
                let seen = members.seen("if_match");
                let change = change(name, members);
                What::Change { key: key?, seen, change }
            }
        };
        Some(Self { collection: collection?, what })
    }
}

fn new_entry(members: &mut Members) -> NewEntry {
    NewEntry {
        id: members.id("id"),
        locale: members.text("locale"),
        translation_of: members.id("translation_of"),
        slug: members.text("slug"),
        fields: members.required_fields("fields"),
        message: members.text("message"),
    }
}

fn selection(members: &mut Members) -> Selection {
    let name = members.one_of_maybe("status", &crate::rest::v1::selection::NAMES);
    name.and_then(|it| Selection::parse(Some(it)).ok()).unwrap_or(Selection::Published)
}

fn change(name: &str, members: &mut Members) -> Change {
    match name {
        "update" => Change::Update {
            slug: members.text("slug"),
            fields: members.fields("fields").unwrap_or_default(),
            message: members.text("message"),
        },
        "publish" => Change::Publish,
        "unpublish" => Change::Unpublish,
        "archive" => Change::Archive,
        "schedule" => Change::Schedule(Schedule {
            publish_at: members.time("publish_at"),
            unpublish_at: members.time("unpublish_at"),
        }),
        "delete" => Change::Delete,
        "restore" => Change::Restore(members.number("revision").map(Revision::new)),
        _ => Change::Purge,
    }
}

impl Members {
    fn required_text(&mut self, name: &'static str) -> Option<String> {
        let text = self.text(name);
        if text.is_none() {
            self.missing(name);
        }
        text
    }

    fn required_fields(&mut self, name: &'static str) -> Fields {
        let fields = self.fields(name);
        if fields.is_none() {
            self.missing(name);
        }
        fields.unwrap_or_default()
    }

    fn one_of(&mut self, name: &'static str, names: &[&'static str]) -> Option<&'static str> {
        let found = self.one_of_maybe(name, names);
        if found.is_none() {
            self.missing(name);
        }
        found
    }

    fn one_of_maybe(&mut self, name: &'static str, names: &[&'static str]) -> Option<&'static str> {
        let text = self.text(name)?;
        let found = names.iter().copied().find(|it| *it == text);
        found.or_else(|| self.wrong_kind(name, &format!("one of `{}`", names.join("`, `"))))
    }

    /// The number of a revision, or `*` for whatever is there.
    fn seen(&mut self, name: &'static str) -> Seen {
        let Some(value) = self.take(name) else { return Seen::Unsaid };
        if value.as_str() == Some("*") {
            return Seen::Any;
        }
        let number = crate::members::whole(&value).filter(|it| *it > 0);
        number.map_or_else(
            || {
                self.wrong_kind::<()>(name, "the number of a revision, or `*`");
                Seen::Unsaid
            },
            |it| Seen::Revision(Revision::new(it)),
        )
    }
}
