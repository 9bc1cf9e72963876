//! The pieces that words are cut into, and their numbers: the vocabulary of BERT, uncased.
//!
//! The table has the pieces of each length sorted, so that a piece is found by halving, and nothing is built first.

use crate::table::{Table, number};

static TABLE: &[u8] = include_bytes!("../../../models/all-minilm-l6-v2/pieces.bin");

/// The longest piece is shorter.
const LEN_END: usize = 24;
const NUMBER: usize = 2;

/// What stands before the pieces of a text.
pub(crate) const BEGIN: u16 = 101;
/// What stands behind them.
pub(crate) const END: u16 = 102;
/// A word that cannot be cut into pieces.
pub(crate) const UNKNOWN: u16 = 100;

/// Where in a word a piece stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    First,
    Following,
}

/// The vocabulary.
pub(crate) struct Pieces {
    first: Kind,
    following: Kind,
}

struct Kind {
    /// By length.
    some: [Sorted; LEN_END],
    longest: usize,
}

/// The pieces of one length, sorted, and their numbers in the same order.
#[derive(Clone, Copy, Default)]
struct Sorted {
    texts: &'static [u8],
    numbers: &'static [u8],
}

impl Pieces {
    pub(crate) fn read() -> Self {
        let mut table = Table::new(TABLE);
        let first = counts(&mut table);
        let following = counts(&mut table);
        Self { first: Kind::read(first, &mut table), following: Kind::read(following, &mut table) }
    }

    /// The length in bytes of the longest piece at a place.
    pub(crate) fn longest(&self, place: Place) -> usize {
        self.kind(place).longest
    }

    /// The number of a piece.
    pub(crate) fn find(&self, text: &[u8], place: Place) -> Option<u16> {
        self.kind(place).some.get(text.len())?.find(text)
    }

    fn kind(&self, place: Place) -> &Kind {
        match place {
            Place::First => &self.first,
            Place::Following => &self.following,
        }
    }
}

/// How many pieces there are of each length.
fn counts(table: &mut Table) -> [usize; LEN_END] {
    let longest = table.number(1).min(LEN_END - 1);
    let mut counts = [0; LEN_END];
    for count in counts.iter_mut().skip(1).take(longest) {
        *count = table.number(NUMBER);
    }
    counts
}

impl Kind {
    fn read(counts: [usize; LEN_END], table: &mut Table) -> Self {
        let mut some = [Sorted::default(); LEN_END];
        let mut longest = 0;
        for (len, (sorted, count)) in some.iter_mut().zip(counts).enumerate() {
            let (texts, numbers) = (table.take(count * len), table.take(count * NUMBER));
            *sorted = Sorted { texts, numbers };
            if count > 0 {
                longest = len;
            }
        }
        Self { some, longest }
    }
}

impl Sorted {
    fn find(&self, text: &[u8]) -> Option<u16> {
        let (mut low, mut high) = (0, self.numbers.len() / NUMBER);
        while low < high {
            let middle = usize::midpoint(low, high);
            let begin = middle * text.len();
            match self.texts.get(begin..begin + text.len())?.cmp(text) {
                core::cmp::Ordering::Less => low = middle + 1,
                core::cmp::Ordering::Greater => high = middle,
                core::cmp::Ordering::Equal => {
                    let begin = middle * NUMBER;
                    let found = number(self.numbers.get(begin..begin + NUMBER)?);
                    return u16::try_from(found).ok();
                }
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::{Pieces, Place};

    #[test]
    fn pieces_have_the_numbers_of_the_vocabulary() {
        let pieces = Pieces::read();
        for (text, place, number) in [
            ("the", Place::First, Some(1996)),
            ("!", Place::First, Some(999)),
            ("s", Place::Following, Some(2015)),
            ("s", Place::First, Some(1055)),
            ("telecommunications", Place::First, Some(12108)),
            ("[CLS]", Place::First, None),
            ("", Place::First, None),
            ("thee the", Place::First, None),
            (&"x".repeat(1000), Place::First, None),
        ] {
            assert_eq!(pieces.find(text.as_bytes(), place), number, "{text}");
        }
        assert_eq!((pieces.longest(Place::First), pieces.longest(Place::Following)), (18, 10));
    }
}
