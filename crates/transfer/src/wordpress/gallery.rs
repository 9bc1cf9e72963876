//! Galleries: pictures by their numbers.

use super::{Attachments, Picture};
use crate::html::{escape_attribute, escape_text};
use crate::note::NoteKind;

/// The pictures of a gallery; `None` when there are none at all, so that the shortcode stays.
pub(super) fn of(
    ids: Option<&str>,
    attachments: &dyn Attachments,
    notes: &mut Vec<(NoteKind, String)>,
) -> Option<String> {
    let pictures = match ids {
        None => attachments.of_post(),
        Some(ids) => ids
            .split(',')
            .map(str::trim)
            .filter_map(|id| {
                let found = attachments.find(id);
                if found.is_none() {
                    let message = format!("the gallery's picture {id} is not in the export");
                    notes.push((NoteKind::BlockLeft, message));
                }
                found
            })
            .collect(),
    };
    let figures: Vec<String> = pictures.iter().map(figure).collect();
    (!figures.is_empty()).then(|| figures.join("\n"))
}

fn figure(picture: &Picture) -> String {
    let caption = picture.caption.as_deref().map(escape_text);
    let caption = caption.map(|it| format!("<figcaption>{it}</figcaption>")).unwrap_or_default();
    format!(
        "<figure><img src=\"{}\" alt=\"{}\">{caption}</figure>",
        escape_attribute(&picture.url),
        escape_attribute(&picture.alt)
    )
}
