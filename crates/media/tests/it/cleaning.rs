//! What is kept of an image, and what is not.

use image::ImageFormat;
use smartcms_domain::assets::Dimensions;

use crate::fixtures::{SECRET, file, glass, halves, holds, png_with, telling_jpeg};
use crate::prepare;

#[tokio::test]
async fn a_photo_tells_nothing_of_its_maker_and_keeps_its_pixels() {
    let photo = halves(64, 48);
    let (prepared, kept) = prepare(&telling_jpeg(&photo, 1)).await.unwrap();
    assert!(!holds(&kept, SECRET) && !holds(&kept, b"48.13") && !holds(&kept, b"abc"));
    assert!(!holds(&kept, b"PK\x03\x04"), "nothing stays behind its end");
    assert_eq!(prepared.dimensions, Some(Dimensions { width: 64, height: 48 }));
    assert!(prepared.thumbhash.is_some_and(|it| it.len() < 40));
    let before = image::load_from_memory(&file(&photo, ImageFormat::Jpeg)).unwrap();
    assert_eq!(image::load_from_memory(&kept).unwrap(), before, "not encoded anew");
}

#[tokio::test]
async fn which_way_is_up_stays() {
    let (prepared, kept) = prepare(&telling_jpeg(&halves(64, 48), 6)).await.unwrap();
    assert_eq!(prepared.dimensions, Some(Dimensions { width: 48, height: 64 }), "as it is shown");
    assert!(holds(&kept, b"Exif\0\0II*\0"));
    let (again, same) = prepare(&kept).await.unwrap();
    assert_eq!((again.dimensions, same), (prepared.dimensions, kept), "once more changes nothing");
}

#[tokio::test]
async fn texts_in_a_png_go_and_colours_stay() {
    let telling = png_with(
        &glass(20, 10),
        &[
            (b"gAMA", &45_455_u32.to_be_bytes()),
            (b"tEXt", SECRET),
            (b"iTXt", SECRET),
            (b"eXIf", SECRET),
            (b"zzZz", SECRET),
        ],
    );
    let (prepared, kept) = prepare(&[telling.as_slice(), SECRET].concat()).await.unwrap();
    assert_eq!(prepared.dimensions, Some(Dimensions { width: 20, height: 10 }));
    assert!(!holds(&kept, SECRET) && holds(&kept, b"gAMA"));
    assert!(!prepared.animated);
    let before = file(&glass(20, 10), ImageFormat::Png);
    assert_eq!(image::load_from_memory(&kept).unwrap(), image::load_from_memory(&before).unwrap());
}

#[tokio::test]
async fn comments_in_a_gif_go() {
    let plain = file(&halves(16, 16), ImageFormat::Gif);
    let (rest, trailer) = plain.split_at(plain.len() - 1);
    let mut telling = rest.to_vec();
    telling.extend_from_slice(b"\x21\xfe");
    telling.push(u8::try_from(SECRET.len()).unwrap());
    telling.extend_from_slice(SECRET);
    telling.push(0);
    telling.extend_from_slice(trailer);
    telling.extend_from_slice(SECRET);
    let (prepared, kept) = prepare(&telling).await.unwrap();
    assert!(!holds(&kept, SECRET));
    assert!(!prepared.animated);
    assert_eq!(prepared.dimensions, Some(Dimensions { width: 16, height: 16 }));
    image::load_from_memory(&kept).unwrap();
}

#[tokio::test]
async fn parts_of_a_webp_that_tell_go_and_its_length_is_right() {
    let plain = file(&halves(32, 8), ImageFormat::WebP);
    let mut chunks = b"VP8X\x0a\0\0\0\x0c\0\0\0\x1f\0\0\x07\0\0".to_vec();
    chunks.extend_from_slice(&plain[12..]);
    for kind in [b"EXIF", b"XMP "] {
        chunks.extend_from_slice(kind);
        chunks.extend_from_slice(&u32::try_from(SECRET.len()).unwrap().to_le_bytes());
        chunks.extend_from_slice(SECRET);
        chunks.extend_from_slice(&[0][..SECRET.len() % 2]);
    }
    let mut telling = b"RIFF".to_vec();
    telling.extend_from_slice(&u32::try_from(chunks.len() + 4).unwrap().to_le_bytes());
    telling.extend_from_slice(b"WEBP");
    telling.extend_from_slice(&chunks);
    telling.extend_from_slice(SECRET);
    let (prepared, kept) = prepare(&telling).await.unwrap();
    assert!(!holds(&kept, SECRET));
    assert_eq!(kept[4..8], u32::try_from(kept.len() - 8).unwrap().to_le_bytes());
    assert_eq!(prepared.dimensions, Some(Dimensions { width: 32, height: 8 }));
    image::load_from_memory(&kept).unwrap();
}

#[tokio::test]
async fn other_files_come_back_as_they_are() {
    for bytes in [&b"%PDF-1.7 rest"[..], b"plain text", b"\0\x01\x02"] {
        let (prepared, kept) = prepare(bytes).await.unwrap();
        assert_eq!(kept, bytes);
        assert_eq!((prepared.dimensions, prepared.thumbhash), (None, None));
    }
}
