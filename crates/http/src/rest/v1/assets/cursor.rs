//! Places in the list of assets as clients carry them.

use smartcms_app::ports::AssetCursor;
use smartcms_domain::Timestamp;
use smartcms_domain::assets::AssetId;

use crate::problem::HttpProblem;

const LETTER: char = 'a';
/// Digits of the time and of the id.
const TIME_LEN: usize = 16;
const ID_LEN: usize = 32;

/// The text of a place.
pub(crate) fn write(cursor: AssetCursor) -> String {
    let at = cursor.at.as_millis().cast_unsigned();
    format!("{LETTER}{at:016x}{}", cursor.id.as_uuid().as_simple())
}

/// Reads a place.
pub(super) fn read(text: &str) -> Result<AssetCursor, HttpProblem> {
    parse(text).ok_or_else(|| {
        let detail = "`cursor` is not a place in this list".to_owned();
        HttpProblem::unprocessable("request.cursor", detail)
            .with_hint("send the `next` of the page before; leave it out for the first")
    })
}

/// Reads a place; `None` for what is none.
pub(crate) fn parse(text: &str) -> Option<AssetCursor> {
    let rest = text.strip_prefix(LETTER)?;
    let is_digit = |it: u8| matches!(it, b'0'..=b'9' | b'a'..=b'f');
    if rest.len() != TIME_LEN + ID_LEN || !rest.bytes().all(is_digit) {
        return None;
    }
    let (at, id) = rest.split_at_checked(TIME_LEN)?;
    let at = u64::from_str_radix(at, 16).ok()?.cast_signed();
    Some(AssetCursor { at: Timestamp::from_millis(at).ok()?, id: AssetId::parse(id).ok()? })
}
