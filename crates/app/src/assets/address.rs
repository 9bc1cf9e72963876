//! Where files and their variants are.
//!
//! An address changes with the bytes behind it, so that whoever has it may keep them for ever: it begins with the
//! file's digest. The name at its end is for people; any other leads to the same bytes. The address of a variant is
//! signed: only this site's own pages and answers can say which variants are made.

use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use smartcms_domain::assets::{Asset, FocalPoint};

use super::Media;
use crate::ports::{Crop, VariantFormat, VariantRecipe};

/// The widest and the highest variant, in pixels.
pub(super) const VARIANT_SIDE_MAX: u32 = 2_560;
/// How much of a digest names a file.
const KEY_BYTES: usize = 16;
/// How much of a keyed hash is a signature.
const SIGNATURE_BYTES: usize = 16;

/// The beginning of a file's digest, which names it in addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FileKey([u8; KEY_BYTES]);

/// What the address of a variant says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct VariantAddress {
    /// Of which file.
    pub key: FileKey,
    /// Made how.
    pub recipe: VariantRecipe,
}

impl FileKey {
    /// The key of an asset.
    pub fn of(asset: &Asset) -> Self {
        let mut key = [0; KEY_BYTES];
        key.iter_mut().zip(asset.digest).for_each(|(to, from)| *to = from);
        Self(key)
    }

    /// Reads 32 hexadecimal digits in lower case.
    pub fn parse(text: &str) -> Option<Self> {
        let is_digit = |it: u8| it.is_ascii_digit() || (b'a'..=b'f').contains(&it);
        if text.len() != KEY_BYTES * 2 || !text.bytes().all(is_digit) {
            return None;
        }
        u128::from_str_radix(text, 16).ok().map(|it| Self(it.to_be_bytes()))
    }

    /// The bytes.
    pub fn as_bytes(self) -> [u8; 16] {
        self.0
    }

    fn text(self) -> String {
        format!("{:032x}", u128::from_be_bytes(self.0))
    }
}

impl VariantRecipe {
    /// The recipe as addresses have it: `w640`, or `w640h480f5000-5000` with the focal point in ten-thousandths.
    pub fn text(&self) -> String {
        match self.crop {
            None => format!("w{}", self.width),
            Some(crop) => {
                let (x, y) = crop.focal_point.parts();
                format!("w{}h{}f{x}-{y}", self.width, crop.height)
            }
        }
    }

    /// The name of what is made: the recipe and the format's ending.
    pub fn name(&self) -> String {
        format!("{}.{}", self.text(), self.format.extension())
    }

    /// Reads a recipe as it was written; sides are from 1 to 2560.
    pub fn parse(text: &str, format: VariantFormat) -> Option<Self> {
        let rest = text.strip_prefix('w')?;
        let recipe = match rest.split_once('h') {
            None => Self { width: side(rest)?, crop: None, format },
            Some((width, rest)) => {
                let (height, place) = rest.split_once('f')?;
                let (x, y) = place.split_once('-')?;
                let focal_point = FocalPoint::from_parts(x.parse().ok()?, y.parse().ok()?)?;
                let crop = Some(Crop { height: side(height)?, focal_point });
                Self { width: side(width)?, crop, format }
            }
        };
        // One recipe has one text: `w0640` is none.
        (recipe.text() == text).then_some(recipe)
    }
}

fn side(text: &str) -> Option<u32> {
    text.parse().ok().filter(|it| (1..=VARIANT_SIDE_MAX).contains(it))
}

impl VariantAddress {
    /// Reads the parts of a path: `{key}/{recipe}/{name}`. The ending of the name is the format.
    pub fn parse(key: &str, recipe: &str, name: &str) -> Option<Self> {
        let (_, extension) = name.rsplit_once('.')?;
        let format = VariantFormat::ALL.into_iter().find(|it| it.extension() == extension)?;
        Some(Self { key: FileKey::parse(key)?, recipe: VariantRecipe::parse(recipe, format)? })
    }

    fn message(&self) -> String {
        format!("{}/{}", self.key.text(), self.recipe.name())
    }
}

/// Where a file is, below the site's address: `/media/{key}/{name}`.
pub fn file_address(asset: &Asset) -> String {
    format!("/media/{}/{}", FileKey::of(asset).text(), encoded(asset.name.as_str()))
}

impl Media {
    /// Where a variant is, below the site's address, signed.
    pub(super) fn variant_address(&self, asset: &Asset, recipe: VariantRecipe) -> String {
        let address = VariantAddress { key: FileKey::of(asset), recipe };
        let (key, stem) = (address.key.text(), encoded(asset.name.stem()));
        let extension = recipe.format.extension();
        let signature = URL_SAFE_NO_PAD.encode(self.signature(&address));
        format!("/media/{key}/{}/{stem}.{extension}?sig={signature}", recipe.text())
    }

    /// Whether this site made an address.
    pub(super) fn signed(&self, address: &VariantAddress, signature: &str) -> bool {
        let Ok(given) = URL_SAFE_NO_PAD.decode(signature) else { return false };
        let expected = self.signature(address);
        // Every byte is looked at: how long it takes tells nothing of how much is right.
        let differences = given.iter().zip(expected).fold(0, |found, (a, b)| found | (a ^ b));
        given.len() == SIGNATURE_BYTES && differences == 0
    }

    fn signature(&self, address: &VariantAddress) -> [u8; SIGNATURE_BYTES] {
        let hash = blake3::keyed_hash(&self.signing_key, address.message().as_bytes());
        let mut signature = [0; SIGNATURE_BYTES];
        signature.iter_mut().zip(hash.as_bytes()).for_each(|(to, from)| *to = *from);
        signature
    }
}

/// A name has letters, digits, `.`, `-` and `_`: of these only letters beyond ASCII are encoded.
fn encoded(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    for byte in name.bytes() {
        if byte.is_ascii() {
            text.push(char::from(byte));
        } else {
            let _ = write!(text, "%{byte:02X}"); // Writing to a string cannot fail.
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{FileKey, VariantAddress};
    use crate::ports::{VariantFormat, VariantRecipe};

    #[test]
    fn a_recipe_is_read_back_and_has_one_text() {
        for text in ["w640", "w1", "w2560", "w640h480f5000-10000"] {
            let recipe = VariantRecipe::parse(text, VariantFormat::Webp).unwrap();
            assert_eq!(recipe.text(), text);
        }
        for text in [
            "",
            "w",
            "w0",
            "w2561",
            "w0640",
            "w+640",
            "640",
            "w640h480",
            "w640h480f1-10001",
            "w640h0f1-1",
            "w640h480f01-1",
            "w640x",
            "w99999999999",
        ] {
            assert_eq!(VariantRecipe::parse(text, VariantFormat::Webp), None, "{text}");
        }
    }

    #[test]
    fn an_address_is_of_a_known_format() {
        let key = "0123456789abcdef0123456789abcdef";
        let address = VariantAddress::parse(key, "w160", "a.b.webp").unwrap();
        assert_eq!(address.recipe.format, VariantFormat::Webp);
        assert_eq!(address.message(), format!("{key}/w160.webp"));
        assert_eq!(VariantAddress::parse(key, "w160", "a.png"), None);
        assert_eq!(FileKey::parse(&key.to_uppercase()), None);
        assert_eq!(FileKey::parse("+123456789abcdef0123456789abcdef"), None);
    }
}
