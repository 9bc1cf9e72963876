//! Comments of a WXR item.

use super::xml::Node;
use crate::item::{Comment, ImportedEntry};
use crate::note::NoteKind;
use crate::time::parse_date;

/// Takes over the comments that people were meant to see or to judge; spam and trash stay behind.
pub(super) fn take(node: &Node, entry: &mut ImportedEntry) {
    let mut left = 0;
    for comment in node.children_of("wp:comment") {
        match comment_of(comment) {
            Some(comment) => entry.comments.push(comment),
            None => left += 1,
        }
    }
    if left > 0 {
        let message = format!("{left} comments were spam or in the trash, and stay behind");
        entry.note(NoteKind::CommentLeft, message);
    }
}

fn comment_of(node: &Node) -> Option<Comment> {
    let approved = node.text_of("wp:comment_approved");
    if matches!(approved, "spam" | "trash" | "post-trashed") {
        return None;
    }
    let gmt = parse_date(node.text_of("wp:comment_date_gmt"));
    let parent = node.some_text_of("wp:comment_parent").filter(|it| it != "0");
    let kind = node.text_of("wp:comment_type");
    Some(Comment {
        key: node.text_of("wp:comment_id").to_owned(),
        parent,
        author: node.text_of("wp:comment_author").to_owned(),
        email: node.some_text_of("wp:comment_author_email"),
        url: node.some_text_of("wp:comment_author_url"),
        at: gmt.or_else(|| parse_date(node.text_of("wp:comment_date"))),
        approved: approved == "1",
        kind: if kind.is_empty() { "comment".to_owned() } else { kind.to_owned() },
        content: node.text_of("wp:comment_content").to_owned(),
    })
}
