//! What was expected beside what came, for people to read.

use serde_json::{Map, Value};
use similar::{ChangeTag, TextDiff};

/// What a case need not say: it is compared when it does, and left out when it does not.
const OPTIONAL: [&str; 8] =
    ["log", "message", "reason", "progress", "checkpoint", "ended", "headers", "body"];

/// The difference as lines: `-` expected, `+` came. None where there is none.
pub(super) fn difference(
    expected: &Map<String, Value>,
    came: Map<String, Value>,
) -> Option<String> {
    let why = came.iter().find(|it| ["message", "reason"].contains(&it.0.as_str()));
    let why = why.map(|(name, text)| (name.clone(), text.clone()));
    let mut came = fitted(expected, came);
    if *expected == came {
        return None;
    }
    // Whoever did not expect a failure wants to know why it came.
    came.extend(why.filter(|it| !expected.contains_key(&it.0)));
    let (expected, came) = (lines(expected), lines(&came));
    let mut text = String::new();
    for change in TextDiff::from_lines(&expected, &came).iter_all_changes() {
        let sign = match change.tag() {
            ChangeTag::Delete => '-',
            ChangeTag::Insert => '+',
            ChangeTag::Equal => ' ',
        };
        text.push_str(&format!("      {sign} {}\n", change.value().trim_end_matches('\n')));
    }
    text.push_str("      (- expected, + came)");
    Some(text)
}

/// What came, without what the case does not ask about.
fn fitted(expected: &Map<String, Value>, came: Map<String, Value>) -> Map<String, Value> {
    let asked = came
        .into_iter()
        .filter(|(name, _)| expected.contains_key(name) || !OPTIONAL.contains(&name.as_str()));
    asked
        .map(|(name, value)| {
            let fitted = match (name.as_str(), expected.get(&name), value) {
                ("problems", Some(Value::Array(expected)), Value::Array(came)) => {
                    problems(expected, came)
                }
                ("log" | "progress", Some(Value::Array(expected)), Value::Array(came)) => {
                    parts(expected, came)
                }
                ("message" | "reason", Some(expected), came) => part(expected, came),
                ("headers", Some(Value::Object(expected)), Value::Object(came)) => {
                    came.into_iter().filter(|(name, _)| expected.contains_key(name)).collect()
                }
                ("body", Some(Value::Array(expected)), came) => whole(expected, came),
                (_, _, came) => came,
            };
            (name, fitted)
        })
        .collect()
}

/// Of each problem only what the one at the same place says.
fn problems(expected: &[Value], came: Vec<Value>) -> Value {
    let fit = |(at, problem): (usize, Value)| match (expected.get(at), problem) {
        (Some(Value::Object(expected)), Value::Object(problem)) => {
            problem.into_iter().filter(|(name, _)| expected.contains_key(name)).collect()
        }
        (_, problem) => problem,
    };
    came.into_iter().enumerate().map(fit).collect()
}

/// A line of the log is as expected when it holds the text.
fn parts(expected: &[Value], came: Vec<Value>) -> Value {
    let fit = |(at, line): (usize, Value)| match expected.get(at) {
        Some(expected) => part(expected, line),
        None => line,
    };
    came.into_iter().enumerate().map(fit).collect()
}

/// A text is as expected when it holds all of the parts.
fn whole(expected: &[Value], came: Value) -> Value {
    let holds = |part: &Value| {
        part.as_str().zip(came.as_str()).is_some_and(|(part, whole)| whole.contains(part))
    };
    if expected.iter().all(holds) { Value::Array(expected.to_vec()) } else { came }
}

fn part(expected: &Value, came: Value) -> Value {
    match (expected.as_str(), came.as_str()) {
        (Some(part), Some(whole)) if whole.contains(part) => expected.clone(),
        _ => came,
    }
}

/// A value as lines: texts as they are, everything else as JSON.
fn lines(of: &Map<String, Value>) -> String {
    let mut text = String::new();
    for (name, value) in of {
        match value {
            Value::String(value) => {
                text.push_str(&format!("{name}:\n"));
                value.lines().for_each(|line| text.push_str(&format!("  {line}\n")));
            }
            other => {
                let json = serde_json::to_string_pretty(other).unwrap_or_default();
                text.push_str(&format!("{name}: {json}\n"));
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

    use super::difference;

    fn map(value: Value) -> Map<String, Value> {
        value.as_object().unwrap().clone()
    }

    #[track_caller]
    fn check(expected: Value, came: Value, differs: bool) {
        let found = difference(&map(expected.clone()), map(came.clone()));
        assert_eq!(found.is_some(), differs, "{expected} {came}: {found:?}");
    }

    #[test]
    fn a_case_need_not_say_everything_but_what_it_says_counts() {
        let came = json!({ "problems": [{ "field": "title", "code": "a", "message": "long" }], "log": ["one"] });
        check(json!({ "problems": [{ "code": "a" }] }), came.clone(), false);
        check(json!({ "problems": [{ "code": "b" }] }), came.clone(), true);
        check(json!({ "problems": [{ "code": "a" }, { "code": "b" }] }), came.clone(), true);
        check(json!({ "problems": [] }), came.clone(), true);
        check(json!({ "fields": {} }), came, true);
    }

    #[test]
    fn a_line_of_the_log_is_found_by_a_part_and_an_extra_line_is_a_difference() {
        let came = json!({ "delivery": "handled", "log": ["published posts/1"] });
        check(json!({ "delivery": "handled" }), came.clone(), false);
        check(json!({ "delivery": "handled", "log": ["published posts"] }), came.clone(), false);
        check(json!({ "delivery": "handled", "log": [] }), came.clone(), true);
        check(json!({ "delivery": "handled", "log": ["deleted"] }), came, true);
    }

    #[test]
    fn of_an_answer_the_status_counts_and_what_is_named_of_the_rest() {
        let came =
            json!({ "status": 200, "headers": { "a": "1", "b": "2" }, "body": "<p>one</p>" });
        check(json!({ "status": 200 }), came.clone(), false);
        check(json!({ "status": 404 }), came.clone(), true);
        check(json!({ "status": 200, "headers": { "a": "1" } }), came.clone(), false);
        check(json!({ "status": 200, "headers": { "a": "2" } }), came.clone(), true);
        check(json!({ "status": 200, "headers": { "c": "3" } }), came.clone(), true);
        check(json!({ "status": 200, "body": ["one", "</p>"] }), came.clone(), false);
        check(json!({ "status": 200, "body": ["one", "two"] }), came.clone(), true);
        check(json!({ "status": 200, "body": "one" }), came, true);
    }

    #[test]
    fn a_failure_is_never_taken_for_a_result() {
        let came = json!({ "failure": "plugin.denied", "message": "it imports…" });
        check(json!({ "html": "" }), came.clone(), true);
        check(json!({ "failure": "plugin.denied" }), came.clone(), false);
        check(json!({ "failure": "plugin.denied", "message": "imports" }), came.clone(), false);
        check(json!({ "failure": "plugin.trapped" }), came, true);
    }

    #[test]
    fn the_difference_shows_texts_line_by_line() {
        let text = difference(
            &map(json!({ "html": "<p>a</p>\n<p>b</p>" })),
            map(json!({ "html": "<p>a</p>\n<p>c</p>" })),
        );
        let text = text.unwrap();
        for line in ["    <p>a</p>", "-   <p>b</p>", "+   <p>c</p>"] {
            assert!(text.contains(line), "{text}");
        }
    }
}
