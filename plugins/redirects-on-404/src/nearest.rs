//! How near two names are, and whether that is near enough.

use std::collections::BTreeSet;

/// From here on a name is taken for another one that was mistyped.
const CERTAIN_PERCENT: usize = 75;
/// How much nearer than the next one it has to be.
const AHEAD_PERCENT: usize = 10;
/// Names that are farther away are not worth showing.
const NEAR_PERCENT: usize = 30;
/// How many are shown at most.
const SHOWN_MAX: usize = 5;

/// An entry that may have been meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Candidate {
    pub(crate) address: String,
    pub(crate) title: String,
    /// 0 to 100.
    pub(crate) score: usize,
}

/// What becomes of a missing page.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The address that was meant.
    Certain(String),
    /// What comes near, the nearest first; it may be nothing.
    Near(Vec<Candidate>),
}

/// Which of all candidates was meant.
pub(crate) fn verdict(mut all: Vec<Candidate>) -> Verdict {
    all.retain(|it| it.score >= NEAR_PERCENT);
    all.sort_by(|a, b| b.score.cmp(&a.score));
    all.truncate(SHOWN_MAX);
    let next = all.get(1).map_or(0, |it| it.score);
    match all.first() {
        Some(first) if first.score >= CERTAIN_PERCENT && first.score >= next + AHEAD_PERCENT => {
            Verdict::Certain(first.address.clone())
        }
        _ => Verdict::Near(all),
    }
}

/// How many of the groups of three letters two names share, in percent. Cheap, and deaf to the order of words.
pub(crate) fn score(a: &str, b: &str) -> usize {
    let (a, b) = (groups(a), groups(b));
    let shared = a.intersection(&b).count();
    (200 * shared).checked_div(a.len() + b.len()).unwrap_or_default()
}

fn groups(name: &str) -> BTreeSet<[char; 3]> {
    let mut groups = BTreeSet::new();
    for word in name.split('-').filter(|it| !it.is_empty()) {
        let letters: Vec<char> = "  ".chars().chain(word.chars()).chain(" ".chars()).collect();
        for three in letters.windows(3) {
            groups.extend(<[char; 3]>::try_from(three).ok());
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::{Candidate, Verdict, score, verdict};

    fn candidates(name: &str, slugs: &[&str]) -> Vec<Candidate> {
        let of = |slug: &&str| Candidate {
            address: format!("/{slug}"),
            title: (*slug).to_owned(),
            score: score(name, slug),
        };
        slugs.iter().map(of).collect()
    }

    #[test]
    fn a_slip_of_the_pen_is_certain() {
        let slugs = ["what-is-a-component", "what-is-a-capability", "about"];
        for name in ["what-is-a-componet", "what-is-component", "component-what-is-a"] {
            let expected = Verdict::Certain("/what-is-a-component".to_owned());
            assert_eq!(verdict(candidates(name, &slugs)), expected, "{name}");
        }
    }

    #[test]
    fn where_two_come_equally_near_the_reader_chooses() {
        let Verdict::Near(near) = verdict(candidates("a-walk", &["a-walk-1", "a-walk-2", "zebra"]))
        else {
            panic!("certain")
        };
        assert_eq!(near.len(), 2);
    }

    #[test]
    fn what_has_nothing_in_common_is_not_shown() {
        assert_eq!(
            verdict(candidates("wp-login", &["about", "a-walk"])),
            Verdict::Near(Vec::new())
        );
        assert_eq!(score("", ""), 0);
    }
}
