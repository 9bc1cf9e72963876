//! One ONNX model on the engine `rten`.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use rten::{Model, NodeId, RunOptions, ThreadPool, Value, ValueOrView};
use rten_tensor::{AsView as _, Layout as _};
use smartcms_app::ports::{Element, NamedTensor, NeuralError, NeuralModel, Tensor};

use crate::declared;
use crate::places::Places;

/// A loaded model.
pub(crate) struct OnnxModel {
    loaded: Arc<Loaded>,
    places: Places,
}

struct Loaded {
    model: Model,
    inputs: Vec<(String, NodeId)>,
    outputs: Vec<(String, NodeId)>,
    declared: BTreeMap<String, u64>,
    threads: Arc<ThreadPool>,
}

impl OnnxModel {
    /// Loads a file; work for a thread that may block.
    pub(crate) fn load(
        name: &str,
        file: Vec<u8>,
        threads: Arc<ThreadPool>,
        places: Places,
    ) -> Result<Self, NeuralError> {
        let unfit = |reason: String| NeuralError::Unfit { name: name.to_owned(), reason };
        let declared = declared::outputs(&file);
        let model = Model::load(file).map_err(|error| unfit(error.to_string()))?;
        let (inputs, outputs) =
            (named(&model, model.input_ids()), named(&model, model.output_ids()));
        if outputs.is_empty() {
            return Err(unfit("it has no outputs".to_owned()));
        }
        let loaded = Arc::new(Loaded { model, inputs, outputs, declared, threads });
        Ok(Self { loaded, places })
    }
}

#[async_trait]
impl NeuralModel for OnnxModel {
    async fn compute(&self, inputs: Vec<NamedTensor>) -> Result<Vec<NamedTensor>, NeuralError> {
        let loaded = Arc::clone(&self.loaded);
        self.places.run(move || loaded.compute(inputs)).await
    }
}

impl Loaded {
    fn compute(&self, inputs: Vec<NamedTensor>) -> Result<Vec<NamedTensor>, NeuralError> {
        self.check(&inputs)?;
        let inputs = inputs.iter().map(|it| self.input(it)).collect::<Result<Vec<_>, _>>()?;
        let ids: Vec<NodeId> = self.outputs.iter().map(|(_, id)| *id).collect();
        let options = RunOptions::default().with_thread_pool(Some(Arc::clone(&self.threads)));
        let values = self.model.run(inputs, &ids, Some(options));
        let values = values.map_err(|error| NeuralError::Invalid(error.to_string()))?;
        let named = self.outputs.iter().zip(values);
        named.map(|((name, _), value)| Ok((name.clone(), self.output(name, value)?))).collect()
    }

    /// Each input once and none that the model does not have: the engine would compute with what is left of it.
    fn check(&self, inputs: &[NamedTensor]) -> Result<(), NeuralError> {
        let wanted: Vec<&str> = self.inputs.iter().map(|(name, _)| name.as_str()).collect();
        let mut given: Vec<&str> = inputs.iter().map(|(name, _)| name.as_str()).collect();
        given.sort_unstable();
        let mut sorted = wanted.clone();
        sorted.sort_unstable();
        if given == sorted {
            return Ok(());
        }
        Err(NeuralError::Invalid(format!(
            "the model takes {}, and was given {}",
            wanted.join(", "),
            given.join(", ")
        )))
    }

    fn input(
        &self,
        (name, tensor): &NamedTensor,
    ) -> Result<(NodeId, ValueOrView<'static>), NeuralError> {
        let id = self.inputs.iter().find(|(it, _)| it == name).map(|(_, id)| *id);
        let id = id.ok_or_else(|| NeuralError::Invalid(format!("there is no input {name}")))?;
        let shape: Vec<usize> = tensor.dimensions().iter().map(|it| *it as usize).collect();
        let bytes = tensor.bytes();
        let wrong = |error: String| NeuralError::Invalid(format!("{name}: {error}"));
        let value = match tensor.element() {
            Element::F32 => Value::from_shape(shape, numbers(bytes, f32::from_le_bytes))
                .map_err(|error| wrong(error.to_string()))?,
            Element::I32 => Value::from_shape(shape, numbers(bytes, i32::from_le_bytes))
                .map_err(|error| wrong(error.to_string()))?,
            Element::I64 => {
                let narrow = numbers(bytes, i64::from_le_bytes).into_iter().map(i32::try_from);
                let narrow = narrow.collect::<Result<Vec<i32>, _>>();
                let narrow = narrow.map_err(|_| {
                    wrong("this engine computes with whole numbers of 32 bits".to_owned())
                })?;
                Value::from_shape(shape, narrow).map_err(|error| wrong(error.to_string()))?
            }
            Element::U8 => Value::from_shape(shape, bytes.to_vec())
                .map_err(|error| wrong(error.to_string()))?,
        };
        Ok((id, value.into()))
    }

    fn output(&self, name: &str, value: Value) -> Result<Tensor, NeuralError> {
        let shape = value.shape().to_vec();
        let dimensions: Vec<u32> =
            shape.into_iter().map(|it| u32::try_from(it).unwrap_or(u32::MAX)).collect();
        match value {
            Value::FloatTensor(tensor) => {
                let bytes: Vec<u8> = tensor.iter().flat_map(|it| it.to_le_bytes()).collect();
                Tensor::new(dimensions, Element::F32, bytes)
            }
            Value::Int32Tensor(tensor) if self.declared.get(name) == Some(&declared::INT64) => {
                let bytes = tensor.iter().flat_map(|it| i64::from(*it).to_le_bytes());
                Tensor::new(dimensions, Element::I64, bytes.collect::<Vec<u8>>())
            }
            Value::Int32Tensor(tensor) => {
                let bytes: Vec<u8> = tensor.iter().flat_map(|it| it.to_le_bytes()).collect();
                Tensor::new(dimensions, Element::I32, bytes)
            }
            Value::UInt8Tensor(tensor) => {
                Tensor::new(dimensions, Element::U8, tensor.iter().copied().collect::<Vec<u8>>())
            }
            _ => {
                Err(NeuralError::Failed(format!("the output {name} is no tensor of a known type")))
            }
        }
    }
}

fn named(model: &Model, ids: &[NodeId]) -> Vec<(String, NodeId)> {
    let name = |id: &NodeId| Some((model.node_info(*id)?.name()?.to_owned(), *id));
    ids.iter().filter_map(name).collect()
}

fn numbers<const N: usize, T>(bytes: &[u8], number: impl Fn([u8; N]) -> T) -> Vec<T> {
    bytes.as_chunks::<N>().0.iter().map(|it| number(*it)).collect()
}
