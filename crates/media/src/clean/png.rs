//! PNG: a row of chunks.

use std::io::{self, Read};

use flate2::read::ZlibDecoder;
use smartcms_app::ports::ImageError;
use smartcms_domain::assets::{Dimensions, MediaType};

use super::Found;
use super::input::Input;
use crate::limits::{ImageLimits, PROFILE_BYTES_MAX};

const SIGNATURE: [u8; 8] = *b"\x89PNG\r\n\x1a\n";
/// Chunks that pixels and their colours need, and frames of moving images. Texts, times and Exif are not among them.
const KEPT: [&[u8; 4]; 14] = [
    b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"cICP", b"sBIT", b"bKGD",
    b"pHYs", b"acTL", b"fcTL", b"fdAT",
];
/// The largest length of a chunk.
const CHUNK_BYTES_MAX: u32 = 0x7fff_ffff;
/// The largest colour profile as it is in the file.
const DEFLATED_PROFILE_BYTES_MAX: u32 = 1024 * 1024;

/// Keeps what the pixels need.
pub(super) fn clean(input: &mut Input<'_>, limits: &ImageLimits) -> Result<Found, ImageError> {
    if input.array()? != SIGNATURE {
        return Err(input.damaged("it has no beginning"));
    }
    let (13, kind) = head(input)? else {
        return Err(input.damaged("its first chunk is not its header"));
    };
    if &kind != b"IHDR" {
        return Err(input.damaged("its first chunk is not its header"));
    }
    let header: [u8; 13] = input.array()?;
    let dimensions = size(&header).ok_or_else(|| input.damaged("it has no size"))?;
    limits.check_pixels(MediaType::Png, dimensions)?;
    input.write(&SIGNATURE)?;
    input.write(&13_u32.to_be_bytes())?;
    input.write(b"IHDR")?;
    input.write(&header)?;
    input.copy(4)?;
    let mut animated = false;
    loop {
        let (len, kind) = head(input)?;
        let with_checksum = u64::from(len) + 4;
        if &kind == b"iCCP" {
            profile(input, len)?;
        } else if !KEPT.contains(&&kind) {
            input.skip(with_checksum)?;
        } else {
            input.write(&len.to_be_bytes())?;
            input.write(&kind)?;
            if &kind == b"acTL" && len == 8 {
                let frames: [u8; 4] = input.array()?;
                animated = u32::from_be_bytes(frames) > 1;
                input.write(&frames)?;
                input.copy(with_checksum - 4)?;
            } else {
                input.copy(with_checksum)?;
            }
        }
        if &kind == b"IEND" {
            return Ok(Found { dimensions, animated });
        }
    }
}

fn head(input: &mut Input<'_>) -> Result<(u32, [u8; 4]), ImageError> {
    let len = u32::from_be_bytes(input.array()?);
    let kind = input.array()?;
    if len > CHUNK_BYTES_MAX {
        return Err(input.damaged("a chunk is longer than chunks can be"));
    }
    Ok((len, kind))
}

fn size(header: &[u8; 13]) -> Option<Dimensions> {
    let (width, rest) = header.split_first_chunk::<4>()?;
    let height = rest.first_chunk::<4>()?;
    Some(Dimensions { width: u32::from_be_bytes(*width), height: u32::from_be_bytes(*height) })
}

/// Keeps a colour profile whose inflated size is bounded: a small one can hide a very large one.
fn profile(input: &mut Input<'_>, len: u32) -> Result<(), ImageError> {
    if len > DEFLATED_PROFILE_BYTES_MAX {
        let bytes_max = u64::from(DEFLATED_PROFILE_BYTES_MAX);
        return Err(ImageError::PartTooLarge { part: "deflated colour profile", bytes_max });
    }
    let body = input.bytes(len as usize)?;
    // A name, a zero, the method, then the profile.
    let name_len = body.iter().position(|it| *it == 0);
    let deflated = name_len.and_then(|it| body.get(it + 2..)).unwrap_or_default();
    let mut inflated = ZlibDecoder::new(deflated).take(PROFILE_BYTES_MAX + 1);
    let Ok(bytes_len) = io::copy(&mut inflated, &mut io::sink()) else {
        return Ok(input.skip(4)?); // A broken one says nothing about colours.
    };
    if bytes_len > PROFILE_BYTES_MAX {
        let bytes_max = PROFILE_BYTES_MAX;
        return Err(ImageError::PartTooLarge { part: "colour profile", bytes_max });
    }
    input.write(&len.to_be_bytes())?;
    input.write(b"iCCP")?;
    input.write(&body)?;
    Ok(input.copy(4)?)
}
