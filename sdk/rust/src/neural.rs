//! Computing with models of the host, by `wasi:nn`. This needs the grant `nn=NAME` for each model.
//!
//! ```no_run
//! use smartcms_plugin::neural::{Input, Kind, Model};
//!
//! let model = Model::open("my-model")?;
//! let numbers = 1.5_f32.to_le_bytes();
//! let input = Input { name: "x", dimensions: &[1], kind: Kind::F32, bytes: &numbers };
//! for output in model.compute(&[input])? {
//!     println!("{}: {:?}", output.name, output.f32s());
//! }
//! # Ok::<(), smartcms_plugin::neural::NeuralError>(())
//! ```
//!
//! Outside WebAssembly there are no models: [`Model::open`] answers with an error.

use std::fmt;

#[cfg(target_arch = "wasm32")]
mod bindings {
    wit_bindgen::generate!({ path: "../../wit/deps/nn", world: "wasi:nn/ml" });
}

#[cfg(target_arch = "wasm32")]
use bindings::wasi::nn::{errors, graph, inference, tensor};

/// What the numbers of a tensor are, in little-endian bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Floating point, 4 bytes.
    F32,
    /// Whole numbers, 8 bytes.
    I64,
    /// Whole numbers, 4 bytes.
    I32,
    /// Whole numbers from 0 to 255.
    U8,
}

/// A tensor for the model.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// What the model calls it.
    pub name: &'a str,
    /// How many rows of rows it has.
    pub dimensions: &'a [u32],
    /// What the numbers are.
    pub kind: Kind,
    /// The numbers, the last dimension changing fastest.
    pub bytes: &'a [u8],
}

/// A tensor of the model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// What the model calls it.
    pub name: String,
    /// How many rows of rows it has.
    pub dimensions: Vec<u32>,
    /// The numbers, in little-endian bytes.
    pub bytes: Vec<u8>,
}

impl Output {
    /// The numbers of a tensor of [`Kind::F32`].
    #[must_use]
    pub fn f32s(&self) -> Vec<f32> {
        self.bytes.as_chunks::<4>().0.iter().map(|it| f32::from_le_bytes(*it)).collect()
    }
}

/// Why nothing was computed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NeuralError {
    /// The plugin was not granted this model.
    Denied(String),
    /// There is no such model.
    Unknown(String),
    /// The tensors are not what the model takes.
    Invalid(String),
    /// It took too long: trying again may help.
    TimedOut(String),
    /// Something else is wrong.
    Failed(String),
}

impl fmt::Display for NeuralError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::Denied(text)
        | Self::Unknown(text)
        | Self::Invalid(text)
        | Self::TimedOut(text)
        | Self::Failed(text)) = self;
        f.write_str(text)
    }
}

impl std::error::Error for NeuralError {}

/// A model that is open.
pub struct Model(host::Context);

impl Model {
    /// Opens a model by its name.
    pub fn open(name: &str) -> Result<Self, NeuralError> {
        host::open(name).map(Self)
    }

    /// Computes every output from every input.
    pub fn compute(&self, inputs: &[Input<'_>]) -> Result<Vec<Output>, NeuralError> {
        host::compute(&self.0, inputs)
    }
}

#[cfg(target_arch = "wasm32")]
mod host {
    use super::{Input, Kind, NeuralError, Output, errors, graph, inference, tensor};

    pub(super) type Context = inference::GraphExecutionContext;

    pub(super) fn open(name: &str) -> Result<Context, NeuralError> {
        Ok(graph::load_by_name(name)?.init_execution_context()?)
    }

    pub(super) fn compute(
        context: &Context,
        inputs: &[Input<'_>],
    ) -> Result<Vec<Output>, NeuralError> {
        let given = |it: &Input<'_>| {
            (it.name.to_owned(), tensor::Tensor::new(it.dimensions, kind(it.kind), it.bytes))
        };
        let outputs = context.compute(inputs.iter().map(given).collect())?;
        let taken = |(name, tensor): (String, tensor::Tensor)| Output {
            name,
            dimensions: tensor.dimensions(),
            bytes: tensor.data(),
        };
        Ok(outputs.into_iter().map(taken).collect())
    }

    fn kind(kind: Kind) -> tensor::TensorType {
        match kind {
            Kind::F32 => tensor::TensorType::Fp32,
            Kind::I64 => tensor::TensorType::I64,
            Kind::I32 => tensor::TensorType::I32,
            Kind::U8 => tensor::TensorType::U8,
        }
    }

    impl From<errors::Error> for NeuralError {
        fn from(error: errors::Error) -> Self {
            use errors::ErrorCode;
            let text = error.data();
            match error.code() {
                ErrorCode::Security => Self::Denied(text),
                ErrorCode::NotFound => Self::Unknown(text),
                ErrorCode::InvalidArgument => Self::Invalid(text),
                ErrorCode::Timeout => Self::TimedOut(text),
                _ => Self::Failed(text),
            }
        }
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod host {
    use super::{Input, NeuralError, Output};

    pub(super) struct Context(core::convert::Infallible);

    pub(super) fn open(name: &str) -> Result<Context, NeuralError> {
        Err(NeuralError::Unknown(format!("there is no model named {name} outside the host")))
    }

    pub(super) fn compute(context: &Context, _: &[Input<'_>]) -> Result<Vec<Output>, NeuralError> {
        match context.0 {}
    }
}
