//! How much one comparison may take.

/// The most lines, rows or blocks of both sides together that are compared with one another.
const LINES_MAX: usize = 50_000;
/// The most words of both sides together that are compared one by one.
const WORDS_MAX: usize = 100_000;
/// The most words of one side of one place: it is a page, and what differs more is better read as a whole.
const WORDS_OF_PLACE_MAX: usize = 1_000;

/// What is left to compare. The search takes time that grows with what differs, so all places share one budget.
#[derive(Debug)]
pub(super) struct Budget {
    lines: usize,
    words: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self { lines: LINES_MAX, words: WORDS_MAX }
    }
}

impl Budget {
    /// Takes room for so many lines, rows or blocks; `false` when there is none.
    pub(super) fn takes_lines(&mut self, from: usize, to: usize) -> bool {
        take(&mut self.lines, from + to)
    }

    /// Takes room for so many words of one place; `false` when there is none.
    pub(super) fn takes_words(&mut self, from: usize, to: usize) -> bool {
        from.max(to) <= WORDS_OF_PLACE_MAX && take(&mut self.words, from + to)
    }
}

fn take(room: &mut usize, wanted: usize) -> bool {
    match room.checked_sub(wanted) {
        Some(left) => {
            *room = left;
            true
        }
        None => false,
    }
}
