//! Images that are made to harm.

use image::ImageFormat;
use smartcms_app::ports::ImageError;
use smartcms_media::ImageLimits;

use crate::fixtures::{chunk, file, halves, png_with};
use crate::{prepare, prepare_within, refusal};

/// A PNG that says that it is this large and holds next to nothing.
fn png_header(width: u32, height: u32) -> Vec<u8> {
    let mut header = [width.to_be_bytes(), height.to_be_bytes()].concat();
    header.extend_from_slice(&[8, 6, 0, 0, 0]);
    let deflated = [0x78, 0x9c, 0x03, 0, 0, 0, 0, 1];
    let signature = b"\x89PNG\r\n\x1a\n".to_vec();
    [signature, chunk(b"IHDR", &header), chunk(b"IDAT", &deflated), chunk(b"IEND", b"")].concat()
}

#[tokio::test]
async fn pixels_are_counted_before_anything_is_decoded() {
    let bomb = png_header(60_000, 60_000);
    let refused = refusal(&bomb).await;
    assert_eq!(
        refused.to_string(),
        "the image has 60000 × 60000 pixels; `media.pixels_max` is 50000000"
    );
    let mut gif = file(&halves(4, 4), ImageFormat::Gif);
    gif[6..10].copy_from_slice(&[0xff; 4]);
    assert!(matches!(refusal(&gif).await, ImageError::TooManyPixels { .. }));
    let mut jpeg = file(&halves(4, 4), ImageFormat::Jpeg);
    let size = jpeg.windows(2).position(|it| it == [0xff, 0xc0]).unwrap() + 5;
    jpeg[size..size + 4].copy_from_slice(&[0xff; 4]);
    assert!(matches!(refusal(&jpeg).await, ImageError::TooManyPixels { .. }));
}

#[tokio::test]
async fn limits_hold_at_their_edge() {
    let image = file(&halves(10, 10), ImageFormat::Png);
    let at = |pixels_max| ImageLimits { pixels_max, ..ImageLimits::default() };
    assert!(prepare_within(&image, at(100)).await.is_ok());
    assert!(prepare_within(&image, at(99)).await.is_err());
    let bytes_len = image.len() as u64;
    let at = |image_bytes_max| ImageLimits { image_bytes_max, ..ImageLimits::default() };
    assert!(prepare_within(&image, at(bytes_len)).await.is_ok());
    let refused = prepare_within(&image, at(bytes_len - 1)).await.err().unwrap();
    assert!(refused.to_string().contains("`media.image_bytes_max` is"), "{refused}");
}

#[tokio::test]
async fn a_small_profile_that_inflates_without_end_is_refused() {
    let zeros = vec![0; 8 * 1024 * 1024];
    let mut deflated = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    std::io::Write::write_all(&mut deflated, &zeros).unwrap();
    let profile = [b"icc\0\0".as_slice(), &deflated.finish().unwrap()].concat();
    assert!(profile.len() < 20_000);
    let refused = refusal(&png_with(&halves(4, 4), &[(b"iCCP", &profile)])).await;
    assert!(
        matches!(refused, ImageError::PartTooLarge { part: "colour profile", .. }),
        "{refused}"
    );
}

#[tokio::test]
async fn an_image_that_is_cut_off_anywhere_is_refused_and_never_more() {
    let formats = [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::Gif, ImageFormat::WebP];
    for format in formats {
        let whole = file(&halves(24, 16), format);
        for len in 0..whole.len() {
            // The first bytes tell what it is; before them it is just some file.
            let Err(refused) = prepare(&whole[..len]).await else {
                assert!(len < 12, "{format:?} cut to {len} of {}", whole.len());
                continue;
            };
            assert!(matches!(refused, ImageError::Damaged { .. }), "{format:?} {len}: {refused}");
        }
    }
}

#[tokio::test]
async fn damage_anywhere_never_panics() {
    let formats = [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::Gif, ImageFormat::WebP];
    for format in formats {
        let whole = file(&halves(24, 16), format);
        for at in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[at] ^= 0xff;
            if let Err(refused) = prepare(&damaged).await {
                let text = refused.to_string();
                assert!(
                    !text.ends_with("it cannot be decoded"),
                    "a decoder panicked: {format:?} {at}"
                );
            }
        }
    }
}

#[tokio::test]
async fn what_cannot_be_cleaned_is_not_taken() {
    for brand in [b"avif", b"heic"] {
        let bytes = [b"\0\0\0\x14ftyp".as_slice(), brand, b"\0\0\0\0", brand].concat();
        let refused = refusal(&bytes).await;
        assert!(matches!(refused, ImageError::NotTaken { .. }), "{refused}");
    }
}

#[tokio::test]
async fn a_drawing_is_written_anew_without_what_runs() {
    let drawing = b"<svg xmlns='http://www.w3.org/2000/svg' width='4' height='2' onload='x()'>\
        <script>alert(1)</script><rect width='4' height='2'/></svg>";
    let (prepared, kept) = prepare(drawing).await.unwrap();
    assert_eq!(
        String::from_utf8(kept).unwrap(),
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"4\" height=\"2\">\
         <rect width=\"4\" height=\"2\"/></svg>"
    );
    assert_eq!(prepared.dimensions.map(|it| (it.width, it.height)), Some((4, 2)));
    let bomb = b"<!DOCTYPE svg [<!ENTITY a 'aaaaaaaa'>]><svg><text>&a;</text></svg>";
    assert!(matches!(refusal(bomb).await, ImageError::Damaged { .. }));
}
