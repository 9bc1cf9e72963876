//! Tensors between the guest's memory and the port.

use smartcms_app::ports::{Element, NeuralError, Tensor};
use wasmtime::component::Resource;

use super::GuestTensor;
use super::bindings::wasi::nn::tensor::{self, TensorType};
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

impl tensor::Host for GuestState {}

impl tensor::HostTensor for GuestState {
    async fn new(
        &mut self,
        dimensions: Vec<u32>,
        of: TensorType,
        data: Vec<u8>,
    ) -> wasmtime::Result<Resource<GuestTensor>> {
        self.count_host_call()?;
        let limits = self.profile().limits.neural;
        self.neural().take_bytes(data.len(), &limits)?;
        Ok(self.table().push(GuestTensor { dimensions, of, bytes: data.into() })?)
    }

    async fn dimensions(&mut self, tensor: Resource<GuestTensor>) -> wasmtime::Result<Vec<u32>> {
        Ok(self.table().get(&tensor)?.dimensions.clone())
    }

    async fn ty(&mut self, tensor: Resource<GuestTensor>) -> wasmtime::Result<TensorType> {
        Ok(self.table().get(&tensor)?.of)
    }

    async fn data(&mut self, tensor: Resource<GuestTensor>) -> wasmtime::Result<Vec<u8>> {
        Ok(self.table().get(&tensor)?.bytes.to_vec())
    }

    async fn drop(&mut self, tensor: Resource<GuestTensor>) -> wasmtime::Result<()> {
        let bytes = self.table().delete(tensor)?.len();
        self.neural().give_bytes(bytes);
        Ok(())
    }
}
