//! Images: what they are, how they are made safe, and smaller versions of them.
//!
//! What comes in is walked through by its structure and written out again, without what tells of its maker; only then
//! a decoder sees it, with limits. Decoders run on threads of their own, a few at a time. A build without decoders (the
//! portable one) does the first half.
#![deny(missing_docs)]

mod clean;
#[cfg(feature = "decoders")]
mod colours;
#[cfg(feature = "decoders")]
mod decode;
#[cfg(feature = "decoders")]
mod encode;
mod limits;
mod prepare;
mod svg;
#[cfg(feature = "decoders")]
mod thumbnail;
#[cfg(feature = "decoders")]
mod tools;
#[cfg(feature = "decoders")]
mod variant;
mod walked;

pub use limits::{
    EXIF_BYTES_MAX, ImageLimits, PROFILE_BYTES_MAX, SVG_BYTES_MAX, SVG_DEPTH_MAX, SVG_ELEMENTS_MAX,
};
#[cfg(feature = "decoders")]
pub use tools::LocalImages;
pub use walked::WalkedImages;
