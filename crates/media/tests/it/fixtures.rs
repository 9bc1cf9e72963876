//! Images, made by the tests.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};

/// What must not be left of a photo's maker.
pub(crate) const SECRET: &[u8] = b"48.137154N 11.576124E by Jane";

/// A picture whose left half is red and whose right half is blue.
pub(crate) fn halves(width: u32, height: u32) -> DynamicImage {
    DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, |x, _| {
        if x < width / 2 { Rgb([220, 20, 20]) } else { Rgb([20, 20, 220]) }
    }))
}

/// A picture that lets half of the light through.
pub(crate) fn glass(width: u32, height: u32) -> DynamicImage {
    DynamicImage::ImageRgba8(RgbaImage::from_pixel(width, height, Rgba([0, 200, 0, 128])))
}

/// The picture as a file.
pub(crate) fn file(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// A JPEG with Exif (which says which way is up, and a secret), XMP, a comment, and something behind its end.
pub(crate) fn telling_jpeg(image: &DynamicImage, orientation: u8) -> Vec<u8> {
    let plain = file(image, ImageFormat::Jpeg);
    let mut exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x02".to_vec();
    exif.extend_from_slice(b"\x01\x0f\0\x02\0\0\0\x04abc\0");
    exif.extend_from_slice(b"\x01\x12\0\x03\0\0\0\x01\0");
    exif.push(orientation);
    exif.extend_from_slice(b"\0\0\0\0\0\0");
    exif.extend_from_slice(SECRET);
    let mut bytes = plain[..2].to_vec();
    for (marker, body) in [
        (0xe1, exif.as_slice()),
        (0xe1, &[b"http://ns.adobe.com/xap/1.0/\0".as_slice(), SECRET].concat()),
        (0xed, &[b"Photoshop 3.0\0".as_slice(), SECRET].concat()),
        (0xfe, SECRET),
    ] {
        bytes.extend_from_slice(&[0xff, marker]);
        bytes.extend_from_slice(&u16::try_from(body.len() + 2).unwrap().to_be_bytes());
        bytes.extend_from_slice(body);
    }
    bytes.extend_from_slice(&plain[2..]);
    bytes.extend_from_slice(b"PK\x03\x04");
    bytes.extend_from_slice(SECRET);
    bytes
}

/// A PNG with chunks put behind its header.
pub(crate) fn png_with(image: &DynamicImage, chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let plain = file(image, ImageFormat::Png);
    let (head, rest) = plain.split_at(33);
    let mut bytes = head.to_vec();
    for (kind, body) in chunks {
        bytes.extend_from_slice(&chunk(kind, body));
    }
    bytes.extend_from_slice(rest);
    bytes
}

/// One chunk of a PNG.
pub(crate) fn chunk(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let mut bytes = u32::try_from(body.len()).unwrap().to_be_bytes().to_vec();
    let checked = [kind.as_slice(), body].concat();
    bytes.extend_from_slice(&checked);
    bytes.extend_from_slice(&checksum(&checked).to_be_bytes());
    bytes
}

/// CRC-32 as PNG has it.
fn checksum(bytes: &[u8]) -> u32 {
    let turned = bytes.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
            if sum & 1 == 1 { 0xedb8_8320 ^ (sum >> 1) } else { sum >> 1 }
        })
    });
    !turned
}

/// Whether bytes hold others.
pub(crate) fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|it| it == part)
}
