//! `smartcms function`.

use anyhow::Context as _;
use serde_json::{Value, json};
use smartcms_app::ports::{PluginFunction, Scalar, ScalarType};
use smartcms_store_sql::{SqlLimits, StoredFunction};

use super::plugin::functions::{scalar, shown};
use super::{say, sql};
use crate::args::{Folders, FunctionCommand};
use crate::compose::{OpenConsole, open_console};
use crate::failure::{Failure, exit};

pub(super) async fn function(folders: &Folders, command: FunctionCommand) -> anyhow::Result<()> {
    let open = open_console(folders, SqlLimits::default(), false).await?;
    // Modules are made ready and called on a thread that may wait.
    let done = tokio::task::spawn_blocking(move || match command {
        FunctionCommand::List { json } => list(&open, json),
        FunctionCommand::Test { name, arguments } => test(open, &name, &arguments),
    });
    done.await.context("the thread of the functions ended")?
}

fn list(open: &OpenConsole, as_json: bool) -> anyhow::Result<()> {
    let stored = open.console.stored_functions();
    if as_json {
        let brought = open.brought.iter().map(|(name, it)| json_of_plugin(name, it));
        let all: Vec<Value> = brought.chain(stored.iter().map(json_of_stored)).collect();
        say(serde_json::to_string_pretty(&all)?);
        return Ok(());
    }
    if open.brought.is_empty() && stored.is_empty() {
        say("no plugin brings functions, and none was created");
    }
    for (name, function) in &open.brought {
        let signature = function.signature();
        let form = signature.strip_prefix(function.name.as_str()).unwrap_or(&signature);
        let same = if function.deterministic { "" } else { "  (not deterministic)" };
        say(format_args!("{name}{form}  of the plugin {}{same}", function.plugin));
    }
    for function in &stored {
        let bytes = function.bytes;
        match &function.shape {
            Ok((signature, _)) => say(format_args!("{signature}  created, {bytes} bytes")),
            Err(reason) => say(format_args!("{}  cannot be called: {reason}", function.name)),
        }
    }
    Ok(())
}

fn test(mut open: OpenConsole, name: &str, arguments: &[String]) -> anyhow::Result<()> {
    let types = types(&open, name)?;
    let mut values = Vec::with_capacity(arguments.len());
    for (at, text) in arguments.iter().enumerate() {
        // What is too much is told by the call itself.
        values.push(scalar(text, types.get(at).copied().unwrap_or(ScalarType::Text))?);
    }
    let value = open.console.call(name, values).map_err(sql::failure)?;
    say(match value {
        Scalar::Null => "NULL".to_owned(),
        other => shown(&other),
    });
    Ok(())
}

fn types(open: &OpenConsole, name: &str) -> anyhow::Result<Vec<ScalarType>> {
    let same = |it: &str| it.eq_ignore_ascii_case(name);
    let stored = open.console.stored_functions();
    if let Some(found) = stored.into_iter().find(|it| same(&it.name)) {
        let shape = found.shape.map(|(_, types)| types);
        return shape.map_err(|reason| {
            let hint = format!("DROP FUNCTION {name} takes it away");
            Failure::hinted(reason, hint, exit::INVALID)
        });
    }
    let found = open.brought.iter().find(|(known, _)| same(known));
    found.map(|(_, it)| it.parameters.iter().map(|(_, it)| *it).collect()).ok_or_else(|| {
        let message = format!("there is no function {name} of a plugin, and none was created");
        Failure::hinted(message, "`smartcms function list` lists them", exit::NOT_FOUND)
    })
}

fn json_of_plugin(name: &str, function: &PluginFunction) -> Value {
    json!({
        "name": name,
        "plugin": function.plugin.as_str(),
        "signature": function.signature(),
        "description": function.description,
        "deterministic": function.deterministic,
    })
}

fn json_of_stored(function: &StoredFunction) -> Value {
    let (signature, problem) = match &function.shape {
        Ok((signature, _)) => (Some(signature), None),
        Err(reason) => (None, Some(reason)),
    };
    json!({
        "name": function.name,
        "plugin": null,
        "signature": signature,
        "problem": problem,
        "bytes": function.bytes,
        "deterministic": false,
    })
}
