//! Functions, for values that are computed. There is no SQL console in this build.

use async_trait::async_trait;
use smartcms_app::ports::{
    FunctionCalls, FunctionError, PluginFailure, PluginFailureKind, PluginFunction, Scalar,
    ScalarType, misfit_of_functions,
};
use smartcms_domain::plugins::PluginId;

use super::convert::quoted;
use super::host::Called;
use crate::host_interfaces::smartcms::portable::plugins as wit;

/// The functions of a plugin for one caller.
pub(super) struct Caller {
    plugin: PluginId,
    place: u32,
    functions: Vec<PluginFunction>,
}

impl Caller {
    pub(super) fn open(plugin: &Called) -> Result<Self, FunctionError> {
        if !plugin.is_repeatable {
            let message = "was granted http, and functions are called only where a plugin reaches nothing; put them \
                           into a component of their own"
                .to_owned();
            let (plugin, kind) = (plugin.id.clone(), PluginFailureKind::Denied);
            return Err(PluginFailure { plugin, kind, message }.into());
        }
        let told = |it: wit::Function| PluginFunction {
            plugin: plugin.id.clone(),
            name: it.name,
            description: quoted(&it.description),
            parameters: it.parameters.into_iter().map(|it| (it.name, type_in(it.type_))).collect(),
            result: type_in(it.result),
            deterministic: it.deterministic,
        };
        let functions: Vec<_> = wit::list_functions(plugin.count()).into_iter().map(told).collect();
        if let Some(reason) = misfit_of_functions(&functions) {
            let what = format!("gave no list of functions that is of use: {reason}");
            return Err(plugin.unusable(&what).into());
        }
        Ok(Self { plugin: plugin.id.clone(), place: plugin.place, functions })
    }
}

#[async_trait]
impl FunctionCalls for Caller {
    fn functions(&self) -> &[PluginFunction] {
        &self.functions
    }

    async fn call(
        &mut self,
        function: &str,
        arguments: Vec<Scalar>,
    ) -> Result<Scalar, FunctionError> {
        let Some(declared) = self.functions.iter().find(|it| it.name == function) else {
            let names = self.functions.iter().map(|it| it.name.as_str());
            return Err(unknown(&self.plugin, function, names));
        };
        let arguments = declared.fitting(arguments)?;
        let arguments: Vec<wit::Scalar> = arguments.into_iter().map(scalar_out).collect();
        let answer = wit::call_function(self.place, function, &arguments);
        let value = answer.map_err(|reason| FunctionError::Refused(quoted(&reason)))?;
        scalar_in(value).of_type(declared.result).ok_or_else(|| {
            let message = format!("{} gave another type than it declares", declared.signature());
            let (plugin, kind) = (self.plugin.clone(), PluginFailureKind::Unusable);
            PluginFailure { plugin, kind, message }.into()
        })
    }
}

pub(super) fn unknown<'a>(
    plugin: &PluginId,
    function: &str,
    there: impl Iterator<Item = &'a str>,
) -> FunctionError {
    let names: Vec<&str> = there.collect();
    let hint =
        if names.is_empty() { String::new() } else { format!("; there are {}", names.join(", ")) };
    FunctionError::Unknown { plugin: plugin.clone(), function: function.to_owned(), hint }
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
