//! The name that somebody may have meant.

/// The known name that needs the fewest changes to be a wrong one, if they are few enough for a slip.
pub fn nearest<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Far longer texts are no slips of the finger; this also bounds the work.
    let near = |it: &&str| wrong.chars().count().abs_diff(it.chars().count()) <= 3;
    let measured = known.into_iter().filter(near).map(|it| (distance(wrong, it), it));
    let (steps, name) = measured.min_by_key(|(steps, _)| *steps)?;
    (steps <= 1 + name.len() / 3).then_some(name)
}

/// The same as the end of a message: `; did you mean `limit`?`, or nothing.
pub fn meant<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    nearest(wrong, known).map(|it| format!("; did you mean `{it}`?")).unwrap_or_default()
}

/// The Levenshtein distance, by Wagner and Fischer's rows (1974).
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (at, c) in from.chars().enumerate() {
        let mut diagonal = at;
        let mut left = at + 1;
        let mut next = vec![left];
        for (above, target) in row.iter().skip(1).zip(&to) {
            let replaced = diagonal + usize::from(c != *target);
            left = replaced.min(left + 1).min(above + 1);
            next.push(left);
            diagonal = *above;
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{distance, meant, nearest};

    #[test]
    fn counts_the_changes_between_words() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("same", "same"), 0);
    }

    #[test]
    fn a_slip_finds_what_was_meant_and_nonsense_finds_nothing() {
        let known = ["limit", "cursor", "status"];
        assert_eq!(nearest("limti", known), Some("limit"));
        assert_eq!(nearest("curser", known), Some("cursor"));
        assert_eq!(nearest("state", known), Some("status"));
        assert_eq!(nearest("x", known), None);
        assert_eq!(nearest(&"limit".repeat(1_000), known), None);
        assert_eq!(meant("limti", known), "; did you mean `limit`?");
        assert_eq!(meant("x", known), "");
    }
}
