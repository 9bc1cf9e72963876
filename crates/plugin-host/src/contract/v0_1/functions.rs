//! `smartcms:plugin/functions` 0.1.0.

use async_trait::async_trait;
use smartcms_app::ports::{Scalar, ScalarType};
use wasmtime::Store;

use super::bindings::functions::FunctionLibrary;
use super::bindings::functions::exports::smartcms::plugin::functions as wit;
use crate::contract::{Library, ListedFunction};
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
