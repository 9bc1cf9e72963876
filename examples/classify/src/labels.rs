//! The labels of a model, and how probable each is.

/// What a model tells apart, in the order of its weights.
pub(crate) struct Labels(Vec<String>);

impl Labels {
    /// One a line.
    pub(crate) fn parse(text: &str) -> Self {
        Self(text.lines().map(|it| it.trim().to_owned()).collect())
    }
}

/// The labels with their probabilities, the most probable first: weights become probabilities by the exponential function.
pub(crate) fn ranked<'a>(
    Labels(labels): &'a Labels,
    weights: &[f32],
) -> Result<Vec<(&'a str, f32)>, String> {
    if labels.len() != weights.len() {
        return Err(format!("the model has {} weights for {} labels", weights.len(), labels.len()));
    }
    let most = weights.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let powers: Vec<f32> = weights.iter().map(|it| (it - most).exp()).collect();
    let sum: f32 = powers.iter().sum();
    let mut ranked: Vec<(&str, f32)> =
        labels.iter().map(String::as_str).zip(powers.into_iter().map(|it| it / sum)).collect();
    ranked.sort_by(|a, b| b.1.total_cmp(&a.1));
    Ok(ranked)
}

#[cfg(test)]
mod tests {
    use super::{Labels, ranked};

    #[test]
    fn shares_add_up_and_the_largest_comes_first() {
        let labels = Labels::parse("a circle\na star\na ring\n");
        let found = ranked(&labels, &[1.0, 3.0, 2.0]).unwrap_or_default();
        assert_eq!(
            found.iter().map(|it| it.0).collect::<Vec<_>>(),
            ["a star", "a ring", "a circle"]
        );
        assert!((found.iter().map(|it| it.1).sum::<f32>() - 1.0).abs() < 1e-6);
        assert!(ranked(&labels, &[1.0]).is_err_and(|it| it.contains("1 weights for 3 labels")));
    }
}
