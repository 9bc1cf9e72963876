//! Colours: from what an image's profile says its numbers mean to sRGB, which is what everybody takes them for who
//! sees no profile.

use moxcms::{ColorProfile, DataColorSpace, Layout, ParsingOptions, TransformOptions};

use crate::limits::PROFILE_BYTES_MAX;

/// The largest table of a profile, in entries.
const TABLE_LEN_MAX: usize = 1024 * 1024;

/// What the numbers of an image's pixels mean.
pub(crate) struct Profile(ColorProfile);

impl Profile {
    /// Reads a profile. `None` for one that is damaged or too large, or not of pixels in red, green and blue or in
    /// grey: such an image is shown as if it had none, as browsers do.
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        let largest = usize::try_from(PROFILE_BYTES_MAX).unwrap_or(usize::MAX);
        let options = ParsingOptions {
            max_profile_size: largest.saturating_add(1),
            max_allowed_clut_size: TABLE_LEN_MAX,
            ..ParsingOptions::default()
        };
        let profile = ColorProfile::new_from_slice_with_options(bytes, options).ok()?;
        let is_known = matches!(profile.color_space, DataColorSpace::Rgb | DataColorSpace::Gray);
        is_known.then_some(Self(profile))
    }

    /// Turns rows of pixels with three bytes, or four, to sRGB. They stay as they are where the profile cannot be
    /// applied.
    pub(crate) fn to_srgb(&self, pixels: Vec<u8>, has_alpha: bool) -> Vec<u8> {
        let turned = match self.0.color_space {
            DataColorSpace::Gray => self.grey_to_srgb(&pixels, has_alpha),
            _ => {
                let layout = if has_alpha { Layout::Rgba } else { Layout::Rgb };
                self.transformed(&pixels, layout, layout, pixels.len())
            }
        };
        turned.unwrap_or(pixels)
    }

    /// A grey pixel has the same number thrice.
    fn grey_to_srgb(&self, pixels: &[u8], has_alpha: bool) -> Option<Vec<u8>> {
        let (from, to, bytes) = if has_alpha {
            (Layout::GrayAlpha, Layout::Rgba, 4)
        } else {
            (Layout::Gray, Layout::Rgb, 3)
        };
        let grey: Vec<u8> = pixels
            .chunks_exact(bytes)
            .flat_map(|it| it.first().into_iter().chain(it.get(3)))
            .copied()
            .collect();
        self.transformed(&grey, from, to, pixels.len())
    }

    fn transformed(&self, pixels: &[u8], from: Layout, to: Layout, len: usize) -> Option<Vec<u8>> {
        let srgb = ColorProfile::new_srgb();
        let options = TransformOptions::default();
        let transform = self.0.create_transform_8bit(from, &srgb, to, options).ok()?;
        let mut turned = vec![0; len];
        transform.transform(pixels, &mut turned).ok()?;
        Some(turned)
    }
}
