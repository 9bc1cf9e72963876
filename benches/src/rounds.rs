//! Two sides measured in turns, so that what else the machine does meets both.

/// What two sides gave, round by round.
#[derive(Debug, Clone, Default)]
pub struct Rounds {
    ours: Vec<f64>,
    reference: Vec<f64>,
}

impl Rounds {
    /// Measures both sides in each round; who begins alternates. A round before the first warms up and is forgotten.
    pub fn measure(
        rounds: usize,
        mut ours: impl FnMut() -> anyhow::Result<f64>,
        mut reference: impl FnMut() -> anyhow::Result<f64>,
    ) -> anyhow::Result<Self> {
        ours()?;
        reference()?;
        let mut measured = Self::default();
        for round in 0..rounds {
            if round % 2 == 0 {
                measured.ours.push(ours()?);
                measured.reference.push(reference()?);
            } else {
                measured.reference.push(reference()?);
                measured.ours.push(ours()?);
            }
        }
        Ok(measured)
    }

    /// What was measured beside something else, round by round.
    #[must_use]
    pub fn of(ours: Vec<f64>, reference: Vec<f64>) -> Self {
        Self { ours, reference }
    }

    /// The median of our side.
    #[must_use]
    pub fn ours(&self) -> f64 {
        median(&self.ours)
    }

    /// The median of the reference.
    #[must_use]
    pub fn reference(&self) -> f64 {
        median(&self.reference)
    }

    /// The median of the rounds' ratios: each round's two sides saw the same machine.
    #[must_use]
    pub fn ratio(&self) -> f64 {
        median(&self.ratios())
    }

    /// The smallest and the largest ratio of a round.
    #[must_use]
    pub fn spread(&self) -> (f64, f64) {
        let ratios = self.ratios();
        let low = ratios.iter().copied().fold(f64::INFINITY, f64::min);
        (low, ratios.iter().copied().fold(0.0, f64::max))
    }

    fn ratios(&self) -> Vec<f64> {
        self.ours.iter().zip(&self.reference).map(|(ours, reference)| ours / reference).collect()
    }
}

/// The middle of some figures; of an even number the mean of the two in the middle; 0 of none.
#[must_use]
pub fn median(figures: &[f64]) -> f64 {
    let mut sorted = figures.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = |index: usize| sorted.get(index).copied().unwrap_or_default();
    let middle = sorted.len() / 2;
    if sorted.len() % 2 == 1 {
        at(middle)
    } else {
        f64::midpoint(at(middle.wrapping_sub(1)), at(middle))
    }
}

/// The figure below which this share of all is; 0 of none.
#[must_use]
pub fn quantile(figures: &[f64], share: f64) -> f64 {
    let mut sorted = figures.to_vec();
    sorted.sort_by(f64::total_cmp);
    let place = (sorted.len() as f64 * share) as usize;
    sorted.get(place.min(sorted.len().saturating_sub(1))).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{Rounds, median, quantile};

    #[test]
    fn a_quantile_is_one_of_the_figures() {
        let figures: Vec<f64> = (0..100).rev().map(f64::from).collect();
        assert_eq!(quantile(&figures, 0.5), 50.0);
        assert_eq!(quantile(&figures, 0.99), 99.0);
        assert_eq!(quantile(&figures, 1.0), 99.0);
        assert_eq!(quantile(&[], 0.5), 0.0);
    }

    #[test]
    fn the_median_ignores_one_bad_round() {
        assert_eq!(median(&[3.0, 1.0, 100.0]), 3.0);
        assert_eq!(median(&[1.0, 3.0]), 2.0);
        assert_eq!(median(&[]), 0.0);
    }

    #[test]
    fn ratios_are_taken_round_by_round() {
        let (mut slow, mut again) = ([1.0, 2.0, 20.0, 4.0].iter(), [2.0, 4.0, 40.0, 8.0].iter());
        let next = |it: &mut std::slice::Iter<'_, f64>| Ok(*it.next().unwrap());
        let rounds = Rounds::measure(3, || next(&mut slow), || next(&mut again)).unwrap();
        assert_eq!(rounds.ratio(), 0.5);
        assert_eq!(rounds.spread(), (0.5, 0.5));
        assert_eq!(rounds.ours(), 4.0);
    }
}
