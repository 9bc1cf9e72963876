//! The name that somebody may have meant.

/// The known name that is nearest to a wrong one, if one is near enough.
pub(crate) fn nearest<'a>(wrong: &str, known: &[&'a str]) -> Option<&'a str> {
    // Far longer texts are no slips of the finger; this also bounds the work.
    let near = |it: &&str| wrong.chars().count().abs_diff(it.chars().count()) <= 3;
    let measured = known.iter().copied().filter(near).map(|it| (distance(wrong, it), it));
    let (steps, name) = measured.min()?;
    (steps <= 1 + name.len() / 3).then_some(name)
}

/// How many characters have to be put in, taken out or replaced.
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
    use super::nearest;

    #[test]
    fn a_slip_finds_what_was_meant() {
        let known = ["limit", "cursor", "status"];
        assert_eq!(nearest("limti", &known), Some("limit"));
        assert_eq!(nearest("curser", &known), Some("cursor"));
        assert_eq!(nearest("state", &known), Some("status"));
        assert_eq!(nearest("x", &known), None);
        assert_eq!(nearest(&"limit".repeat(1_000), &known), None);
    }
}
