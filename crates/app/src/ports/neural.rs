//! Neural networks: tensors in, tensors out. What they mean is for whoever asks.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;

/// What the numbers of a tensor are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Element {
    /// Floating point, 4 bytes.
    F32,
    /// Whole numbers, 8 bytes.
    I64,
    /// Whole numbers, 4 bytes.
    I32,
    /// Whole numbers from 0 to 255.
    U8,
}

impl Element {
    /// The bytes of one number.
    #[must_use]
    pub fn bytes(self) -> usize {
        match self {
            Self::I64 => 8,
            Self::F32 | Self::I32 => 4,
            Self::U8 => 1,
        }
    }

    /// What messages call it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::F32 => "fp32",
            Self::I64 => "int64",
            Self::I32 => "int32",
            Self::U8 => "uint8",
        }
    }
}

/// Numbers in rows of rows. The bytes are little-endian, the last dimension changes fastest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tensor {
    dimensions: Vec<u32>,
    element: Element,
    bytes: Bytes,
}

impl Tensor {
    /// Joins the parts of a tensor; says what is wrong where the bytes are not as many as the dimensions want.
    pub fn new(
        dimensions: Vec<u32>,
        element: Element,
        bytes: impl Into<Bytes>,
    ) -> Result<Self, NeuralError> {
        let bytes = bytes.into();
        let count = dimensions.iter().try_fold(1_usize, |all, it| all.checked_mul(*it as usize));
        let wanted = count.and_then(|it| it.checked_mul(element.bytes()));
        if wanted == Some(bytes.len()) {
            return Ok(Self { dimensions, element, bytes });
        }
        let (name, len) = (element.name(), bytes.len());
        Err(NeuralError::Invalid(format!(
            "{len} bytes do not make a tensor of {dimensions:?} in {name}"
        )))
    }

    /// How many rows of rows there are.
    #[must_use]
    pub fn dimensions(&self) -> &[u32] {
        &self.dimensions
    }

    /// What the numbers are.
    #[must_use]
    pub fn element(&self) -> Element {
        self.element
    }

    /// The numbers.
    #[must_use]
    pub fn bytes(&self) -> &Bytes {
        &self.bytes
    }
}

/// A tensor and what the model calls it.
pub type NamedTensor = (String, Tensor);

/// The models that there are, by name.
#[async_trait]
pub trait NeuralModels: Send + Sync {
    /// The names, in their order.
    fn names(&self) -> Vec<String>;

    /// A model that is ready to compute. It is loaded once, and kept.
    async fn open(&self, name: &str) -> Result<Arc<dyn NeuralModel>, NeuralError>;
}

/// A model that is loaded.
#[async_trait]
pub trait NeuralModel: Send + Sync {
    /// Computes every output from every input. It never works on the thread that asks. Whoever does not wait any more
    /// gets no answer: the computation goes to its end, holding its place among those that may run.
    async fn compute(&self, inputs: Vec<NamedTensor>) -> Result<Vec<NamedTensor>, NeuralError>;
}

/// Why nothing was computed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NeuralError {
    /// There is no such model.
    #[error("there is no model named {0}")]
    Unknown(String),
    /// The model is larger than may be loaded.
    #[error("the model {name} has more than its {bytes_max} bytes")]
    TooLarge {
        /// Which one.
        name: String,
        /// The limit.
        bytes_max: u64,
    },
    /// The file is no model, or one that this engine cannot run.
    #[error("the model {name} cannot be loaded: {reason}")]
    Unfit {
        /// Which one.
        name: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The inputs are not what the model takes.
    #[error("the tensors do not fit: {0}")]
    Invalid(String),
    /// It took too long, or waited too long for its turn.
    #[error("the computation took longer than {} ms", .0.as_millis())]
    TimedOut(std::time::Duration),
    /// The engine failed.
    #[error("the computation failed: {0}")]
    Failed(String),
}

/// For sites and builds without models.
pub struct NoNeuralModels;

#[async_trait]
impl NeuralModels for NoNeuralModels {
    fn names(&self) -> Vec<String> {
        Vec::new()
    }

    async fn open(&self, name: &str) -> Result<Arc<dyn NeuralModel>, NeuralError> {
        Err(NeuralError::Unknown(name.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::{Element, Tensor};

    #[test]
    fn a_tensor_has_the_bytes_that_its_dimensions_want() {
        assert!(Tensor::new(vec![2, 3], Element::F32, vec![0; 24]).is_ok());
        assert!(Tensor::new(vec![], Element::I64, vec![0; 8]).is_ok());
        assert!(Tensor::new(vec![2, 3], Element::U8, vec![0; 7]).is_err());
        assert!(Tensor::new(vec![u32::MAX; 4], Element::I64, vec![0; 8]).is_err());
    }
}
