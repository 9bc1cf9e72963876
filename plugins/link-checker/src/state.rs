//! What a run needs to go on.

use serde::{Deserialize, Serialize};

/// How many links a run looks at, and how many bytes they and their places have: a checkpoint with more would not be
/// taken.
pub(crate) const LINKS_MAX: usize = 4000;
const LINK_BYTES_MAX: usize = 300 * 1024;
/// How much of a reason or of a new address is kept, in bytes.
const WORDS_BYTES_MAX: usize = 80;
/// How many entries are remembered for a link.
pub(crate) const PLACES_MAX: usize = 5;

/// What a run is at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Phase {
    #[default]
    Collecting,
    Checking,
}

/// A link, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Link {
    pub(crate) url: String,
    /// Paths of entries.
    pub(crate) places: Vec<String>,
}

/// What a link came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Outcome {
    Good,
    /// It leads nowhere, and why.
    Broken(String),
    /// It leads elsewhere for good.
    Moved(String),
    /// The host is not granted: `example.com:443`.
    NotGranted(String),
    /// Nothing here can tell.
    Unknown,
}

/// Where a run is.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct State {
    pub(crate) phase: Phase,
    /// How many collections are done, and where the next page of this one begins.
    pub(crate) collection: usize,
    pub(crate) cursor: Option<String>,
    pub(crate) entries: usize,
    pub(crate) links: Vec<Link>,
    /// How many bytes the links and their places have.
    pub(crate) bytes: usize,
    /// Links that were left out because there are too many.
    pub(crate) left_out: usize,
    /// What came of the links so far, in their order.
    pub(crate) outcomes: Vec<Outcome>,
}

impl State {
    /// Reads a checkpoint; begins anew without one, and with one of another version.
    pub(crate) fn of(checkpoint: Option<&[u8]>) -> Self {
        checkpoint.and_then(|it| serde_json::from_slice(it).ok()).unwrap_or_default()
    }

    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// Notes a link that stands in an entry.
    pub(crate) fn note(&mut self, url: String, place: &str) {
        let known = self.links.iter_mut().find(|it| it.url == url);
        let is_full = self.bytes + url.len() + place.len() > LINK_BYTES_MAX;
        if let Some(link) = known {
            let is_new = !link.places.iter().any(|it| it == place);
            if is_new && link.places.len() < PLACES_MAX && !is_full {
                self.bytes += place.len();
                link.places.push(place.to_owned());
            }
        } else if self.links.len() < LINKS_MAX && !is_full {
            self.bytes += url.len() + place.len();
            self.links.push(Link { url, places: vec![place.to_owned()] });
        } else {
            self.left_out += 1;
        }
    }

    /// Notes what came of the next link.
    pub(crate) fn settle(&mut self, outcome: Outcome) {
        self.outcomes.push(match outcome {
            Outcome::Broken(why) => Outcome::Broken(cut(why)),
            Outcome::Moved(to) => Outcome::Moved(cut(to)),
            Outcome::NotGranted(host) => Outcome::NotGranted(cut(host)),
            other => other,
        });
    }
}

/// Words that are not longer than what is kept of them.
fn cut(mut words: String) -> String {
    if words.len() > WORDS_BYTES_MAX {
        let end = (0..=WORDS_BYTES_MAX).rev().find(|it| words.is_char_boundary(*it));
        words.truncate(end.unwrap_or_default());
        words.push('…');
    }
    words
}

#[cfg(test)]
mod tests {
    use super::{LINKS_MAX, Outcome, PLACES_MAX, State};

    #[test]
    fn a_checkpoint_is_read_as_it_was_written() {
        let mut state = State { entries: 3, cursor: Some("c".to_owned()), ..State::default() };
        state.note("https://example.com/".to_owned(), "/a");
        state.outcomes.push(Outcome::Broken("404".to_owned()));
        assert_eq!(State::of(Some(&state.to_bytes())), state);
        assert_eq!((State::of(None), State::of(Some(b"v0"))), (State::default(), State::default()));
    }

    #[test]
    fn a_full_state_fits_a_checkpoint() {
        let mut state = State::default();
        for number in 0..LINKS_MAX + 2 {
            for place in 0..PLACES_MAX + 2 {
                state.note(format!("https://example.com/{number}"), &format!("/posts/{place}"));
            }
            state.settle(Outcome::Moved("ä".repeat(500)));
        }
        assert!(state.left_out > 0 && state.links.len() > 1000, "{}", state.links.len());
        assert!(state.to_bytes().len() < 1 << 20, "{}", state.to_bytes().len());
    }
}
