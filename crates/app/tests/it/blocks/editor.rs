//! The admin's editor and the server mean the same by the block tree. Its own tests hold these documents to coming
//! back from it as they were.

use serde_json::Value;
use smartcms_app::rendering::sanitise_blocks;
use smartcms_domain::blocks::Document;

const DOCUMENTS: &str = include_str!("../../../../pages/admin-editor/test/fixtures/documents.json");
const TOUR: &str = include_str!("../../../../pages/admin-editor/test/fixtures/tour.json");
/// What series of edits left, chosen by chance.
const EDITED: &str = include_str!("../../../../pages/admin-editor/test/fixtures/edited.json");

fn list(text: &str) -> Vec<Value> {
    serde_json::from_str(text).unwrap()
}

#[test]
fn the_editors_documents_are_as_the_server_writes_them() {
    let mut documents = list(DOCUMENTS);
    documents.push(serde_json::from_str(TOUR).unwrap());
    for json in documents {
        let document = Document::parse(&json).unwrap();
        assert_eq!(document.to_json(), json);
        assert_eq!(sanitise_blocks(document.clone()), document);
    }
}

#[test]
fn what_the_editor_leaves_is_taken() {
    let documents = list(EDITED);
    assert!(documents.len() > 100);
    for json in documents {
        let document = Document::parse(&json).unwrap_or_else(|it| panic!("{it:?}: {json}"));
        let written = document.to_json();
        assert_eq!(Document::parse(&written).unwrap().to_json(), written);
    }
}
