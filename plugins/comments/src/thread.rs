//! The published comments of an entry, kept together under one key.

use serde::{Deserialize, Serialize};
use smartcms_plugin::keys::{self, KeyError};
use smartcms_plugin::log;

/// How many comments of an entry are shown; past it the oldest go, from the page and not from the collection.
pub(crate) const SHOWN_MAX: usize = 200;

/// One comment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Comment {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) text: String,
    /// RFC 3339, UTC.
    pub(crate) at: String,
}

/// The published comments of an entry, the oldest first.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Thread {
    pub(crate) comments: Vec<Comment>,
    /// How many there are no more because of the limit.
    #[serde(default)]
    pub(crate) older: usize,
}

impl Thread {
    /// The thread of an entry; an empty one where nobody said anything.
    pub(crate) fn read(entry: &str) -> Result<Self, KeyError> {
        let Some(bytes) = keys::get(&key(entry))? else { return Ok(Self::default()) };
        Ok(serde_json::from_slice(&bytes).unwrap_or_else(|error| {
            log::error(format!("the comments of {entry} cannot be read, and begin anew: {error}"));
            Self::default()
        }))
    }

    fn write(&self, entry: &str) -> Result<(), KeyError> {
        let bytes = serde_json::to_vec(self).map_err(|error| KeyError(error.to_string()))?;
        keys::set(&key(entry), &bytes)
    }

    fn put(&mut self, comment: Comment) {
        match self.comments.iter_mut().find(|it| it.id == comment.id) {
            Some(there) => *there = comment,
            None => self.comments.push(comment),
        }
        // Ids grow with time, so that equal times have an order too.
        self.comments.sort_by(|a, b| (&a.at, &a.id).cmp(&(&b.at, &b.id)));
        while self.comments.len() > SHOWN_MAX {
            self.comments.remove(0);
            self.older += 1;
        }
    }
}

/// Puts a comment where it belongs, and takes it away where it does not: `None` when readers may not see it.
pub(crate) fn settle(id: &str, comment: Option<(String, Comment)>) -> Result<(), KeyError> {
    let place = format!("of/{id}");
    let before = keys::get(&place)?.and_then(|it| String::from_utf8(it).ok());
    let after = comment.as_ref().map(|it| it.0.as_str());
    if let Some(entry) = before.as_deref().filter(|it| Some(*it) != after) {
        let mut thread = Thread::read(entry)?;
        thread.comments.retain(|it| it.id != id);
        thread.write(entry)?;
        keys::delete(&place)?;
    }
    if let Some((entry, comment)) = comment {
        let mut thread = Thread::read(&entry)?;
        thread.put(comment);
        // The place comes first: a crash between the two leaves nothing behind that could not be found again.
        keys::set(&place, entry.as_bytes())?;
        thread.write(&entry)?;
    }
    Ok(())
}

fn key(entry: &str) -> String {
    format!("thread/{entry}")
}

#[cfg(test)]
mod tests {
    use super::{Comment, SHOWN_MAX, Thread, settle};

    fn comment(id: &str, at: &str) -> Comment {
        Comment { id: id.to_owned(), name: String::new(), text: id.to_owned(), at: at.to_owned() }
    }

    fn put(entry: &str, comment: Comment) {
        let id = comment.id.clone();
        settle(&id, Some((entry.to_owned(), comment))).unwrap();
    }

    fn ids(entry: &str) -> Vec<String> {
        Thread::read(entry).unwrap().comments.into_iter().map(|it| it.id).collect()
    }

    #[test]
    fn a_comment_is_in_one_thread_once_and_leaves_it_again() {
        put("a", comment("2", "2026-01-02"));
        put("a", comment("1", "2026-01-01"));
        put("a", comment("2", "2026-01-02"));
        assert_eq!(ids("a"), ["1", "2"]);
        put("b", comment("2", "2026-01-02"));
        assert_eq!((ids("a"), ids("b")), (vec!["1".to_owned()], vec!["2".to_owned()]));
        settle("1", None).unwrap();
        settle("1", None).unwrap();
        settle("never-there", None).unwrap();
        assert!(ids("a").is_empty());
    }

    #[test]
    fn past_the_limit_the_oldest_go() {
        for number in 0..SHOWN_MAX + 3 {
            put("a", comment(&format!("{number:04}"), &format!("{number:04}")));
        }
        let thread = Thread::read("a").unwrap();
        assert_eq!((thread.comments.len(), thread.older), (SHOWN_MAX, 3));
        assert_eq!(thread.comments[0].id, "0003");
    }
}
