//! Galleries and playlists: attachments by their numbers.

use super::shortcodes::player;
use super::{Attachments, Picture};
use crate::html::{escape_attribute, escape_text};
use crate::note::NoteKind;

/// Endings of files that are seen, not only heard.
const VIDEOS: &[&str] = &["mp4", "m4v", "webm", "ogv", "mov"];

/// The pictures of a gallery; `None` when there are none at all, so that the shortcode stays.
pub(super) fn of(
    ids: Option<&str>,
    attachments: &dyn Attachments,
    notes: &mut Vec<(NoteKind, String)>,
) -> Option<String> {
    let pictures = match ids {
        None => attachments.of_post(),
        Some(ids) => found(ids, "gallery's picture", attachments, notes),
    };
    let figures: Vec<String> = pictures.iter().map(figure).collect();
    (!figures.is_empty()).then(|| figures.join("\n"))
}

/// The files of a playlist, each with a player; `None` when there are none at all.
pub(super) fn playlist(
    ids: &str,
    attachments: &dyn Attachments,
    notes: &mut Vec<(NoteKind, String)>,
) -> Option<String> {
    let files = found(ids, "playlist's file", attachments, notes);
    let players: Vec<String> = files
        .iter()
        .map(|file| {
            let ending = file.url.rsplit_once('.').map_or("", |(_, ending)| ending);
            let is_video = VIDEOS.iter().any(|it| ending.eq_ignore_ascii_case(it));
            player(if is_video { "video" } else { "audio" }, &file.url)
        })
        .collect();
    (!players.is_empty()).then(|| players.join("\n"))
}

fn found(
    ids: &str,
    what: &str,
    attachments: &dyn Attachments,
    notes: &mut Vec<(NoteKind, String)>,
) -> Vec<Picture> {
    let of_id = |id: &str| {
        let found = attachments.find(id);
        if found.is_none() {
            let message = format!("the {what} {id} is not in the export");
            notes.push((NoteKind::BlockLeft, message));
        }
        found
    };
    ids.split(',').map(str::trim).filter(|it| !it.is_empty()).filter_map(of_id).collect()
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
