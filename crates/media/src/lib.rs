//! Images: what they are, how they are made safe, and smaller versions of them.
//!
//! What comes in is walked through by its structure and written out again, without what tells of its maker; only then
//! a decoder sees it, with limits. Decoders run on threads of their own, a few at a time.
#![deny(missing_docs)]

mod clean;
mod colours;
mod decode;
mod encode;
mod limits;
mod svg;
mod thumbnail;
mod tools;
mod variant;

pub use limits::{
    EXIF_BYTES_MAX, ImageLimits, PROFILE_BYTES_MAX, SVG_BYTES_MAX, SVG_DEPTH_MAX, SVG_ELEMENTS_MAX,
};
pub use tools::LocalImages;
