//! Texts of about one length are computed together: what stands behind a shorter one is computed for nothing.

use smartcms_plugin::neural::{Input, Kind, Model, NeuralError};

use crate::DIMENSIONS;

/// The most pieces that are computed at once, with those for nothing. More are no faster, and are longer in the way of
/// others' computations.
const PIECES_MAX: usize = 2048;
/// What a vector's length is at least, so that none is divided by nothing.
const LENGTH_MIN: f32 = 1e-12;

/// A vector of length 1 for each text, in their order.
pub(crate) fn vectors(model: &Model, texts: &[Vec<u16>]) -> Result<Vec<Vec<f32>>, NeuralError> {
    let mut vectors = vec![Vec::new(); texts.len()];
    for batch in batches(texts) {
        let found = compute(model, &batch)?;
        for ((at, _), vector) in batch.iter().zip(found) {
            if let Some(place) = vectors.get_mut(*at) {
                *place = vector;
            }
        }
    }
    Ok(vectors)
}

/// Some texts with their places in the request, the longest first.
type Batch<'a> = Vec<(usize, &'a [u16])>;

fn batches(texts: &[Vec<u16>]) -> Vec<Batch<'_>> {
    let mut sorted: Batch<'_> = texts.iter().map(Vec::as_slice).enumerate().collect();
    sorted.sort_by_key(|(_, pieces)| core::cmp::Reverse(pieces.len()));
    let mut batches: Vec<Batch<'_>> = Vec::new();
    for text in sorted {
        let open = batches.last_mut().filter(|it| {
            let wide = it.first().map_or(0, |(_, longest)| longest.len());
            (it.len() + 1) * wide <= PIECES_MAX
        });
        match open {
            Some(batch) => batch.push(text),
            None => batches.push(vec![text]),
        }
    }
    batches
}

fn compute(model: &Model, batch: &Batch<'_>) -> Result<Vec<Vec<f32>>, NeuralError> {
    let wide = batch.first().map_or(0, |(_, pieces)| pieces.len());
    let size = |it: usize| u32::try_from(it).unwrap_or(u32::MAX);
    let dimensions = [size(batch.len()), size(wide)];
    let (pieces, mask) = tensors(batch, wide);
    let input = |name, bytes| Input { name, dimensions: &dimensions, kind: Kind::I64, bytes };
    let outputs = model.compute(&[input("input_ids", &pieces), input("attention_mask", &mask)])?;
    let output = outputs.first().filter(|it| it.dimensions == [dimensions[0], DIMENSIONS]);
    let output = output.ok_or_else(|| {
        NeuralError::Failed("the model is not the one that this plugin was built for".to_owned())
    })?;
    Ok(output.f32s().chunks(DIMENSIONS as usize).map(of_length_one).collect())
}

/// The pieces and where there are some, as whole numbers of 64 bits.
fn tensors(batch: &Batch<'_>, wide: usize) -> (Vec<u8>, Vec<u8>) {
    let len = batch.len() * wide * size_of::<i64>();
    let (mut pieces, mut mask) = (Vec::with_capacity(len), Vec::with_capacity(len));
    for (_, text) in batch {
        for at in 0..wide {
            let piece = text.get(at).copied();
            pieces.extend_from_slice(&i64::from(piece.unwrap_or(0)).to_le_bytes());
            mask.extend_from_slice(&i64::from(piece.is_some()).to_le_bytes());
        }
    }
    (pieces, mask)
}

fn of_length_one(vector: &[f32]) -> Vec<f32> {
    let length = vector.iter().map(|it| it * it).sum::<f32>().sqrt().max(LENGTH_MIN);
    vector.iter().map(|it| it / length).collect()
}

#[cfg(test)]
mod tests {
    use super::{PIECES_MAX, batches, of_length_one, tensors};

    #[test]
    fn texts_of_one_length_are_computed_together() {
        let texts: Vec<Vec<u16>> = [3, 256, 2, 255, 4].map(|it| vec![7; it]).to_vec();
        let places: Vec<Vec<usize>> =
            batches(&texts).into_iter().map(|it| it.iter().map(|(at, _)| *at).collect()).collect();
        assert_eq!(places, [vec![1, 3, 4, 0, 2]]);
        let many = vec![vec![7; 256]; 17];
        let sizes: Vec<usize> = batches(&many).iter().map(Vec::len).collect();
        assert_eq!(sizes, [8, 8, 1]);
        assert!(sizes.iter().all(|it| it * 256 <= PIECES_MAX));
        assert!(batches(&[]).is_empty());
    }

    #[test]
    fn what_stands_behind_a_shorter_text_is_masked() {
        let texts = [vec![5, 6], vec![7]];
        let (pieces, mask) = tensors(&batches(&texts)[0], 2);
        let numbers = |bytes: &[u8]| -> Vec<i64> {
            bytes.as_chunks::<8>().0.iter().map(|it| i64::from_le_bytes(*it)).collect()
        };
        assert_eq!(numbers(&pieces), [5, 6, 7, 0]);
        assert_eq!(numbers(&mask), [1, 1, 1, 0]);
    }

    #[test]
    fn vectors_have_the_length_one() {
        assert_eq!(of_length_one(&[3.0, 4.0]), [0.6, 0.8]);
        assert_eq!(of_length_one(&[0.0, 0.0]), [0.0, 0.0]);
    }
}
