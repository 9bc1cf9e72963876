//! Names of files.

use std::fmt;

use super::MediaType;

/// The longest name, in characters, its ending included.
pub const NAME_LEN_MAX: usize = 120;
/// The longest ending that is taken for one.
const EXTENSION_LEN_MAX: usize = 10;
const UNNAMED: &str = "file";

/// The name of a file, safe in a path and in a header: letters and digits, `.`, `-` and `_`, with the ending of the
/// file's type.
// Invariant: 1 to NAME_LEN_MAX characters, no dot at the beginning.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct AssetName(String);

impl AssetName {
    /// Makes a name of what a client called its file. The ending follows the type, whatever the client says.
    ///
    /// Never fails: a name of which nothing is left is `file`.
    pub fn of(text: &str, media_type: MediaType) -> Self {
        // Some clients send the whole path on their machine.
        let last = text.rsplit(['/', '\\']).next().unwrap_or_default();
        let cleaned = cleaned(last);
        let (stem, extension) = split(&cleaned, media_type);
        let room = NAME_LEN_MAX.saturating_sub(extension.len() + 1);
        let stem: String = stem.chars().take(room).collect();
        let stem = stem.trim_matches(['.', '-']);
        let stem = if stem.is_empty() { UNNAMED } else { stem };
        Self(format!("{stem}.{extension}"))
    }

    /// Reads a name that was stored.
    pub fn parse(text: &str) -> Option<Self> {
        let whole = !text.is_empty() && text.chars().count() <= NAME_LEN_MAX;
        (whole && !text.starts_with('.') && text.chars().all(is_kept))
            .then(|| Self(text.to_owned()))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name without its ending.
    pub fn stem(&self) -> &str {
        self.0.rsplit_once('.').map_or(self.0.as_str(), |(stem, _)| stem)
    }
}

impl fmt::Display for AssetName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Everything that is not kept becomes one hyphen.
fn cleaned(text: &str) -> String {
    let mut name = String::with_capacity(text.len());
    for character in text.chars() {
        if is_kept(character) {
            name.push(character);
        } else if !name.ends_with('-') {
            name.push('-');
        }
    }
    name
}

fn is_kept(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '.' | '-' | '_')
}

/// The name before its ending, and the ending that it gets.
fn split(name: &str, media_type: MediaType) -> (&str, String) {
    let usual = media_type.extensions().first().copied().unwrap_or("bin").to_owned();
    let Some((stem, extension)) = name.rsplit_once('.') else { return (name, usual) };
    let lower = extension.to_ascii_lowercase();
    if media_type.extensions().contains(&lower.as_str()) {
        return (stem, lower);
    }
    let is_extension = (1..=EXTENSION_LEN_MAX).contains(&lower.len())
        && lower.bytes().all(|it| it.is_ascii_alphanumeric());
    // An ending of another type would lie; one that nobody knows says more than none, for a type that nobody knows.
    if !is_extension {
        return (name, usual);
    }
    if media_type == MediaType::Unknown && !is_of_a_known_type(&lower) {
        return (stem, lower);
    }
    (stem, usual)
}

fn is_of_a_known_type(extension: &str) -> bool {
    let mut known = MediaType::ALL.into_iter().filter(|it| *it != MediaType::Unknown);
    known.any(|it| it.extensions().contains(&extension))
}

#[cfg(test)]
mod tests {
    use super::{AssetName, NAME_LEN_MAX};
    use crate::assets::MediaType;

    #[track_caller]
    fn check(text: &str, media_type: MediaType, expected: &str) {
        let name = AssetName::of(text, media_type);
        assert_eq!(name.as_str(), expected);
        assert_eq!(AssetName::parse(name.as_str()), Some(name));
    }

    #[test]
    fn the_ending_follows_the_type() {
        check("photo.jpeg", MediaType::Jpeg, "photo.jpeg");
        check("photo.JPG", MediaType::Jpeg, "photo.jpg");
        check("photo.jpg", MediaType::Zip, "photo.zip");
        check("photo", MediaType::Png, "photo.png");
        check("notes.md", MediaType::Text, "notes.md");
        check("page.html", MediaType::Text, "page.txt");
        check("data.xyz", MediaType::Unknown, "data.xyz");
        check("data.html", MediaType::Unknown, "data.bin");
        check("v1.2 final", MediaType::Pdf, "v1.2-final.pdf");
    }

    #[test]
    fn a_name_is_safe_whatever_it_was() {
        check("../../etc/passwd", MediaType::Text, "passwd.txt");
        check("C:\\Users\\me\\Bild 1.png", MediaType::Png, "Bild-1.png");
        check("a\"b\r\nc<d>.png", MediaType::Png, "a-b-c-d.png");
        check("", MediaType::Png, "file.png");
        check("...", MediaType::Png, "file.png");
        check(".htaccess", MediaType::Text, "file.txt");
        check("Größe.png", MediaType::Png, "Größe.png");
    }

    #[test]
    fn a_long_name_is_cut_and_keeps_its_ending() {
        let name = AssetName::of(&"ä".repeat(500), MediaType::Webp);
        assert_eq!(name.as_str().chars().count(), NAME_LEN_MAX);
        assert!(name.as_str().ends_with(".webp"));
    }
}
