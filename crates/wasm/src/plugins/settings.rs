//! Settings of plugins, which are variables: `SMARTCMS_PLUGIN_TABLE_OF_CONTENTS={"deepest": 4}`.

use serde_json::{Map, Value};
use smartcms_app::plugins::{SETTINGS_BYTES_MAX, SETTINGS_MAX};

/// What such variables begin with.
const PREFIX: &str = "SMARTCMS_PLUGIN_";

/// The variables that are none of plugins, and the settings of each plugin in the order of their ids.
pub(super) type Sorted = (Vec<(String, String)>, Vec<Map<String, Value>>);

/// Sorts variables. What is wrong is told without the value, which may be a secret.
pub(super) fn sorted(variables: Vec<(String, String)>, ids: &[&str]) -> Result<Sorted, String> {
    let mut settings = vec![Map::new(); ids.len()];
    let mut others = Vec::with_capacity(variables.len());
    let names: Vec<String> = ids.iter().map(|it| name_of(it)).collect();
    for (name, text) in variables {
        if !name.starts_with(PREFIX) {
            others.push((name, text));
            continue;
        }
        let place = names.iter().position(|it| *it == name);
        let place =
            place.and_then(|it| settings.get_mut(it)).ok_or_else(|| unknown(&name, &names))?;
        *place = read(&name, &text)?;
    }
    Ok((others, settings))
}

fn name_of(id: &str) -> String {
    format!("{PREFIX}{}", id.to_ascii_uppercase().replace('-', "_"))
}

fn read(name: &str, text: &str) -> Result<Map<String, Value>, String> {
    if text.len() > SETTINGS_BYTES_MAX {
        return Err(format!("{name} has more than {SETTINGS_BYTES_MAX} bytes"));
    }
    let settings: Map<String, Value> = serde_json::from_str(text).map_err(|error| {
        let place = format!("line {}, column {}", error.line(), error.column());
        format!("{name} is not one JSON object such as {{\"deepest\": 4}}: look at {place}")
    })?;
    match settings.len() > SETTINGS_MAX {
        true => Err(format!("{name} has more than {SETTINGS_MAX} settings")),
        false => Ok(settings),
    }
}

fn unknown(name: &str, names: &[String]) -> String {
    match names.is_empty() {
        true => format!("{name} is of a plugin, and none was composed into this site"),
        false => format!(
            "{name} is of no plugin that was composed into this site; there are {}",
            names.join(", ")
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::sorted;
    use serde_json::json;

    fn of(variables: &[(&str, &str)]) -> Result<super::Sorted, String> {
        let owned = variables.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
        sorted(owned.collect(), &["reading-time", "toc"])
    }

    #[test]
    fn each_plugin_gets_its_own_and_the_site_the_rest() {
        let (others, settings) = of(&[
            ("SMARTCMS_SITE_TITLE", "A"),
            ("SMARTCMS_PLUGIN_READING_TIME", r#"{"words_per_minute": 250}"#),
        ])
        .unwrap();
        assert_eq!(others, [("SMARTCMS_SITE_TITLE".to_owned(), "A".to_owned())]);
        assert_eq!(json!(settings), json!([{ "words_per_minute": 250 }, {}]));
    }

    #[test]
    fn what_cannot_be_used_is_told_by_its_name_and_not_by_its_value() {
        for (name, text, words) in [
            ("SMARTCMS_PLUGIN_TCO", "{}", "SMARTCMS_PLUGIN_TOC"),
            ("SMARTCMS_PLUGIN_TOC", "{\"key\": hunter2}", "line 1, column 9"),
            ("SMARTCMS_PLUGIN_TOC", "[\"hunter2\"]", "one JSON object"),
        ] {
            let reason = of(&[(name, text)]).unwrap_err();
            assert!(reason.contains(words) && reason.contains(name), "{reason}");
            assert!(!reason.contains("hunter2"), "{reason}");
        }
    }
}
