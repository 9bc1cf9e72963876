//! Refuses to publish what still has a TODO in it.

use smartcms_plugin::content::{Entry, Problem, Value};
use smartcms_plugin::problems;
use smartcms_plugin::publish_hook;

const MARK: &str = "TODO";

struct Plugin;

impl publish_hook::Guest for Plugin {
    fn before_publish(entry: Entry) -> Result<(), Vec<Problem>> {
        let problems: Vec<Problem> = entry
            .fields
            .iter()
            .filter(|field| matches!(&field.value, Value::Text(text) if text.contains(MARK)))
            .map(|field| {
                problems::of_field(&field.name, "unfinished", "There is still a TODO in this text.")
            })
            .collect();
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }
}

publish_hook::export!(Plugin);

#[cfg(test)]
mod tests {
    use super::Plugin;
    use smartcms_plugin::publish_hook::Guest;
    use smartcms_plugin::testing::entry;

    #[test]
    fn every_unfinished_field_is_named() {
        let fields = [("title", "TODO".into()), ("body", "Done.".into()), ("pages", 3.into())];
        let problems = Plugin::before_publish(entry("posts", "a-walk", fields)).unwrap_err();
        assert_eq!(problems.len(), 1);
        assert_eq!(problems[0].field.as_deref(), Some("title"));
    }
}
