//! Which models helped to write a saved state, as it is stored: a JSON array, or nothing.

use serde_json::{Value, json};
use smartcms_domain::entries::Help;

use crate::sqlite::rows::Fault;

/// What is stored.
pub(super) fn text_of(help: &[Help]) -> Option<String> {
    let one = |it: &Help| {
        let Help { task, model, person, .. } = it;
        json!({ "task": task, "model": model, "prompt": it.prompt_digest(), "person": person })
    };
    (!help.is_empty()).then(|| Value::Array(help.iter().map(one).collect()).to_string())
}

/// What was stored.
pub(super) fn read(text: Option<&str>) -> Result<Vec<Help>, Fault> {
    let Some(text) = text else { return Ok(Vec::new()) };
    let stored: Vec<Value> = serde_json::from_str(text)?;
    stored.iter().map(one).collect()
}

fn one(value: &Value) -> Result<Help, Fault> {
    let text = |name: &str| -> Result<String, Fault> {
        let text = value.get(name).and_then(Value::as_str);
        Ok(text.ok_or_else(|| format!("there is no {name}"))?.to_owned())
    };
    let prompt = digest(&text("prompt")?).ok_or("the prompt is no digest")?;
    Ok(Help { task: text("task")?, model: text("model")?, prompt, person: text("person")? })
}

fn digest(hex: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    if hex.len() != 2 * bytes.len() {
        return None;
    }
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(hex.get(2 * at..2 * at + 2)?, 16).ok()?;
    }
    Some(bytes)
}
