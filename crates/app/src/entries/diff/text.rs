//! Text: by lines, and by words where lines differ.

use similar::DiffOp;

use super::budget::Budget;
use super::ops::steps;
use super::words::words;

/// How many lines that are the same are shown before and after what differs.
const CONTEXT_LINES: usize = 2;

/// What differs between two texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TextDiff {
    /// The texts as one, piece by piece.
    Parts(Vec<TextPart>),
    /// They are too large to be compared.
    TooLarge {
        /// The bytes of the old one.
        from_len: usize,
        /// The bytes of the new one.
        to_len: usize,
    },
}

/// One piece of two texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TextPart {
    /// It is in both.
    Equal(String),
    /// It is in the old one.
    Removed(String),
    /// It is in the new one.
    Added(String),
    /// So many lines that are in both are left out.
    Skipped(usize),
}

/// What differs between two texts.
pub(super) fn diff(from: &str, to: &str, budget: &mut Budget) -> TextDiff {
    let old: Vec<&str> = from.split_inclusive('\n').collect();
    let new: Vec<&str> = to.split_inclusive('\n').collect();
    if !budget.takes_lines(old.len(), new.len()) {
        return TextDiff::TooLarge { from_len: from.len(), to_len: to.len() };
    }
    let mut parts = Parts::default();
    let ops = steps(&old, &new);
    let last = ops.len().saturating_sub(1);
    for (at, op) in ops.into_iter().enumerate() {
        let lines = old.get(op.old_range()).unwrap_or_default();
        if let DiffOp::Equal { .. } = op {
            parts.push_context(lines, at == 0, at == last);
            continue;
        }
        let others = new.get(op.new_range()).unwrap_or_default();
        parts.push_change(&lines.concat(), &others.concat(), budget);
    }
    TextDiff::Parts(parts.0)
}

/// Pieces, of which neighbours of one sort are joined.
#[derive(Default)]
struct Parts(Vec<TextPart>);

impl Parts {
    /// Lines that are the same: those near to what differs, and how many more there are.
    fn push_context(&mut self, lines: &[&str], is_first: bool, is_last: bool) {
        let before = if is_first { 0 } else { CONTEXT_LINES };
        let after = if is_last { 0 } else { CONTEXT_LINES };
        let left_out = lines.len().saturating_sub(before + after);
        if left_out < 2 {
            self.equal(&lines.concat());
            return;
        }
        let (head, rest) = lines.split_at(before);
        let (skipped, tail) = rest.split_at(left_out);
        self.equal(&head.concat());
        self.0.push(TextPart::Skipped(skipped.len()));
        self.equal(&tail.concat());
    }

    /// Text in the place of other text: word by word, where that is not too much.
    fn push_change(&mut self, from: &str, to: &str, budget: &mut Budget) {
        let (old, new) = (words(from), words(to));
        if old.is_empty() || new.is_empty() || !budget.takes_words(old.len(), new.len()) {
            self.removed(from);
            self.added(to);
            return;
        }
        // A blank between two words that differ belongs to them: what is read is one change, not three.
        let (mut removed, mut added) = (String::new(), String::new());
        for op in steps(&old, &new) {
            let before = old.get(op.old_range()).unwrap_or_default().concat();
            let after = new.get(op.new_range()).unwrap_or_default().concat();
            let is_equal = matches!(op, DiffOp::Equal { .. });
            let is_blank = before.chars().all(char::is_whitespace) && !before.contains('\n');
            let is_between = !removed.is_empty() && !added.is_empty();
            if is_equal && !(is_blank && is_between) {
                self.flush(&mut removed, &mut added);
                self.equal(&before);
                continue;
            }
            removed.push_str(&before);
            added.push_str(&after);
        }
        self.flush(&mut removed, &mut added);
    }

    fn flush(&mut self, removed: &mut String, added: &mut String) {
        // A blank that was taken as one between changes, and was not, is equal after all.
        let (from, to) = (std::mem::take(removed), std::mem::take(added));
        let blanks = |it: &str| it.len() - it.trim_end_matches([' ', '\t']).len();
        let shared = blanks(&from).min(blanks(&to));
        let end = |it: &str| it.len() - shared;
        let (old, rest) = from.split_at_checked(end(&from)).unwrap_or((&from, ""));
        let (new, other) = to.split_at_checked(end(&to)).unwrap_or((&to, ""));
        if rest == other {
            self.removed(old);
            self.added(new);
            self.equal(rest);
        } else {
            self.removed(&from);
            self.added(&to);
        }
    }

    fn equal(&mut self, text: &str) {
        match self.0.last_mut() {
            _ if text.is_empty() => {}
            Some(TextPart::Equal(last)) => last.push_str(text),
            _ => self.0.push(TextPart::Equal(text.to_owned())),
        }
    }

    fn removed(&mut self, text: &str) {
        if !text.is_empty() {
            self.0.push(TextPart::Removed(text.to_owned()));
        }
    }

    fn added(&mut self, text: &str) {
        if !text.is_empty() {
            self.0.push(TextPart::Added(text.to_owned()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::budget::Budget;
    use super::{TextDiff, TextPart, diff};

    fn parts(from: &str, to: &str) -> Vec<TextPart> {
        match diff(from, to, &mut Budget::default()) {
            TextDiff::Parts(parts) => parts,
            TextDiff::TooLarge { .. } => panic!("it is small"),
        }
    }

    /// The pieces as one line: `=equal -removed +added ~3`.
    #[track_caller]
    fn check(from: &str, to: &str, expected: &[&str]) {
        let found = parts(from, to).into_iter().map(|it| match it {
            TextPart::Equal(text) => format!("={text}"),
            TextPart::Removed(text) => format!("-{text}"),
            TextPart::Added(text) => format!("+{text}"),
            TextPart::Skipped(lines) => format!("~{lines}"),
        });
        assert_eq!(found.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn words_that_differ_are_told_among_those_that_do_not() {
        check("the old cat sat", "the new cat sat", &["=the ", "-old", "+new", "= cat sat"]);
        check("one two three", "four five three", &["-one two", "+four five", "= three"]);
        check("", "new", &["+new"]);
        check("old", "", &["-old"]);
        check("a b", "a  b", &["=a", "+ ", "= b"]);
    }

    #[test]
    fn lines_far_from_what_differs_are_counted() {
        let text = |word: &str| format!("1\n2\n3\n4\n5\n{word}\n6\n7\n8\n9\n");
        let expected = ["~3", "=4\n5\n", "-old", "+new", "=\n6\n7\n", "~2"];
        check(&text("old"), &text("new"), &expected);
        check("1\n2\n3\nold\n", "1\n2\n3\nnew\n", &["=1\n2\n3\n", "-old", "+new", "=\n"]);
        check("1\n2\n", "1\nx\n2\n", &["=1\n", "+x\n", "=2\n"]);
    }

    #[test]
    fn without_the_removed_it_is_the_new_text_and_without_the_added_the_old_one() {
        let texts = ["", "a", "a b c", "x\ny\nz\n", "a b\nb c\n\n日本 x", "ü\r\n🦀🏽 \u{301}"];
        for from in texts {
            for to in texts {
                let (mut old, mut new) = (String::new(), String::new());
                for part in parts(from, to) {
                    match part {
                        TextPart::Equal(text) => {
                            old.push_str(&text);
                            new.push_str(&text);
                        }
                        TextPart::Removed(text) => old.push_str(&text),
                        TextPart::Added(text) => new.push_str(&text),
                        TextPart::Skipped(lines) => {
                            assert_eq!(from, to, "only equal texts are so short: {lines}");
                            old.push_str(from);
                            new.push_str(to);
                        }
                    }
                }
                assert_eq!((old.as_str(), new.as_str()), (from, to));
            }
        }
    }

    #[test]
    fn what_is_too_large_is_said_to_be() {
        let many = "a\n".repeat(30_000);
        let got = diff(&many, &many.to_uppercase(), &mut Budget::default());
        assert_eq!(got, TextDiff::TooLarge { from_len: 60_000, to_len: 60_000 });
        let long = |word: &str| format!("{word} ").repeat(2_000);
        let expected = [TextPart::Removed(long("a")), TextPart::Added(long("b"))];
        assert_eq!(parts(&long("a"), &long("b")), expected, "a whole page is not cut into words");
    }
}
