//! Tensors between the guest's memory and the port.

use bytes::Bytes;
use smartcms_app::ports::{Element, NeuralError, Tensor};
use wasmtime::StoreContextMut;
use wasmtime::component::{Linker, Resource, ResourceType, WasmList};

use super::GuestTensor;
use super::bindings::wasi::nn::tensor::TensorType;
use crate::state::GuestState;

/// The most dimensions of a tensor.
const DIMENSIONS_MAX: usize = 16;

impl GuestTensor {
    pub(super) fn of(tensor: &Tensor) -> Self {
        let of = match tensor.element() {
            Element::F32 => TensorType::Fp32,
            Element::I64 => TensorType::I64,
            Element::I32 => TensorType::I32,
            Element::U8 => TensorType::U8,
        };
        Self { dimensions: tensor.dimensions().to_vec(), of, bytes: tensor.bytes().clone() }
    }

    pub(super) fn len(&self) -> usize {
        self.bytes.len()
    }

    pub(super) fn checked(self) -> Result<Tensor, NeuralError> {
        let element = match self.of {
            TensorType::Fp32 => Element::F32,
            TensorType::I64 => Element::I64,
            TensorType::I32 => Element::I32,
            TensorType::U8 => Element::U8,
            TensorType::Fp16 | TensorType::Fp64 | TensorType::Bf16 => {
                let text = "this host computes with fp32, int64, int32 and uint8".to_owned();
                return Err(NeuralError::Invalid(text));
            }
        };
        if self.dimensions.len() > DIMENSIONS_MAX {
            let count = self.dimensions.len();
            let text = format!("{count} dimensions are too many; {DIMENSIONS_MAX} is the limit");
            return Err(NeuralError::Invalid(text));
        }
        Tensor::new(self.dimensions, element, self.bytes)
    }
}

/// Links `wasi:nn/tensor`. By hand, since the generated code copies the numbers of a new tensor one by one, and what a model
/// keeps between two computations may be megabytes.
pub(super) fn add(linker: &mut Linker<GuestState>) -> wasmtime::Result<()> {
    let mut instance = linker.instance("wasi:nn/tensor@0.2.0-rc-2024-10-28")?;
    instance.resource("tensor", ResourceType::host::<GuestTensor>(), |mut store, at| {
        let state = store.data_mut();
        let tensor = state.table().delete(Resource::<GuestTensor>::new_own(at))?;
        state.neural().give_bytes(tensor.len());
        Ok(())
    })?;
    instance.func_wrap("[constructor]tensor", new)?;
    instance.func_wrap("[method]tensor.dimensions", |mut store, (tensor,): (Held,)| {
        Ok((store.data_mut().table().get(&tensor)?.dimensions.clone(),))
    })?;
    instance.func_wrap("[method]tensor.ty", |mut store, (tensor,): (Held,)| {
        Ok((store.data_mut().table().get(&tensor)?.of,))
    })?;
    instance.func_wrap("[method]tensor.data", |mut store, (tensor,): (Held,)| {
        Ok((store.data_mut().table().get(&tensor)?.bytes.to_vec(),))
    })
}

type Held = Resource<GuestTensor>;

fn new(
    mut store: StoreContextMut<'_, GuestState>,
    (dimensions, of, data): (Vec<u32>, TensorType, WasmList<u8>),
) -> wasmtime::Result<(Held,)> {
    let state = store.data_mut();
    state.count_host_call()?;
    let limits = state.profile().limits.neural;
    state.neural().take_bytes(data.len(), &limits)?;
    let bytes = Bytes::copy_from_slice(data.as_le_slice(&store));
    Ok((store.data_mut().table().push(GuestTensor { dimensions, of, bytes })?,))
}
