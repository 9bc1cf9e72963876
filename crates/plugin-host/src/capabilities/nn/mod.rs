//! `wasi:nn`: computing with models that the operator named, and no others.
//!
//! A guest brings no models of its own: an engine is native code, and a file that a stranger made is not for it. What
//! goes in and comes out is bounded like everything else that a guest gives and takes.

mod bindings;
mod graphs;
mod tensors;

use std::sync::Arc;

use smartcms_app::ports::{NeuralError, NeuralModel};
use smartcms_domain::plugins::Grant;
use wasmtime::component::{HasSelf, Linker, Resource};

use self::bindings::wasi::nn::errors::{self, ErrorCode};
use self::bindings::wasi::nn::tensor::TensorType;
use self::bindings::wasi::nn::{graph, inference};
use crate::error::LimitReached;
use crate::limits::NeuralLimits;
use crate::state::GuestState;

/// A tensor that a guest holds, as it was given: what is wrong with it is said when something is computed.
#[expect(unreachable_pub, reason = "the generated module exports it again")]
pub struct GuestTensor {
    dimensions: Vec<u32>,
    of: TensorType,
    bytes: bytes::Bytes,
}

/// A model that a guest opened.
#[expect(unreachable_pub, reason = "the generated module exports it again")]
pub struct Graph(Arc<dyn NeuralModel>);

/// A model that a guest computes with.
#[expect(unreachable_pub, reason = "the generated module exports it again")]
pub struct Context(Arc<dyn NeuralModel>);

/// Why a guest got no answer.
#[expect(unreachable_pub, reason = "the generated module exports it again")]
pub struct GuestError {
    code: ErrorCode,
    text: String,
}

/// What one call holds of models and tensors.
#[derive(Debug, Default)]
pub(crate) struct Held {
    graphs: usize,
    tensor_bytes: usize,
}

impl Held {
    fn take_bytes(&mut self, bytes: usize, limits: &NeuralLimits) -> Result<(), LimitReached> {
        let all = self.tensor_bytes.saturating_add(bytes);
        if all > limits.tensor_bytes_max {
            let limit = limits.tensor_bytes_max as u64;
            return Err(LimitReached::Count { name: "tensor_bytes", limit });
        }
        self.tensor_bytes = all;
        Ok(())
    }

    fn give_bytes(&mut self, bytes: usize) {
        self.tensor_bytes = self.tensor_bytes.saturating_sub(bytes);
    }

    fn take_graph(&mut self, limits: &NeuralLimits) -> Result<(), LimitReached> {
        if self.graphs >= limits.graphs_max {
            let limit = limits.graphs_max as u64;
            return Err(LimitReached::Count { name: "graphs", limit });
        }
        self.graphs += 1;
        Ok(())
    }

    fn give_graph(&mut self) {
        self.graphs = self.graphs.saturating_sub(1);
    }
}

/// Links `wasi:nn`.
pub(crate) fn add(linker: &mut Linker<GuestState>) -> wasmtime::Result<()> {
    tensors::add(linker)?;
    graph::add_to_linker::<_, HasSelf<GuestState>>(linker, |state| state)?;
    inference::add_to_linker::<_, HasSelf<GuestState>>(linker, |state| state)?;
    errors::add_to_linker::<_, HasSelf<GuestState>>(linker, |state| state)
}

/// Whether the plugin may compute with a model.
fn may_use(state: &GuestState, name: &str) -> bool {
    let named = |it: &Grant| matches!(it, Grant::Model(granted) if granted == name);
    state.profile().grant_list().iter().any(named)
}

/// An error for the guest to hold.
fn failed(
    state: &mut GuestState,
    code: ErrorCode,
    text: String,
) -> wasmtime::Result<Resource<GuestError>> {
    Ok(state.table().push(GuestError { code, text })?)
}

fn told(state: &mut GuestState, error: &NeuralError) -> wasmtime::Result<Resource<GuestError>> {
    let (code, text) = match error {
        NeuralError::Unknown(_) => (ErrorCode::NotFound, error.to_string()),
        NeuralError::TooLarge { .. } => (ErrorCode::TooLarge, error.to_string()),
        NeuralError::Invalid(_) => (ErrorCode::InvalidArgument, error.to_string()),
        NeuralError::TimedOut(_) => (ErrorCode::Timeout, error.to_string()),
        NeuralError::Unfit { name, .. } => {
            // Where the file is and what is in it is the operator's to know.
            tracing::error!(%error, "a plugin asked for a model that cannot be used");
            (ErrorCode::InvalidEncoding, format!("the model {name} cannot be loaded"))
        }
        NeuralError::Failed(_) => {
            tracing::error!(%error, "a model failed");
            (ErrorCode::RuntimeError, "the computation failed".to_owned())
        }
    };
    failed(state, code, text)
}

impl errors::Host for GuestState {}

impl errors::HostError for GuestState {
    async fn code(&mut self, error: Resource<GuestError>) -> wasmtime::Result<ErrorCode> {
        Ok(self.table().get(&error)?.code)
    }

    async fn data(&mut self, error: Resource<GuestError>) -> wasmtime::Result<String> {
        Ok(self.table().get(&error)?.text.clone())
    }

    async fn drop(&mut self, error: Resource<GuestError>) -> wasmtime::Result<()> {
        self.table().delete(error)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Held, LimitReached, NeuralLimits};

    #[test]
    fn what_a_call_holds_is_counted_and_the_limit_named() {
        let limits = NeuralLimits { graphs_max: 1, tensor_bytes_max: 10 };
        let mut held = Held::default();
        assert!(held.take_bytes(10, &limits).is_ok());
        let full = LimitReached::Count { name: "tensor_bytes", limit: 10 };
        assert_eq!(held.take_bytes(1, &limits), Err(full));
        held.give_bytes(4);
        assert!(held.take_bytes(4, &limits).is_ok());
        assert!(held.take_graph(&limits).is_ok());
        assert_eq!(held.take_graph(&limits), Err(LimitReached::Count { name: "graphs", limit: 1 }));
        held.give_graph();
        assert!(held.take_graph(&limits).is_ok());
    }
}
