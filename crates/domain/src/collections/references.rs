//! What an entry points to.

use serde_json::Value;
use uuid::Uuid;

use super::definition::CollectionDefinition;
use super::field::FieldDefinition;
use super::kind::FieldKind;
use crate::entries::{EntryId, Fields};

/// Where files are, in addresses.
const FILES: &str = "/media/";
/// How many digits name a file there.
const KEY_DIGITS: usize = 32;

/// One reference out of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The field of the collection that holds it; the outermost one when it stands in a group or a repeater.
    pub field: String,
    /// What it points to.
    pub target: Target,
}

/// What a reference points to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Target {
    /// Another entry.
    Entry(EntryId),
    /// An asset.
    Asset(Uuid),
    /// A file by its address in a text: the beginning of its digest.
    File([u8; 16]),
}

impl CollectionDefinition {
    /// What these values point to, in the order of the fields; each target once for each field.
    pub fn references_of(&self, fields: &Fields) -> Vec<Reference> {
        let mut found = Vec::new();
        for field in &self.fields {
            let mut targets = Vec::new();
            collect(field, fields.get(field.name.as_str()), &mut targets);
            let mut seen = std::collections::BTreeSet::new();
            targets.retain(|it| seen.insert(*it));
            let name = field.name.as_str();
            found.extend(
                targets.into_iter().map(|target| Reference { field: name.to_owned(), target }),
            );
        }
        found
    }
}

fn collect(field: &FieldDefinition, value: Option<&Value>, targets: &mut Vec<Target>) {
    let Some(value) = value else { return };
    let ids = || {
        let items = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
        items.iter().filter_map(|it| EntryId::parse(it.as_str()?).ok())
    };
    match &field.kind {
        FieldKind::Relation(_) => targets.extend(ids().map(Target::Entry)),
        FieldKind::Asset | FieldKind::Assets => {
            targets.extend(ids().map(|it| Target::Asset(*it.as_uuid())));
        }
        FieldKind::Markdown => files_in(value.as_str().unwrap_or_default(), targets),
        FieldKind::RichText => {
            // The blocks name their assets by the key `asset`, and can have addresses in any text.
            let mut open = vec![value];
            while let Some(value) = open.pop() {
                match value {
                    Value::Array(items) => open.extend(items),
                    Value::Object(object) => {
                        let asset = object.get("asset").and_then(Value::as_str);
                        let id = asset.and_then(|it| EntryId::parse(it).ok());
                        targets.extend(id.map(|it| Target::Asset(*it.as_uuid())));
                        open.extend(object.values());
                    }
                    Value::String(text) => files_in(text, targets),
                    _ => {}
                }
            }
        }
        FieldKind::Group(fields) | FieldKind::Repeater(fields) => {
            let objects = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
            for object in objects {
                for field in fields {
                    collect(field, object.get(field.name.as_str()), targets);
                }
            }
        }
        _ => {}
    }
}

/// The files whose addresses stand in a text: `/media/` and 32 hexadecimal digits.
fn files_in(text: &str, targets: &mut Vec<Target>) {
    for rest in text.split(FILES).skip(1) {
        let digits = rest.get(..KEY_DIGITS).filter(|it| it.bytes().all(is_digit));
        let key = digits.and_then(|it| u128::from_str_radix(it, 16).ok());
        targets.extend(key.map(|it| Target::File(it.to_be_bytes())));
    }
}

fn is_digit(byte: u8) -> bool {
    byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::{Target, files_in};

    #[test]
    fn addresses_of_files_are_found_in_texts() {
        let key = "00112233445566778899aabbccddeeff";
        let text = format!(
            "![a](/media/{key}/a.png) <a href=\"https://x.example/media/{key}\"> \
            /media/{} /media/0011 /media/",
            key.to_uppercase()
        );
        let mut found = Vec::new();
        files_in(&text, &mut found);
        let file = Target::File(0x0011_2233_4455_6677_8899_aabb_ccdd_eeff_u128.to_be_bytes());
        assert_eq!(found, [file, file]);
    }
}
