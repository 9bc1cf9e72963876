//! Brings a block for notes that readers should not miss.

use serde_json::Value;
use smartcms_plugin::block_renderer::{self, BlockContext, BlockKind, escape};

/// The attributes of a note: the site holds what authors write against it.
const SCHEMA: &str = r#"{
  "type": "object",
  "properties": {
    "text": { "type": "string", "minLength": 1, "maxLength": 2000 },
    "label": { "type": "string", "maxLength": 40 }
  },
  "required": ["text"],
  "additionalProperties": false
}"#;

const LABEL_DEFAULT: &str = "Note";

struct Plugin;

impl block_renderer::Guest for Plugin {
    fn list() -> Vec<BlockKind> {
        vec![BlockKind {
            name: "note".to_owned(),
            title: "Note".to_owned(),
            description: "A text that stands apart, so that nobody misses it.".to_owned(),
            schema: SCHEMA.to_owned(),
        }]
    }

    fn render(_kind: String, attributes: String, _context: BlockContext) -> Result<String, String> {
        let attributes: Value = serde_json::from_str(&attributes).map_err(|it| it.to_string())?;
        let text = |name: &str| attributes.get(name).and_then(Value::as_str);
        let label = escape(text("label").unwrap_or(LABEL_DEFAULT));
        let body = escape(text("text").ok_or("a note without a text")?);
        Ok(format!("<aside><p><strong>{label}:</strong> {body}</p></aside>"))
    }
}

block_renderer::export!(Plugin);

#[cfg(test)]
mod tests {
    use super::{SCHEMA, Value};

    #[test]
    fn the_schema_is_json() {
        let schema: Value = serde_json::from_str(SCHEMA).unwrap();
        assert_eq!(schema["required"][0], "text");
    }
}
