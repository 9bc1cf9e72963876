//! Pictures that a phone reads.

use std::fmt::Write;

use qrcode::{Color, EcLevel, QrCode};
use serde::Serialize;

/// The light border that readers need around the picture, in modules.
const QUIET: usize = 4;

/// A QR code as the path of an SVG: a page shows it without another request, in which the secret would stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct QrPicture {
    /// Width and height, in the units of the path.
    pub size: usize,
    /// The dark modules.
    pub path: String,
}

impl QrPicture {
    /// The picture of a text; `None` for one that is too long for any.
    pub fn of(text: &str) -> Option<Self> {
        let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
        let width = code.width();
        let mut path = String::new();
        for (at, color) in code.to_colors().into_iter().enumerate() {
            if color == Color::Dark {
                let (x, y) = (at % width + QUIET, at / width + QUIET);
                let _ = write!(path, "M{x} {y}h1v1h-1z"); // Writing to a string cannot fail.
            }
        }
        Some(Self { size: width + 2 * QUIET, path })
    }
}

#[cfg(test)]
mod tests {
    use super::QrPicture;

    #[test]
    fn a_picture_has_its_finders_and_a_border() {
        let picture = QrPicture::of("otpauth://totp/Site:ada?secret=ABC").unwrap();
        // The corners of the three finders, and nothing before the border.
        let far = picture.size - 5;
        for (x, y) in [(4, 4), (far, 4), (4, far)] {
            assert!(picture.path.contains(&format!("M{x} {y}h1")), "{x} {y}");
        }
        assert!(!picture.path.contains("M3 ") && !picture.path.contains(&format!("M{} ", far + 1)));
        assert!(QrPicture::of(&"x".repeat(5_000)).is_none());
    }
}
