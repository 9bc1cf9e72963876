//! Places in lists as clients carry them: opaque, and good only for the list they came from.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;
use smartcms_app::ports::{Cursor, Listing};
use smartcms_domain::Timestamp;
use smartcms_domain::entries::{EntryId, Status};

use crate::problem::HttpProblem;

/// Digits of the time and of the id.
const TIME_LEN: usize = 16;
const ID_LEN: usize = 32;

/// The text of a place: a letter for the listing, then time and id in hexadecimal.
pub(crate) fn write(listing: Listing, cursor: &Cursor) -> String {
    let at = cursor.time().unwrap_or(Timestamp::EPOCH).as_millis().cast_unsigned();
    format!("{}{at:016x}{}", letter(listing), cursor.id.as_uuid().as_simple())
}

/// Reads a place of this listing.
pub(crate) fn read(listing: Listing, text: &str) -> Option<Cursor> {
    let rest = text.strip_prefix(letter(listing))?;
    let digits = |it: &str| it.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    if rest.len() != TIME_LEN + ID_LEN || !digits(rest) {
        return None;
    }
    let (at, id) = rest.split_at_checked(TIME_LEN)?;
    let at = u64::from_str_radix(at, 16).ok()?.cast_signed();
    Some(Cursor::at(Timestamp::from_millis(at).ok()?, EntryId::parse(id).ok()?))
}

/// An order of a list, whose places are good in no other one.
pub(crate) struct Order {
    listing: Listing,
    keys: String,
    len: usize,
}

impl Order {
    /// The order of a listing by these names; none for its own order.
    pub(crate) fn new(listing: Listing, sort: &[String]) -> Self {
        Self { listing, keys: sort.join(","), len: sort.len() }
    }

    /// The text of a place. With keys it is base64 of JSON: the order, the values of the keys, the id.
    pub(crate) fn write(&self, cursor: &Cursor) -> String {
        if self.len == 0 {
            return write(self.listing, cursor);
        }
        let place = serde_json::json!([self.keys, cursor.keys, cursor.id.to_string()]);
        format!("{}.{}", letter(self.listing), URL_SAFE_NO_PAD.encode(place.to_string()))
    }

    /// Reads a place of this order.
    pub(crate) fn read(&self, text: &str) -> Option<Cursor> {
        if self.len == 0 {
            return read(self.listing, text);
        }
        let rest = text.strip_prefix(letter(self.listing))?.strip_prefix('.')?;
        let place = URL_SAFE_NO_PAD.decode(rest).ok()?;
        let (order, keys, id): (String, Vec<Value>, String) =
            serde_json::from_slice(&place).ok()?;
        let scalar = |it: &Value| !it.is_array() && !it.is_object();
        // Behind the keys stands the time of the listing.
        let time = keys.last().is_some_and(Value::is_i64);
        let fits = order == self.keys && keys.len() == self.len + 1 && time;
        let fits = fits && keys.iter().all(scalar);
        fits.then_some(Cursor { keys, id: EntryId::parse(&id).ok()? })
    }
}

/// What a client hears whose cursor is none.
pub(crate) fn malformed() -> HttpProblem {
    let detail = "`cursor` is not a place in this list".to_owned();
    HttpProblem::unprocessable("request.cursor", detail).with_hint(
        "send the `next` of the page before, with the same `status` and `sort`; leave it out for the first",
    )
}

fn letter(listing: Listing) -> char {
    match listing {
        Listing::Published => 'p',
        Listing::Newest(None) => 'n',
        Listing::Newest(Some(Status::Draft)) => 'd',
        Listing::Newest(Some(Status::Published)) => 'l',
        Listing::Newest(Some(Status::Scheduled)) => 's',
        Listing::Newest(Some(Status::Archived)) => 'a',
        Listing::Trashed => 't',
    }
}

#[cfg(test)]
mod tests {
    use super::{read, write};
    use smartcms_app::ports::{Cursor, Listing};
    use smartcms_testkit::builders::{at, entry_id};

    #[test]
    fn a_place_is_read_back_in_its_own_list_only() {
        for millis in [0, 1_790_000_000_000, -1] {
            let cursor = Cursor::at(at(millis), entry_id(7));
            let text = write(Listing::Published, &cursor);
            assert_eq!(read(Listing::Published, &text), Some(cursor));
            assert_eq!(read(Listing::Trashed, &text), None);
        }
    }

    #[test]
    fn what_is_no_place_is_not_read() {
        let place = write(Listing::Published, &Cursor::at(at(5), entry_id(7)));
        let end = "f".repeat(48);
        let bad = [
            "",
            "p",
            &place[1..],
            &place[..40],
            &format!("{place}0"),
            &place.to_uppercase(),
            &format!("pé{}", &place[3..]),
            &format!("p{end}"),
            &format!("p7{}", &end[1..]),
        ];
        for text in bad {
            let read = read(Listing::Published, text);
            // All ones is the millisecond before the epoch: a place, if an odd one.
            assert!(read.is_none() || text == format!("p{end}"), "{text}");
        }
    }
}
