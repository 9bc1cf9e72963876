//! What others' programs make of some texts (`models/all-minilm-l6-v2/reference.py`).

use serde_json::Value;

static REFERENCE: &str = include_str!("../../../models/all-minilm-l6-v2/reference.json");

/// Texts and their pieces.
pub(crate) fn tokens() -> Vec<(String, Vec<u16>)> {
    let reference: Value = serde_json::from_str(REFERENCE).unwrap();
    let one = |it: &Value| {
        let ids = it["ids"].as_array().unwrap().iter();
        let ids = ids.map(|id| u16::try_from(id.as_u64().unwrap()).unwrap());
        (it["text"].as_str().unwrap().to_owned(), ids.collect())
    };
    reference["tokens"].as_array().unwrap().iter().map(one).collect()
}
