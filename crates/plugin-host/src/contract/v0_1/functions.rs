//! `smartcms:plugin/functions` 0.1.0.

use std::sync::Arc;

use async_trait::async_trait;
use smartcms_app::ports::{Scalar, ScalarType};
use wasmtime::Store;
use wasmtime::component::{InstancePre, TypedFunc};

use super::bindings::functions::FunctionLibrary;
use super::bindings::functions::exports::smartcms::plugin::functions as wit;
use crate::contract::{Library, LibraryAtOnce, ListedFunction};
use crate::state::GuestState;

#[async_trait]
impl Library for FunctionLibrary {
    async fn list(&self, store: &mut Store<GuestState>) -> wasmtime::Result<Vec<ListedFunction>> {
        let functions = self.smartcms_plugin_functions().call_list(store).await?;
        Ok(functions.into_iter().map(function).collect())
    }

    async fn call(
        &self,
        store: &mut Store<GuestState>,
        function: &str,
        arguments: Vec<Scalar>,
    ) -> wasmtime::Result<Result<Scalar, String>> {
        let arguments: Vec<wit::Scalar> = arguments.into_iter().map(scalar_out).collect();
        let answer =
            self.smartcms_plugin_functions().call_call(store, function, &arguments).await?;
        Ok(answer.map(scalar_in))
    }
}

const INTERFACE: &str = "smartcms:plugin/functions@0.1.0";

/// The function `call` of one instance; its types were compared when the instance was made.
pub(super) struct AtOnce(TypedFunc<Call, Answer>);

/// The name of a function, and its arguments.
type Call = (Arc<str>, Vec<wit::Scalar>);
/// Its value, or why it has none.
type Answer = (Result<wit::Scalar, String>,);

impl AtOnce {
    pub(super) fn new(
        linked: &InstancePre<GuestState>,
        store: &mut Store<GuestState>,
    ) -> wasmtime::Result<Self> {
        let instance = linked.instantiate(&mut *store)?;
        let missing = || wasmtime::format_err!("it exports no {INTERFACE}");
        let interface =
            instance.get_export_index(&mut *store, None, INTERFACE).ok_or_else(missing)?;
        let call =
            instance.get_export_index(&mut *store, Some(&interface), "call").ok_or_else(missing)?;
        Ok(Self(instance.get_typed_func(store, call)?))
    }
}

impl LibraryAtOnce for AtOnce {
    fn call(
        &self,
        store: &mut Store<GuestState>,
        function: Arc<str>,
        arguments: Vec<Scalar>,
    ) -> wasmtime::Result<Result<Scalar, String>> {
        let arguments = arguments.into_iter().map(scalar_out).collect();
        let (answer,) = self.0.call(store, (function, arguments))?;
        Ok(answer.map(scalar_in))
    }
}

fn function(it: wit::Function) -> ListedFunction {
    let parameter = |it: wit::Parameter| (it.name, type_in(it.type_));
    ListedFunction {
        name: it.name,
        description: it.description,
        parameters: it.parameters.into_iter().map(parameter).collect(),
        result: type_in(it.result),
        deterministic: it.deterministic,
    }
}

fn type_in(it: wit::ScalarType) -> ScalarType {
    match it {
        wit::ScalarType::Boolean => ScalarType::Boolean,
        wit::ScalarType::Integer => ScalarType::Integer,
        wit::ScalarType::Number => ScalarType::Number,
        wit::ScalarType::Text => ScalarType::Text,
        wit::ScalarType::Bytes => ScalarType::Bytes,
    }
}

fn scalar_out(it: Scalar) -> wit::Scalar {
    match it {
        Scalar::Null => wit::Scalar::Null,
        Scalar::Boolean(it) => wit::Scalar::Boolean(it),
        Scalar::Integer(it) => wit::Scalar::Integer(it),
        Scalar::Number(it) => wit::Scalar::Number(it),
        Scalar::Text(it) => wit::Scalar::Text(it),
        Scalar::Bytes(it) => wit::Scalar::Bytes(it),
    }
}

fn scalar_in(it: wit::Scalar) -> Scalar {
    match it {
        wit::Scalar::Null => Scalar::Null,
        wit::Scalar::Boolean(it) => Scalar::Boolean(it),
        wit::Scalar::Integer(it) => Scalar::Integer(it),
        wit::Scalar::Number(it) => Scalar::Number(it),
        wit::Scalar::Text(it) => Scalar::Text(it),
        wit::Scalar::Bytes(it) => Scalar::Bytes(it),
    }
}
