//! The list of plugins, as it lies in the switchboard's memory.

use super::PluginPart;

/// Data in memory, from a place on.
pub(super) struct Listing {
    at: u32,
    pub(super) bytes: Vec<u8>,
}

/// Where texts or other things lie, and how many there are.
type Place = [u32; 2];

/// How the records of a list are aligned.
const ALIGN: usize = 4;

impl Listing {
    /// Writes the list to this place, which is aligned; where the answer of `list` begins.
    pub(super) fn of(parts: &[PluginPart], points: &[Vec<&str>], at: u32) -> (Self, u32) {
        let mut listing = Self { at, bytes: Vec::new() };
        let mut records = Vec::new();
        for (part, points) in parts.iter().zip(points) {
            let texts = [&part.id, &part.name, &part.version, &part.description, &part.digest];
            let mut record: Vec<Place> = texts.map(|it| listing.text(it)).to_vec();
            record.push(listing.texts(points.iter().copied()));
            record.push(listing.texts(part.grants.iter().map(String::as_str)));
            records.push(record);
        }
        let count = records.len();
        let begin = listing.table(records.iter().flatten());
        let answer = listing.table([&[begin, as_u32(count)]]);
        (listing, answer)
    }

    fn text(&mut self, text: &str) -> Place {
        let place = [self.end(), as_u32(text.len())];
        self.bytes.extend_from_slice(text.as_bytes());
        place
    }

    fn texts<'a>(&mut self, texts: impl Iterator<Item = &'a str>) -> Place {
        let places: Vec<Place> = texts.map(|it| self.text(it)).collect();
        [self.table(&places), as_u32(places.len())]
    }

    fn table<'a>(&mut self, places: impl IntoIterator<Item = &'a Place>) -> u32 {
        self.bytes.resize(self.bytes.len().next_multiple_of(ALIGN), 0);
        let begin = self.end();
        let numbers = places.into_iter().flatten();
        self.bytes.extend(numbers.flat_map(|it| it.to_le_bytes()));
        begin
    }

    fn end(&self) -> u32 {
        self.at.saturating_add(as_u32(self.bytes.len()))
    }
}

/// Files of plugins are smaller than memories by far, and what they say of themselves is smaller still.
fn as_u32(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
