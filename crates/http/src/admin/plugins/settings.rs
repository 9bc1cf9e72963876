//! `/admin/plugins/{id}/settings`: a form made of the schema that a plugin's file has.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde_json::{Map, Value};
use smartcms_app::plugins::{SettingChange, change_settings, plugin_settings};
use smartcms_pages::admin::{Mistake, PluginSettingsPage, SettingInput};

use super::super::answer::{self, Answer};
use super::super::form::Form;
use super::super::person::Person;
use super::super::visit::Visit;
use super::{Known, URL, told, url_of};
use crate::state::AppState;

/// The most settings that a schema may have inputs for.
const INPUTS_MAX: usize = 100;
/// What stands before the names of settings in forms.
const PREFIX: &str = "s.";
/// The input for what the schema does not have.
const OTHERS: &str = "others";

/// Shows what is set.
pub(super) async fn show(
    State(state): State<AppState>,
    visit: Visit,
    person: Person,
    Path(id): Path<String>,
) -> Answer {
    let known = Known::find(&state, &person, &id).await?;
    let set = plugin_settings(&person.context(&state.app), &known.record.id).await?;
    let page = page(&state, &visit, &known, &set, Vec::new());
    answer::page(&state, &page)
}

/// Sets what was written. All of it, or nothing.
pub(super) async fn save(
    State(state): State<AppState>,
    visit: Visit,
    person: Person,
    Path(id): Path<String>,
    form: Form,
) -> Answer {
    let known = Known::find(&state, &person, &id).await?;
    let ctx = person.context(&state.app);
    let set = plugin_settings(&ctx, &known.record.id).await?;
    let here = format!("{}/settings", url_of(&known.record.id));
    let wanted = match wanted(&visit, &known, &set, &form) {
        Ok(wanted) => wanted,
        Err(mistakes) => {
            let mut page = page(&state, &visit, &known, &set, mistakes);
            for input in &mut page.inputs {
                form.get(&format!("{PREFIX}{}", input.name)).clone_into(&mut input.value);
            }
            form.get(OTHERS).clone_into(&mut page.others);
            return answer::page_with(&state, StatusCode::UNPROCESSABLE_ENTITY, &page);
        }
    };
    let changes = changes(&set, wanted);
    if changes.is_empty() {
        return Ok(visit.done(&state, &here, "plugin.saved"));
    }
    match change_settings(&ctx, &known.record.id, changes).await {
        Ok(_) => Ok(visit.done(&state, &here, "plugin.saved")),
        Err(error) => told(&state, &visit, &here, error),
    }
}

fn page(
    state: &AppState,
    visit: &Visit,
    known: &Known,
    set: &Map<String, Value>,
    mistakes: Vec<Mistake>,
) -> PluginSettingsPage {
    let inputs = inputs(known, set);
    let others = set.iter().filter(|(name, _)| !inputs.iter().any(|it| it.name == **name));
    let others: Map<String, Value> =
        others.map(|(name, value)| (name.clone(), value.clone())).collect();
    let label = visit.say("nav.plugins", &[]);
    PluginSettingsPage {
        frame: visit.frame_below(state, known.record.name.clone(), &[(&label, URL)]),
        head: known.head(visit, "/settings"),
        inputs,
        others: format!("{:#}", Value::Object(others)),
        mistakes,
    }
}

fn inputs(known: &Known, set: &Map<String, Value>) -> Vec<SettingInput> {
    let schema = known.facts.as_deref().and_then(|it| it.settings.as_ref());
    let properties = schema.and_then(|it| it.get("properties")).and_then(Value::as_object);
    let properties = properties.into_iter().flatten().take(INPUTS_MAX);
    properties.map(|(name, schema)| input(name, schema, set.get(name))).collect()
}

fn input(name: &str, schema: &Value, set: Option<&Value>) -> SettingInput {
    let text = |key: &str| schema.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let shown = |value: Option<&Value>| value.map(written).unwrap_or_default();
    let options: Vec<String> =
        schema.get("enum").and_then(Value::as_array).into_iter().flatten().map(written).collect();
    let title = text("title");
    let (kind, options) = match text("type").as_str() {
        _ if !options.is_empty() => ("choice", options),
        "boolean" => ("yes_no", vec!["true".to_owned(), "false".to_owned()]),
        "integer" | "number" => ("number", options),
        "string" => ("text", options),
        _ => ("json", options),
    };
    SettingInput {
        name: name.to_owned(),
        label: if title.is_empty() { spoken(name) } else { title },
        help: text("description"),
        kind,
        value: match (kind, set) {
            ("json", Some(value)) => format!("{value:#}"),
            _ => shown(set),
        },
        usual: shown(schema.get("default")),
        min: shown(schema.get("minimum")),
        max: shown(schema.get("maximum")),
        whole: text("type") == "integer",
        options,
    }
}

/// `words_per_minute` as people say it.
fn spoken(name: &str) -> String {
    let words = name.replace('_', " ");
    let mut letters = words.chars();
    letters.next().map_or(words.clone(), |it| it.to_uppercase().chain(letters).collect())
}

/// A value as it stands in an input.
fn written(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// All that is to be set, or what is wrong with it.
fn wanted(
    visit: &Visit,
    known: &Known,
    set: &Map<String, Value>,
    form: &Form,
) -> Result<Map<String, Value>, Vec<Mistake>> {
    let mut mistakes = Vec::new();
    let mut wanted = Map::new();
    let inputs = inputs(known, set);
    match serde_json::from_str::<Map<String, Value>>(form.get(OTHERS).trim()) {
        Ok(others) => wanted = others.into_iter().filter(|(_, value)| !value.is_null()).collect(),
        Err(_) if form.get(OTHERS).trim().is_empty() => {}
        Err(_) => mistakes.push(Mistake {
            input: OTHERS.to_owned(),
            label: visit.say("plugin.as_json", &[]),
            text: visit.say("plugin.bad_json", &[]),
        }),
    }
    for input in inputs {
        let id = format!("{PREFIX}{}", input.name);
        let text = form.get(&id);
        wanted.remove(&input.name);
        if text.trim().is_empty() {
            continue;
        }
        match value_of(&input, text) {
            Ok(value) => drop(wanted.insert(input.name, value)),
            Err(key) => {
                let text =
                    visit.say(key, &[("min", or_any(&input.min)), ("max", or_any(&input.max))]);
                mistakes.push(Mistake { input: id, label: input.label, text });
            }
        }
    }
    if mistakes.is_empty() { Ok(wanted) } else { Err(mistakes) }
}

fn or_any(bound: &str) -> &str {
    if bound.is_empty() { "…" } else { bound }
}

/// What an input holds, or the key of what is wrong with it.
fn value_of(input: &SettingInput, text: &str) -> Result<Value, &'static str> {
    let trimmed = text.trim();
    match input.kind {
        "number" => {
            let number = match input.whole {
                true => trimmed.parse::<i64>().ok().map(Value::from),
                false => trimmed.parse::<f64>().ok().map(Value::from).filter(|it| !it.is_null()),
            };
            let number = number.ok_or("plugin.bad_number")?;
            let size = number.as_f64().unwrap_or_default();
            let bound = |text: &str, usual: f64| text.parse::<f64>().unwrap_or(usual);
            let fits = size >= bound(&input.min, f64::NEG_INFINITY)
                && size <= bound(&input.max, f64::INFINITY);
            if fits { Ok(number) } else { Err("plugin.bad_number") }
        }
        "yes_no" => trimmed.parse::<bool>().map(Value::from).map_err(|_| "plugin.bad_choice"),
        "choice" if input.options.iter().any(|it| it == trimmed) => {
            Ok(serde_json::from_str(trimmed)
                .ok()
                .filter(|it: &Value| it.is_number() || it.is_boolean())
                .unwrap_or_else(|| Value::from(trimmed)))
        }
        "choice" => Err("plugin.bad_choice"),
        "json" => serde_json::from_str(trimmed).map_err(|_| "plugin.bad_json"),
        _ => Ok(Value::from(text)),
    }
}

/// From what is set to what is wanted.
fn changes(set: &Map<String, Value>, wanted: Map<String, Value>) -> Vec<SettingChange> {
    let gone = set.keys().filter(|name| !wanted.contains_key(*name));
    let mut changes: Vec<SettingChange> =
        gone.map(|name| SettingChange { name: name.clone(), value: None }).collect();
    for (name, value) in wanted {
        if set.get(&name) != Some(&value) {
            changes.push(SettingChange { name, value: Some(value) });
        }
    }
    changes
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{input, value_of};

    #[track_caller]
    fn check(schema: Value, text: &str, expected: Result<Value, &str>) {
        assert_eq!(value_of(&input("it", &schema, None), text), expected, "{schema}");
    }

    #[test]
    fn a_setting_is_what_its_schema_says_or_a_mistake() {
        let number = json!({ "type": "integer", "minimum": 1, "maximum": 10 });
        check(number.clone(), " 7 ", Ok(json!(7)));
        check(number.clone(), "11", Err("plugin.bad_number"));
        check(number, "seven", Err("plugin.bad_number"));
        check(json!({ "type": "number" }), "0.5", Ok(json!(0.5)));
        check(json!({ "type": "number" }), "NaN", Err("plugin.bad_number"));
        check(json!({ "type": "boolean" }), "true", Ok(json!(true)));
        check(json!({ "type": "boolean" }), "perhaps", Err("plugin.bad_choice"));
        check(json!({ "type": "string" }), "80", Ok(json!("80")));
        check(json!({ "enum": ["a", 2] }), "2", Ok(json!(2)));
        check(json!({ "enum": ["a", 2] }), "b", Err("plugin.bad_choice"));
        check(json!({ "type": "array" }), "[1]", Ok(json!([1])));
        check(json!({ "type": "array" }), "[1", Err("plugin.bad_json"));
    }
}
