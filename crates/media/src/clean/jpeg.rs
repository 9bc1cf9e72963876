//! JPEG: segments up to the scans, then scans with markers between them.

use smartcms_app::ports::ImageError;
use smartcms_domain::assets::{Dimensions, MediaType};

use super::Found;
use super::input::Input;
use crate::limits::{ImageLimits, PROFILE_BYTES_MAX};

const MARKER: u8 = 0xff;
const START: u8 = 0xd8;
const END: u8 = 0xd9;
const START_OF_SCAN: u8 = 0xda;
const JFIF: &[u8] = b"JFIF\0";
const EXIF: &[u8] = b"Exif\0\0";
const PROFILE: &[u8] = b"ICC_PROFILE\0";
const ADOBE: &[u8] = b"Adobe";
/// The JFIF segment up to the size of its small picture, which is left out.
const JFIF_BYTES: usize = 12;
/// The tag of Exif that says which way is up.
const ORIENTATION_TAG: u16 = 0x0112;

#[derive(Default)]
struct Seen {
    dimensions: Option<Dimensions>,
    orientation: Option<u8>,
    profile_bytes: u64,
    scans: bool,
}

/// Keeps what the pixels need: tables, scans, the colour profile, Adobe's note about the colours, and which way is up.
pub(super) fn clean(input: &mut Input<'_>, limits: &ImageLimits) -> Result<Found, ImageError> {
    if input.array()? != [MARKER, START] {
        return Err(input.damaged("it has no beginning"));
    }
    input.write(&[MARKER, START])?;
    let mut seen = Seen::default();
    let mut marker = next_marker(input)?;
    while marker != END {
        marker = match marker {
            // Without a body.
            0x01 | 0xd0..=0xd7 => {
                input.write(&[MARKER, marker])?;
                next_marker(input)?
            }
            START_OF_SCAN => {
                segment(input, marker, &mut seen, limits)?;
                scan(input)?
            }
            _ => {
                segment(input, marker, &mut seen, limits)?;
                next_marker(input)?
            }
        };
    }
    input.write(&[MARKER, END])?;
    let shown = seen.dimensions.filter(|_| seen.scans);
    let mut dimensions = shown.ok_or_else(|| input.damaged("it has no pixels"))?;
    if seen.orientation.is_some_and(|it| it >= 5) {
        dimensions = Dimensions { width: dimensions.height, height: dimensions.width };
    }
    Ok(Found { dimensions, animated: false })
}

/// The byte after the next `FF`, of which there may be several.
fn next_marker(input: &mut Input<'_>) -> Result<u8, ImageError> {
    if input.byte()? != MARKER {
        return Err(input.damaged("something other than a segment stands between its segments"));
    }
    loop {
        match input.byte()? {
            MARKER => {}
            0 => return Err(input.damaged("a segment has no kind")),
            marker => return Ok(marker),
        }
    }
}

fn segment(
    input: &mut Input<'_>,
    marker: u8,
    seen: &mut Seen,
    limits: &ImageLimits,
) -> Result<(), ImageError> {
    let len = usize::from(u16::from_be_bytes(input.array()?));
    let len = len.checked_sub(2).ok_or_else(|| input.damaged("a segment has no length"))?;
    let body = input.bytes(len)?; // At most 64 KiB.
    match marker {
        0xc0..=0xcf if !matches!(marker, 0xc4 | 0xc8 | 0xcc) => {
            if seen.dimensions.is_some() {
                return Err(input.damaged("it says its size twice"));
            }
            let dimensions = size(&body).ok_or_else(|| input.damaged("it has no size"))?;
            limits.check_pixels(MediaType::Jpeg, dimensions)?;
            seen.dimensions = Some(dimensions);
            keep(input, marker, &body)
        }
        START_OF_SCAN => {
            seen.scans = true;
            keep(input, marker, &body)
        }
        0xe0 => match body.get(..JFIF_BYTES) {
            // Zero by zero: without the small picture.
            Some(start) if body.starts_with(JFIF) => {
                keep(input, marker, &[start, &[0, 0]].concat())
            }
            _ => Ok(()),
        },
        0xe1 => match body.strip_prefix(EXIF).and_then(orientation) {
            Some(found) if seen.orientation.is_none() => {
                seen.orientation = Some(found);
                keep(input, marker, &only_orientation(found))
            }
            _ => Ok(()),
        },
        0xe2 if body.starts_with(PROFILE) => {
            seen.profile_bytes += body.len() as u64;
            if seen.profile_bytes > PROFILE_BYTES_MAX {
                let bytes_max = PROFILE_BYTES_MAX;
                return Err(ImageError::PartTooLarge { part: "colour profile", bytes_max });
            }
            keep(input, marker, &body)
        }
        0xee if body.starts_with(ADOBE) => keep(input, marker, &body),
        0xe2..=0xfe => Ok(()),
        _ => keep(input, marker, &body),
    }
}

fn keep(input: &mut Input<'_>, marker: u8, body: &[u8]) -> Result<(), ImageError> {
    let len = u16::try_from(body.len() + 2).map_err(|_| input.damaged("a segment is too long"))?;
    input.write(&[MARKER, marker])?;
    input.write(&len.to_be_bytes())?;
    Ok(input.write(body)?)
}

/// Copies the coded pixels up to the next marker that ends them.
fn scan(input: &mut Input<'_>) -> Result<u8, ImageError> {
    loop {
        while !input.until(MARKER)?.1 {}
        input.byte()?;
        match input.byte()? {
            // A coded `FF`, or a place from which decoders can go on.
            follower @ (0 | 0xd0..=0xd7) => input.write(&[MARKER, follower])?,
            MARKER => {
                let marker = loop {
                    match input.byte()? {
                        MARKER => {}
                        other => break other,
                    }
                };
                return Ok(marker);
            }
            marker => return Ok(marker),
        }
    }
}

/// Height and width behind the precision.
fn size(body: &[u8]) -> Option<Dimensions> {
    let at = |from: usize| Some(u16::from_be_bytes(*body.get(from..)?.first_chunk()?));
    Some(Dimensions { width: at(3)?.into(), height: at(1)?.into() })
}

/// Which way is up, from the first directory of a TIFF structure.
fn orientation(tiff: &[u8]) -> Option<u8> {
    let little = match tiff.first_chunk::<4>()? {
        b"II*\0" => true,
        b"MM\0*" => false,
        _ => return None,
    };
    let short = |at: usize| {
        let bytes = *tiff.get(at..)?.first_chunk::<2>()?;
        Some(if little { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) })
    };
    let start = *tiff.get(4..)?.first_chunk::<4>()?;
    let start = if little { u32::from_le_bytes(start) } else { u32::from_be_bytes(start) };
    let start = usize::try_from(start).ok()?;
    let entries = usize::from(short(start)?);
    // A directory cannot have more entries than fit into its segment: reading past its end finds nothing.
    let mut places = (0..entries).map_while(|it| start.checked_add(2 + it * 12));
    let entry = places.find(|at| short(*at) == Some(ORIENTATION_TAG))?;
    let value = short(entry + 8)?;
    u8::try_from(value).ok().filter(|it| (1..=8).contains(it))
}

/// An Exif segment that says which way is up and nothing else.
fn only_orientation(value: u8) -> Vec<u8> {
    let mut body = EXIF.to_vec();
    body.extend_from_slice(b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0");
    body.extend_from_slice(&[value, 0, 0, 0, 0, 0, 0, 0]);
    body
}
