//! GIF: a header, then blocks.

use smartcms_app::ports::ImageError;
use smartcms_domain::assets::{Dimensions, MediaType};

use super::Found;
use super::input::Input;
use crate::limits::ImageLimits;

const IMAGE: u8 = 0x2c;
const EXTENSION: u8 = 0x21;
const TRAILER: u8 = 0x3b;
/// How long a frame is shown, and what of it is transparent.
const CONTROL: u8 = 0xf9;
const APPLICATION: u8 = 0xff;
/// Applications that say how often the frames are repeated, and nothing else.
const LOOPS: [&[u8; 11]; 2] = [b"NETSCAPE2.0", b"ANIMEXTS1.0"];

/// Keeps frames and how they follow one another; comments, texts and what other programs wrote stay behind.
pub(super) fn clean(input: &mut Input<'_>, limits: &ImageLimits) -> Result<Found, ImageError> {
    let header: [u8; 13] = input.array()?;
    let dimensions = size(&header).ok_or_else(|| input.damaged("it has no size"))?;
    limits.check_pixels(MediaType::Gif, dimensions)?;
    input.write(&header)?;
    input.copy(palette_bytes(header.get(10).copied().unwrap_or_default()))?;
    let mut frames = 0_u64;
    loop {
        match input.byte()? {
            IMAGE => {
                let head: [u8; 9] = input.array()?;
                // A frame may be larger than the image: it is what a decoder makes room for.
                let frame = frame_size(&head).filter(|it| it.pixels() > 0);
                limits.check_pixels(MediaType::Gif, frame.unwrap_or(dimensions))?;
                input.write(&[IMAGE])?;
                input.write(&head)?;
                input.copy(palette_bytes(head.last().copied().unwrap_or_default()))?;
                input.copy(1)?;
                sub_blocks(input, true)?;
                frames += 1;
            }
            EXTENSION => extension(input)?,
            TRAILER if frames > 0 => {
                input.write(&[TRAILER])?;
                return Ok(Found { dimensions, animated: frames > 1 });
            }
            TRAILER => return Err(input.damaged("it has no pixels")),
            _ => return Err(input.damaged("a block has no kind")),
        }
    }
}

fn extension(input: &mut Input<'_>) -> Result<(), ImageError> {
    let label = input.byte()?;
    match label {
        CONTROL => {
            input.write(&[EXTENSION, label])?;
            sub_blocks(input, true)
        }
        APPLICATION => {
            let len = input.byte()?;
            let name = input.bytes(usize::from(len))?;
            let is_kept = LOOPS.iter().any(|it| name == **it);
            if is_kept {
                input.write(&[EXTENSION, label, len])?;
                input.write(&name)?;
            }
            // An extension without a name is at its end already.
            if len == 0 { Ok(()) } else { sub_blocks(input, is_kept) }
        }
        _ => sub_blocks(input, false),
    }
}

/// Blocks of at most 255 bytes, up to an empty one.
fn sub_blocks(input: &mut Input<'_>, keep: bool) -> Result<(), ImageError> {
    loop {
        let len = input.byte()?;
        if keep {
            input.write(&[len])?;
            input.copy(u64::from(len))?;
        } else {
            input.skip(u64::from(len))?;
        }
        if len == 0 {
            return Ok(());
        }
    }
}

fn size(header: &[u8; 13]) -> Option<Dimensions> {
    let at = |from: usize| Some(u16::from_le_bytes(*header.get(from..)?.first_chunk()?));
    Some(Dimensions { width: at(6)?.into(), height: at(8)?.into() })
}

fn frame_size(head: &[u8; 9]) -> Option<Dimensions> {
    let at = |from: usize| Some(u16::from_le_bytes(*head.get(from..)?.first_chunk()?));
    Some(Dimensions { width: at(4)?.into(), height: at(6)?.into() })
}

/// How long the palette is that these flags announce.
fn palette_bytes(flags: u8) -> u64 {
    if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 0x07) + 1) }
}
