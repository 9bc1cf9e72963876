//! One ONNX model on the engine `rten`.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use bytemuck::Pod;
use rten::{Model, NodeId, RunOptions, ThreadPool, Value, ValueOrView, ValueView};
use rten_tensor::{AsView as _, Layout as _, Tensor as Numbers, TensorView};
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
    /// The threads that compute together; none for a model that one of them computes sooner.
    threads: Option<Arc<ThreadPool>>,
}

/// The largest model that is computed by one thread, in bytes. Several wait for one another after each operation, and its
/// operations are short: the storyteller, of 3 MB, writes a third less with two.
const ALONE_BYTES_MAX: usize = 4 * 1024 * 1024;

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
        let threads = (file.len() > ALONE_BYTES_MAX).then_some(threads);
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
        self.places.run(move |alone| loaded.compute(inputs, alone)).await
    }
}

impl Loaded {
    fn compute(
        &self,
        inputs: Vec<NamedTensor>,
        alone: &Arc<ThreadPool>,
    ) -> Result<Vec<NamedTensor>, NeuralError> {
        self.check(&inputs)?;
        let inputs = inputs.iter().map(|it| self.input(it)).collect::<Result<Vec<_>, _>>()?;
        let ids: Vec<NodeId> = self.outputs.iter().map(|(_, id)| *id).collect();
        let threads = Arc::clone(self.threads.as_ref().unwrap_or(alone));
        let options = RunOptions::default().with_thread_pool(Some(threads));
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

    fn input<'a>(
        &self,
        (name, tensor): &'a NamedTensor,
    ) -> Result<(NodeId, ValueOrView<'a>), NeuralError> {
        let id = self.inputs.iter().find(|(it, _)| it == name).map(|(_, id)| *id);
        let id = id.ok_or_else(|| NeuralError::Invalid(format!("there is no input {name}")))?;
        let shape: Vec<usize> = tensor.dimensions().iter().map(|it| *it as usize).collect();
        let bytes = tensor.bytes();
        let value = match tensor.element() {
            Element::F32 => taken(&shape, bytes, f32::from_le_bytes),
            Element::I32 => taken(&shape, bytes, i32::from_le_bytes),
            Element::I64 => narrow(&shape, bytes),
            Element::U8 => taken(&shape, bytes, u8::from_le_bytes),
        };
        Ok((id, value.map_err(|error| NeuralError::Invalid(format!("{name}: {error}")))?))
    }

    fn output(&self, name: &str, value: Value) -> Result<Tensor, NeuralError> {
        let shape = value.shape().to_vec();
        let dimensions: Vec<u32> =
            shape.into_iter().map(|it| u32::try_from(it).unwrap_or(u32::MAX)).collect();
        match value {
            Value::FloatTensor(tensor) => {
                Tensor::new(dimensions, Element::F32, given(&tensor, f32::to_le_bytes))
            }
            Value::Int32Tensor(tensor) if self.declared.get(name) == Some(&declared::INT64) => {
                let bytes = tensor.iter().flat_map(|it| i64::from(*it).to_le_bytes());
                Tensor::new(dimensions, Element::I64, bytes.collect::<Vec<u8>>())
            }
            Value::Int32Tensor(tensor) => {
                Tensor::new(dimensions, Element::I32, given(&tensor, i32::to_le_bytes))
            }
            Value::UInt8Tensor(tensor) => {
                Tensor::new(dimensions, Element::U8, given(&tensor, u8::to_le_bytes))
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

/// Whether numbers in memory are the bytes that tensors have.
const IS_LITTLE_ENDIAN: bool = u16::from_ne_bytes([1, 0]) == 1;

/// Numbers for the engine: where they lie, if this machine has its own like that, and copied otherwise. What a model keeps
/// between two computations comes with each of them, and may be megabytes.
fn taken<'a, T: Pod, const N: usize>(
    shape: &[usize],
    bytes: &'a [u8],
    number: impl Fn([u8; N]) -> T,
) -> Result<ValueOrView<'a>, String>
where
    ValueView<'a>: From<TensorView<'a, T>>,
    Value: From<Numbers<T>>,
{
    match bytemuck::try_cast_slice(bytes) {
        Ok(there) if IS_LITTLE_ENDIAN => {
            Ok(ValueView::from_shape::<T>(shape, there).map_err(|it| it.to_string())?.into())
        }
        _ => {
            let copied = bytes.as_chunks::<N>().0.iter().map(|it| number(*it)).collect();
            Ok(Value::from_shape::<T>(shape, copied).map_err(|it| it.to_string())?.into())
        }
    }
}

/// Whole numbers of 64 bits, which the engine does not know.
fn narrow(shape: &[usize], bytes: &[u8]) -> Result<ValueOrView<'static>, String> {
    let wide = bytes.as_chunks::<8>().0.iter().map(|it| i32::try_from(i64::from_le_bytes(*it)));
    let narrow = wide.collect::<Result<Vec<i32>, _>>();
    let narrow = narrow.map_err(|_| "this engine computes with whole numbers of 32 bits")?;
    Ok(Value::from_shape(shape, narrow).map_err(|it| it.to_string())?.into())
}

/// The bytes of what the engine computed.
fn given<T: Pod, const N: usize>(tensor: &Numbers<T>, bytes: impl Fn(T) -> [u8; N]) -> Vec<u8> {
    match tensor.data() {
        Some(numbers) if IS_LITTLE_ENDIAN => bytemuck::cast_slice(numbers).to_vec(),
        _ => tensor.iter().flat_map(|it| bytes(*it)).collect(),
    }
}
