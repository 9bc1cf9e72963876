//! Models by name, and computing with them.

use std::sync::Arc;

use smartcms_app::ports::{NamedTensor, NeuralError};
use wasmtime::component::Resource;

use super::bindings::wasi::nn::errors::ErrorCode;
use super::bindings::wasi::nn::graph::{self, ExecutionTarget, GraphEncoding};
use super::bindings::wasi::nn::inference;
use super::{Context, Graph, GuestError, GuestTensor, failed, may_use, told};
use crate::state::GuestState;

/// The most tensors of one computation, in and out.
const TENSORS_MAX: usize = 256;

type Named = (String, Resource<GuestTensor>);

impl graph::Host for GuestState {
    async fn load(
        &mut self,
        _files: Vec<Vec<u8>>,
        _encoding: GraphEncoding,
        _target: ExecutionTarget,
    ) -> wasmtime::Result<Result<Resource<Graph>, Resource<GuestError>>> {
        self.count_host_call()?;
        self.profile().meter.denied();
        let text = "this host computes with the models that its operator named; use load-by-name";
        Ok(Err(failed(self, ErrorCode::Security, text.to_owned())?))
    }

    async fn load_by_name(
        &mut self,
        name: String,
    ) -> wasmtime::Result<Result<Resource<Graph>, Resource<GuestError>>> {
        self.count_host_call()?;
        if !may_use(self, &name) {
            self.profile().meter.denied();
            let name: String = name.chars().take(100).collect();
            let text = format!("the plugin was not granted nn={name}");
            return Ok(Err(failed(self, ErrorCode::Security, text)?));
        }
        let limits = self.profile().limits.neural;
        let models = Arc::clone(&self.profile().services.models);
        match models.open(&name).await {
            Ok(model) => {
                self.neural().take_graph(&limits)?;
                Ok(Ok(self.table().push(Graph(model))?))
            }
            Err(error) => Ok(Err(told(self, &error)?)),
        }
    }
}

impl graph::HostGraph for GuestState {
    async fn init_execution_context(
        &mut self,
        graph: Resource<Graph>,
    ) -> wasmtime::Result<Result<Resource<Context>, Resource<GuestError>>> {
        self.count_host_call()?;
        let model = Arc::clone(&self.table().get(&graph)?.0);
        Ok(Ok(self.table().push(Context(model))?))
    }

    async fn drop(&mut self, graph: Resource<Graph>) -> wasmtime::Result<()> {
        self.table().delete(graph)?;
        self.neural().give_graph();
        Ok(())
    }
}

impl inference::Host for GuestState {}

impl inference::HostGraphExecutionContext for GuestState {
    async fn compute(
        &mut self,
        context: Resource<Context>,
        inputs: Vec<Named>,
    ) -> wasmtime::Result<Result<Vec<Named>, Resource<GuestError>>> {
        self.count_host_call()?;
        let model = Arc::clone(&self.table().get(&context)?.0);
        let inputs = match taken(self, inputs)? {
            Ok(inputs) => inputs,
            Err(error) => return Ok(Err(told(self, &error)?)),
        };
        match model.compute(inputs).await {
            Ok(outputs) => Ok(Ok(given(self, outputs)?)),
            Err(error) => Ok(Err(told(self, &error)?)),
        }
    }

    async fn drop(&mut self, context: Resource<Context>) -> wasmtime::Result<()> {
        self.table().delete(context)?;
        Ok(())
    }
}

/// The tensors that the guest gave away.
fn taken(
    state: &mut GuestState,
    inputs: Vec<Named>,
) -> wasmtime::Result<Result<Vec<NamedTensor>, NeuralError>> {
    let mut all = Vec::new();
    for (name, tensor) in inputs {
        let tensor = state.table().delete(tensor)?;
        state.neural().give_bytes(tensor.len());
        all.push((name, tensor));
    }
    if all.len() > TENSORS_MAX {
        let text = format!("{} inputs are too many; {TENSORS_MAX} is the limit", all.len());
        return Ok(Err(NeuralError::Invalid(text)));
    }
    Ok(all.into_iter().map(|(name, tensor)| Ok((name, tensor.checked()?))).collect())
}

/// What was computed, in the guest's hands.
fn given(state: &mut GuestState, outputs: Vec<NamedTensor>) -> wasmtime::Result<Vec<Named>> {
    let limits = state.profile().limits.neural;
    let mut named = Vec::new();
    for (name, tensor) in outputs {
        state.neural().take_bytes(tensor.bytes().len(), &limits)?;
        named.push((name, state.table().push(GuestTensor::of(&tensor))?));
    }
    Ok(named)
}
