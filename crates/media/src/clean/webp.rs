//! WebP: a RIFF file of chunks.

use smartcms_app::ports::ImageError;
use smartcms_domain::assets::{Dimensions, MediaType};

use super::Found;
use super::input::Input;
use crate::limits::{ImageLimits, PROFILE_BYTES_MAX};

/// Where the chunks begin.
const HEAD_BYTES: u64 = 12;
/// Chunks that pixels and their colours need. Exif and XMP are not among them.
const KEPT: [&[u8; 4]; 7] = [b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP"];
/// Flags of the first chunk: what is in the file.
const HAS_EXIF: u8 = 0x08;
const HAS_XMP: u8 = 0x04;
const IS_ANIMATED: u8 = 0x02;

struct Layout {
    dimensions: Dimensions,
    animated: bool,
    kept_bytes: u64,
}

/// Keeps what the pixels need. The file's length stands at its beginning, so it is walked through twice.
pub(super) fn clean(input: &mut Input<'_>, limits: &ImageLimits) -> Result<Found, ImageError> {
    let head: [u8; 12] = input.array()?;
    let declared = head.get(4..).and_then(|it| it.first_chunk::<4>());
    let declared = declared.map_or(0, |it| u64::from(u32::from_le_bytes(*it)));
    if !head.starts_with(b"RIFF") || !head.ends_with(b"WEBP") || declared < 4 {
        return Err(input.damaged("it has no beginning"));
    }
    // The length counts what follows it: the name, then the chunks.
    let chunks = declared - 4;
    let layout = walk(input, chunks, false, limits)?;
    let riff = u32::try_from(layout.kept_bytes + 4)
        .map_err(|_| input.damaged("it is longer than it can be"))?;
    input.write(b"RIFF")?;
    input.write(&riff.to_le_bytes())?;
    input.write(b"WEBP")?;
    input.rewind_to(HEAD_BYTES)?;
    walk(input, chunks, true, limits)?;
    Ok(Found { dimensions: layout.dimensions, animated: layout.animated })
}

fn walk(
    input: &mut Input<'_>,
    mut left: u64,
    keep: bool,
    limits: &ImageLimits,
) -> Result<Layout, ImageError> {
    let mut found: Option<(Dimensions, bool)> = None;
    let (mut kept_bytes, mut has_pixels) = (0, false);
    while left >= 8 {
        let kind: [u8; 4] = input.array()?;
        let len = u32::from_le_bytes(input.array()?);
        let padded = u64::from(len) + u64::from(len % 2);
        // The last byte of padding is missing in some files.
        left = left.saturating_sub(8 + padded);
        if !KEPT.contains(&&kind) {
            if left > 0 {
                input.skip(padded)?;
            }
            continue;
        }
        kept_bytes += 8 + padded;
        if &kind == b"ICCP" && u64::from(len) > PROFILE_BYTES_MAX {
            let bytes_max = PROFILE_BYTES_MAX;
            return Err(ImageError::PartTooLarge { part: "colour profile", bytes_max });
        }
        let looked_at = if is_sized(&kind) { padded.min(10) } else { 0 };
        let mut start = input.bytes(usize::try_from(looked_at).unwrap_or(0))?;
        if found.is_none() && is_sized(&kind) {
            let size = size(&kind, &start).ok_or_else(|| input.damaged("it has no size"))?;
            limits.check_pixels(MediaType::Webp, size)?;
            let flags = start.first().copied().unwrap_or_default();
            found = Some((size, &kind == b"VP8X" && flags & IS_ANIMATED != 0));
        }
        has_pixels |= matches!(&kind, b"VP8 " | b"VP8L" | b"ANMF");
        if &kind == b"VP8X"
            && let Some(flags) = start.first_mut()
        {
            *flags &= !(HAS_EXIF | HAS_XMP);
        }
        if keep {
            input.write(&kind)?;
            input.write(&len.to_le_bytes())?;
            input.write(&start)?;
            input.copy(padded - looked_at)?;
        } else {
            input.skip(padded - looked_at)?;
        }
    }
    let (dimensions, animated) =
        found.filter(|_| has_pixels).ok_or_else(|| input.damaged("it has no pixels"))?;
    Ok(Layout { dimensions, animated, kept_bytes })
}

fn is_sized(kind: &[u8; 4]) -> bool {
    matches!(kind, b"VP8X" | b"VP8 " | b"VP8L")
}

/// The size at the beginning of a chunk.
fn size(kind: &[u8; 4], start: &[u8]) -> Option<Dimensions> {
    let byte = |at: usize| start.get(at).map(|it| u32::from(*it));
    match kind {
        b"VP8X" => {
            let three = |at| Some(byte(at)? | byte(at + 1)? << 8 | byte(at + 2)? << 16);
            Some(Dimensions { width: three(4)? + 1, height: three(7)? + 1 })
        }
        b"VP8L" => {
            let bits = byte(1)? | byte(2)? << 8 | byte(3)? << 16 | byte(4)? << 24;
            let side = |it: u32| (it & 0x3fff) + 1;
            (byte(0)? == 0x2f).then(|| Dimensions { width: side(bits), height: side(bits >> 14) })
        }
        _ => {
            let marked = start.get(3..6) == Some(&[0x9d, 0x01, 0x2a]);
            let side = |at| Some((byte(at)? | byte(at + 1)? << 8) & 0x3fff);
            marked.then_some(Dimensions { width: side(6)?, height: side(8)? })
        }
    }
}
