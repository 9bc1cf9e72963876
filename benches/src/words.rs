//! Text as languages have it: the first word of the vocabulary is in nearly every text, the last in few.

const VOCABULARY_LEN: f64 = 20_000.0;
const BEGINNINGS: [char; 14] =
    ['b', 'c', 'd', 'f', 'g', 'k', 'l', 'm', 'n', 'p', 'r', 's', 't', 'v'];
const VOWELS: [char; 5] = ['a', 'e', 'i', 'o', 'u'];

/// The word with this rank; the commonest has 0.
#[must_use]
pub fn word(rank: u64) -> String {
    let mut rest = rank + 70;
    let mut text = String::new();
    while rest > 0 {
        let pick = usize::try_from(rest % 70).unwrap_or_default();
        text.extend(BEGINNINGS.get(pick % 14));
        text.extend(VOWELS.get(pick / 14));
        rest /= 70;
    }
    text.push('n');
    text
}

/// A small generator: the same texts each time.
pub struct Chance(u64);

impl Chance {
    /// Begins with a number that is not 0.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed.max(1))
    }

    /// A number below another.
    pub fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % end.max(1)
    }

    /// The rank of a word: each as likely as it is near the front.
    fn rank(&mut self) -> u64 {
        let share = self.below(1 << 53) as f64 / (1_u64 << 53) as f64;
        (VOCABULARY_LEN.powf(share) as u64).saturating_sub(1)
    }

    /// So many words.
    pub fn text(&mut self, len: usize) -> String {
        (0..len).map(|_| word(self.rank())).collect::<Vec<_>>().join(" ")
    }
}
