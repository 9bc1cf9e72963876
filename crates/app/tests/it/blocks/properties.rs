//! For every document.

use proptest::prelude::*;
use smartcms_app::rendering::{
    blocks_to_html, blocks_to_markdown, html_to_blocks, markdown_to_blocks, sanitise_blocks,
};
use smartcms_domain::blocks::Document;

use super::arbitrary::{document, html_document};

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn json_comes_back_as_it_was(document in document()) {
        let json = document.to_json();
        let text = json.to_string();
        let read = Document::parse(&serde_json::from_str(&text).unwrap()).unwrap();
        prop_assert_eq!(&read, &document);
        prop_assert_eq!(read.to_json(), json);
    }

    #[test]
    fn markdown_holds_every_document(document in document()) {
        let document = sanitise_blocks(document);
        let markdown = blocks_to_markdown(&document);
        let read = markdown_to_blocks(&markdown);
        prop_assert_eq!(read.without_ids(), document.without_ids(), "{}", markdown);
    }

    #[test]
    fn html_holds_what_it_has_words_for(document in html_document()) {
        let html = blocks_to_html(&document);
        let once = html_to_blocks(&html);
        prop_assert_eq!(blocks_to_html(&once), html.clone());
        prop_assert_eq!(once.without_ids(), document.without_ids(), "{}", html);
    }

    #[test]
    fn a_normal_document_stays_as_it_is(document in document()) {
        let mut again = document.clone();
        again.normalise();
        prop_assert_eq!(again, document);
    }

    #[test]
    fn sanitising_twice_is_sanitising_once(document in document()) {
        let once = sanitise_blocks(document);
        prop_assert_eq!(sanitise_blocks(once.clone()), once);
    }
}
