//! Choosing the next piece among what the model finds likely.

use std::cmp::Ordering;

/// Numbers that look like chance and are the same for the same seed (SplitMix64).
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// From 0 up to, not including, 1.
    fn throw(&mut self) -> f32 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^= mixed >> 31;
        #[expect(clippy::cast_precision_loss, reason = "24 bits fit")]
        let high = (mixed >> 40) as f32;
        high / 16_777_216.0
    }
}

/// One piece: the most likely one at the temperature 0, else one of the `top_k` most likely. `weights` are logarithms.
pub(crate) fn choose(
    weights: &[f32],
    temperature: f32,
    top_k: usize,
    dice: &mut Dice,
    allowed: impl Fn(u32) -> bool,
) -> Option<u32> {
    let numbered = (0_u32..).zip(weights.iter().copied());
    let likely = numbered.filter(|(piece, weight)| weight.is_finite() && allowed(*piece));
    if temperature <= 0.0 {
        return likely.min_by(more_likely_first).map(|it| it.0);
    }
    let mut likely: Vec<(u32, f32)> = likely.collect();
    // Of a thousand pieces some ten take part: the others need no order.
    if top_k < likely.len() {
        likely.select_nth_unstable_by(top_k, more_likely_first);
        likely.truncate(top_k);
    }
    likely.sort_unstable_by(more_likely_first);
    let (best, highest) = *likely.first()?;
    let shares: Vec<(u32, f32)> = likely
        .into_iter()
        .map(|(piece, weight)| (piece, ((weight - highest) / temperature).exp()))
        .collect();
    let mut left = dice.throw() * shares.iter().map(|it| it.1).sum::<f32>();
    for (piece, share) in &shares {
        left -= share;
        if left < 0.0 {
            return Some(*piece);
        }
    }
    Some(best)
}

/// The more likely one first; of two that are as likely the one that comes first in the vocabulary.
fn more_likely_first(a: &(u32, f32), b: &(u32, f32)) -> Ordering {
    b.1.total_cmp(&a.1).then(a.0.cmp(&b.0))
}

#[cfg(test)]
mod tests {
    use super::{Dice, choose};

    const WEIGHTS: &[f32] = &[0.0, 3.0, 2.0, -5.0, f32::NAN];

    #[test]
    fn without_temperature_the_most_likely_is_chosen() {
        assert_eq!(choose(WEIGHTS, 0.0, 4, &mut Dice::new(1), |_| true), Some(1));
        assert_eq!(choose(WEIGHTS, 0.0, 4, &mut Dice::new(1), |it| it != 1), Some(2));
        assert_eq!(choose(WEIGHTS, 1.0, 4, &mut Dice::new(1), |_| false), None);
    }

    #[test]
    fn only_the_most_likely_take_part_and_each_as_often_as_its_share() {
        let mut dice = Dice::new(7);
        let mut counts = [0; 5];
        for _ in 0..10_000 {
            let piece = choose(WEIGHTS, 1.0, 2, &mut dice, |_| true).unwrap();
            counts[piece as usize] += 1;
        }
        assert_eq!(counts[0] + counts[3] + counts[4], 0);
        // e³ / (e³ + e²) is 0.731.
        assert!((7_100..7_500).contains(&counts[1]), "{counts:?}");
    }

    #[test]
    fn a_seed_chooses_the_same_again_and_another_one_otherwise() {
        let row = |seed| {
            let mut dice = Dice::new(seed);
            (0..40).map(|_| choose(WEIGHTS, 1.0, 4, &mut dice, |_| true)).collect::<Vec<_>>()
        };
        assert_eq!(row(1), row(1));
        assert_ne!(row(1), row(2));
    }
}
