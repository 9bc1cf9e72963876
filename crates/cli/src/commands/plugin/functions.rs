//! `smartcms plugin functions` and `smartcms plugin call`.

use serde_json::{Value, json};
use smartcms_app::App;
use smartcms_app::ports::{FunctionError, PluginFunction, Scalar, ScalarType};
use smartcms_domain::plugins::PluginId;

use super::super::say;
use crate::failure::{Failure, exit};

pub(super) async fn list(app: &App, as_json: bool) -> anyhow::Result<()> {
    let mut found: Vec<PluginFunction> = Vec::new();
    let mut failures = Vec::new();
    for id in app.plugins.function_libraries() {
        match app.plugins.functions(&id).await {
            Ok(calls) => found.extend_from_slice(calls.functions()),
            Err(error) => failures.push(error),
        }
    }
    if as_json {
        say(serde_json::to_string_pretty(&found.iter().map(json_of).collect::<Vec<_>>())?);
        return Ok(());
    }
    if found.is_empty() && failures.is_empty() {
        say("no plugin brings functions");
    }
    for function in &found {
        say(format_args!("{} {}", function.plugin, function.signature()));
        if !function.description.is_empty() {
            say(format_args!("  {}", function.description));
        }
    }
    for failure in failures {
        say(failure);
    }
    Ok(())
}

pub(super) async fn call(
    app: &App,
    id: &PluginId,
    function: &str,
    arguments: &[String],
) -> anyhow::Result<()> {
    let mut calls = app.plugins.functions(id).await.map_err(failure)?;
    let declared = calls.functions().iter().find(|it| it.name == function);
    let types = declared.map(|it| it.parameters.clone()).unwrap_or_default();
    let mut values = Vec::with_capacity(arguments.len());
    for (index, text) in arguments.iter().enumerate() {
        // What is too much is told by the call itself.
        let wanted = types.get(index).map_or(ScalarType::Text, |(_, it)| *it);
        values.push(scalar(text, wanted)?);
    }
    let value = calls.call(function, values).await.map_err(failure)?;
    say(shown(&value));
    Ok(())
}

fn failure(error: FunctionError) -> anyhow::Error {
    let hint = "`smartcms plugin functions` lists them; `smartcms plugin logs ID` shows what a plugin wrote";
    Failure::hinted(error.to_string(), hint, exit::INVALID)
}

/// A value of a type, as it is written on the command line.
pub(in crate::commands) fn scalar(text: &str, wanted: ScalarType) -> anyhow::Result<Scalar> {
    if text == "null" && wanted != ScalarType::Text {
        return Ok(Scalar::Null);
    }
    let found = match wanted {
        ScalarType::Boolean => text.parse().ok().map(Scalar::Boolean),
        ScalarType::Integer => text.parse().ok().map(Scalar::Integer),
        ScalarType::Number => text.parse().ok().map(Scalar::Number),
        ScalarType::Text => Some(Scalar::Text(text.to_owned())),
        ScalarType::Bytes => bytes(text).map(Scalar::Bytes),
    };
    found.ok_or_else(|| {
        let message = format!("`{text}` is no {}", wanted.name());
        let hint = "true or false, numbers, text as it is, bytes in hexadecimal digits, null";
        Failure::hinted(message, hint, exit::INVALID)
    })
}

fn bytes(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes().chunks(2);
    let byte = |pair: &[u8]| {
        let pair = std::str::from_utf8(pair).ok().filter(|it| it.len() == 2)?;
        u8::from_str_radix(pair, 16).ok()
    };
    digits.map(byte).collect()
}

/// A value as people read it.
pub(in crate::commands) fn shown(value: &Scalar) -> String {
    match value {
        Scalar::Null => "null".to_owned(),
        Scalar::Boolean(it) => it.to_string(),
        Scalar::Integer(it) => it.to_string(),
        Scalar::Number(it) => it.to_string(),
        Scalar::Text(it) => it.clone(),
        Scalar::Bytes(it) => it.iter().map(|byte| format!("{byte:02x}")).collect(),
    }
}

fn json_of(function: &PluginFunction) -> Value {
    let parameter = |(name, it): &(String, ScalarType)| json!({ "name": name, "type": it.name() });
    json!({
        "plugin": function.plugin.as_str(),
        "name": function.name,
        "description": function.description,
        "parameters": function.parameters.iter().map(parameter).collect::<Vec<_>>(),
        "result": function.result.name(),
        "deterministic": function.deterministic,
    })
}
