//! A model that tells kinds of images apart, as one that says what they show.

use std::sync::Arc;

use async_trait::async_trait;
use smartcms_app::ports::{
    Ability, Description, Element, Embedding, Generation, ImageTools, Model, ModelError,
    ModelProvider, NamedTensor, NeuralError, NeuralModels, Tensor, TextEnd, TextSink, in_memory,
};
use smartcms_domain::assets::{Dimensions, MediaType};

/// How many labels are told where none is probable enough.
const LABELS_TOLD: usize = 3;

/// Says the most probable label of an image in a sentence, where it is probable enough.
pub struct Classifier {
    /// Who computes.
    pub models: Arc<dyn NeuralModels>,
    /// Who understands images.
    pub images: Arc<dyn ImageTools>,
    /// How the model is asked.
    pub form: ClassifierForm,
}

/// How a model is asked, and what its answers mean.
#[derive(Debug, Clone, PartialEq)]
pub struct ClassifierForm {
    /// The name of the model.
    pub model: String,
    /// What the model calls the image: fp32, 1 × 3 × height × width, red, green and blue in planes.
    pub input: String,
    /// What the model calls the weights of the labels, or their probabilities.
    pub output: String,
    /// The pixels across and down that it takes.
    pub size: Dimensions,
    /// What is taken from red, green and blue, which are from 0 to 1.
    pub mean: [f32; 3],
    /// What they are divided by then.
    pub deviation: [f32; 3],
    /// How probable a label has to be to be said, from 0 to 1.
    pub confidence: f32,
    /// How it is said, with `{label}` for the label.
    pub sentence: String,
    /// What it tells apart, in the order of its weights.
    pub labels: Vec<String>,
}

#[async_trait]
impl ModelProvider for Classifier {
    /// Also says whether it can be loaded.
    async fn models(&self) -> Result<Vec<Model>, ModelError> {
        self.models.open(&self.form.model).await.map_err(|error| failed(&error))?;
        Ok(vec![Model {
            name: self.form.model.clone(),
            title: String::new(),
            abilities: vec![Ability::Describe],
            dimensions: None,
            context_tokens: None,
        }])
    }

    async fn generate(&self, _: Generation, _: TextSink<'_>) -> Result<TextEnd, ModelError> {
        Err(self.other())
    }

    async fn embed(&self, _: Embedding) -> Result<Vec<Vec<f32>>, ModelError> {
        Err(self.other())
    }

    async fn describe(&self, request: Description) -> Result<String, ModelError> {
        let media_type = request.media_type.parse::<MediaType>();
        let media_type = media_type.map_err(|_| ModelError::Invalid(request.media_type))?;
        let source = in_memory(request.image);
        let pixels = self.images.pixels(media_type, source, self.form.size).await;
        let pixels = pixels.map_err(|error| ModelError::Invalid(error.to_string()))?;
        let model = self.models.open(&self.form.model).await.map_err(|error| failed(&error))?;
        let image = self.form.tensor(&pixels).map_err(|error| failed(&error))?;
        let outputs = model.compute(vec![(self.form.input.clone(), image)]).await;
        self.form.said(&outputs.map_err(|error| failed(&error))?)
    }
}

impl Classifier {
    fn other(&self) -> ModelError {
        ModelError::UnknownModel(format!("{} only says what images show", self.form.model))
    }
}

impl ClassifierForm {
    /// Planes of red, green and blue.
    fn tensor(&self, pixels: &[u8]) -> Result<Tensor, NeuralError> {
        let mut bytes = Vec::with_capacity(pixels.len() * 4);
        for (colour, (mean, deviation)) in self.mean.iter().zip(self.deviation).enumerate() {
            for value in pixels.iter().skip(colour).step_by(3) {
                let number = (f32::from(*value) / 255.0 - mean) / deviation;
                bytes.extend_from_slice(&number.to_le_bytes());
            }
        }
        Tensor::new(vec![1, 3, self.size.height, self.size.width], Element::F32, bytes)
    }

    /// The sentence, or which labels were not probable enough.
    fn said(&self, outputs: &[NamedTensor]) -> Result<String, ModelError> {
        let weights = outputs.iter().find(|(name, _)| *name == self.output).map(|(_, it)| it);
        let weights = weights.ok_or_else(|| {
            let names: Vec<&str> = outputs.iter().map(|(name, _)| name.as_str()).collect();
            ModelError::Unfit(format!("no output {}: it has {}", self.output, names.join(", ")))
        })?;
        if weights.element() != Element::F32 {
            return Err(ModelError::Unfit(format!(
                "{} in {}",
                self.output,
                weights.element().name()
            )));
        }
        let (numbers, _) = weights.bytes().as_chunks::<4>();
        let shares = shares(numbers.iter().map(|it| f32::from_le_bytes(*it)).collect());
        if shares.len() != self.labels.len() {
            let (shares, labels) = (shares.len(), self.labels.len());
            return Err(ModelError::Unfit(format!("{shares} weights for {labels} labels")));
        }
        let mut ranked: Vec<(&str, f32)> =
            self.labels.iter().map(String::as_str).zip(shares).collect();
        smartcms_domain::sorting::sort_by(&mut ranked, |a, b| b.1.total_cmp(&a.1));
        match ranked.first() {
            Some((label, share)) if *share >= self.confidence => {
                Ok(self.sentence.replace("{label}", label))
            }
            _ => Err(ModelError::Refused(unsure(&ranked, self.confidence))),
        }
    }
}

fn unsure(ranked: &[(&str, f32)], confidence: f32) -> String {
    let told: Vec<String> = ranked
        .iter()
        .take(LABELS_TOLD)
        .map(|(label, share)| format!("{label} {:.0} %", share * 100.0))
        .collect();
    format!("it is not sure: {}; it says what is {:.0} % sure", told.join(", "), confidence * 100.0)
}

/// Probabilities. Weights become some by the exponential function; what is already some stays.
fn shares(weights: Vec<f32>) -> Vec<f32> {
    let sum: f32 = weights.iter().sum();
    if weights.iter().all(|it| (0.0..=1.0).contains(it)) && (sum - 1.0).abs() < 0.01 {
        return weights;
    }
    let most = weights.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let powers: Vec<f32> = weights.iter().map(|it| (it - most).exp()).collect();
    let sum: f32 = powers.iter().sum();
    powers.into_iter().map(|it| it / sum).collect()
}

fn failed(error: &NeuralError) -> ModelError {
    let text = error.to_string();
    match error {
        NeuralError::Unknown(_) => ModelError::UnknownModel(text),
        NeuralError::TimedOut(_) => ModelError::Unavailable(text),
        _ => ModelError::Broken(text),
    }
}

#[cfg(test)]
mod tests {
    use smartcms_app::ports::{Element, ModelError, NamedTensor, Tensor};
    use smartcms_domain::assets::Dimensions;

    use super::ClassifierForm;

    fn form() -> ClassifierForm {
        ClassifierForm {
            model: "shapes".to_owned(),
            input: "image".to_owned(),
            output: "weights".to_owned(),
            size: Dimensions { width: 2, height: 1 },
            mean: [0.5; 3],
            deviation: [0.5; 3],
            confidence: 0.6,
            sentence: "A picture of {label}.".to_owned(),
            labels: vec!["a circle".to_owned(), "a star".to_owned()],
        }
    }

    fn weights(numbers: &[f32]) -> Vec<NamedTensor> {
        let bytes: Vec<u8> = numbers.iter().flat_map(|it| it.to_le_bytes()).collect();
        let len = u32::try_from(numbers.len()).unwrap();
        vec![("weights".to_owned(), Tensor::new(vec![1, len], Element::F32, bytes).unwrap())]
    }

    #[test]
    fn colours_stand_in_planes_around_zero() {
        let tensor = form().tensor(&[255, 0, 0, 0, 0, 255]).unwrap();
        let numbers: Vec<f32> =
            tensor.bytes().as_chunks::<4>().0.iter().map(|it| f32::from_le_bytes(*it)).collect();
        assert_eq!(numbers, [1.0, -1.0, -1.0, -1.0, -1.0, 1.0]);
        assert_eq!(tensor.dimensions(), [1, 3, 1, 2]);
    }

    #[test]
    fn only_what_is_probable_enough_is_said() {
        assert_eq!(form().said(&weights(&[0.1, 4.0])).unwrap(), "A picture of a star.");
        assert_eq!(form().said(&weights(&[0.7, 0.3])).unwrap(), "A picture of a circle.");
        let unsure = form().said(&weights(&[1.0, 1.1])).unwrap_err();
        assert!(
            matches!(&unsure, ModelError::Refused(it) if it.contains("a star 52 %, a circle 48 %")),
            "{unsure}"
        );
        for unfit in [&[1.0][..], &[1.0, 2.0, 3.0], &[f32::NAN, f32::NAN]] {
            assert!(form().said(&weights(unfit)).is_err(), "{unfit:?}");
        }
        let other = ClassifierForm { output: "scores".to_owned(), ..form() };
        assert!(
            matches!(other.said(&weights(&[1.0, 2.0])), Err(ModelError::Unfit(it)) if it.contains("weights"))
        );
    }
}
