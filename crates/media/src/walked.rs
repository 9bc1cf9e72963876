//! Images where nothing decodes them.

use async_trait::async_trait;
use smartcms_app::ports::{
    ImageError, ImageTools, PreparedFile, StagedBlob, StoredBlob, VariantRecipe,
};
use smartcms_domain::assets::MediaType;

use crate::limits::ImageLimits;
use crate::prepare::{Way, drawing, raster, untouched};

/// Image tools that walk through files and read no pixels: what tells of an image's maker is taken out, and drawings
/// keep only what cannot run, as everywhere. An image whose structure is right and whose pixels are not is stored;
/// there are no smaller versions and no blurred pictures. All is done where it is asked for.
pub struct WalkedImages {
    limits: ImageLimits,
}

impl WalkedImages {
    /// Tools with these limits; that of decoders is not looked at.
    pub fn new(limits: ImageLimits) -> Self {
        Self { limits }
    }
}

#[async_trait]
impl ImageTools for WalkedImages {
    async fn prepare(
        &self,
        media_type: MediaType,
        original: Box<dyn StagedBlob>,
        target: Box<dyn StagedBlob>,
    ) -> Result<PreparedFile, ImageError> {
        match Way::of(media_type, original.bytes_len(), &self.limits)? {
            Way::Raster => raster(media_type, &*original, target, &self.limits),
            Way::Drawing => drawing(&*original, target),
            Way::Untouched => Ok(untouched(original)),
        }
    }

    fn makes_variants(&self) -> bool {
        false
    }

    async fn variant(
        &self,
        _: MediaType,
        _: Box<dyn StoredBlob>,
        _: VariantRecipe,
        _: Box<dyn StagedBlob>,
    ) -> Result<Box<dyn StagedBlob>, ImageError> {
        Err(ImageError::NoDecoder)
    }
}

#[cfg(test)]
mod tests {
    use smartcms_app::ports::{ImageError, in_memory, staged_in_memory};
    use smartcms_domain::assets::{Dimensions, MediaType};

    use super::{ImageLimits, ImageTools as _, WalkedImages};

    /// A GIF of one pixel with a comment, as its definition says it.
    const PIXEL: &[u8] = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\0\0\0\xff\xff\xff\x21\xfe\x05Where\x00\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\x00\x3b";

    async fn prepared(file: &'static [u8]) -> Result<(Vec<u8>, Option<Dimensions>), ImageError> {
        let mut original = staged_in_memory();
        original.write(file.into()).await.unwrap();
        let tools = WalkedImages::new(ImageLimits::default());
        let media_type = MediaType::sniff(file, std::str::from_utf8(file).is_ok());
        let found = tools.prepare(media_type, original, staged_in_memory()).await?;
        let mut bytes = Vec::new();
        found.file.reader().unwrap().read_to_end(&mut bytes).unwrap();
        Ok((bytes, found.dimensions))
    }

    #[tokio::test]
    async fn an_image_loses_what_tells_of_its_maker_and_keeps_its_size() {
        let (bytes, dimensions) = prepared(PIXEL).await.unwrap();
        assert_eq!(dimensions, Some(Dimensions { width: 1, height: 1 }));
        assert!(bytes.starts_with(b"GIF89a") && bytes.ends_with(b"\x3b"));
        assert!(!bytes.windows(5).any(|it| it == b"Where"));
        assert!(matches!(
            prepared(&PIXEL[..PIXEL.len() - 4]).await,
            Err(ImageError::Damaged { media_type: MediaType::Gif, .. })
        ));
    }

    #[tokio::test]
    async fn a_drawing_keeps_what_cannot_run() {
        let drawing = br#"<svg xmlns="http://www.w3.org/2000/svg" width="2" height="3"><script>x()</script><path d="M0 0"/></svg>"#;
        let (bytes, dimensions) = prepared(drawing).await.unwrap();
        let text = String::from_utf8(bytes).unwrap();
        assert_eq!(dimensions, Some(Dimensions { width: 2, height: 3 }));
        assert!(text.contains("path") && !text.contains("script"), "{text}");
    }

    #[tokio::test]
    async fn other_files_stay_as_they_are_and_there_are_no_variants() {
        assert_eq!(prepared(b"%PDF-1.7 and more").await.unwrap().0, b"%PDF-1.7 and more");
        let tools = WalkedImages::new(ImageLimits::default());
        assert!(!tools.makes_variants());
        let recipe = smartcms_app::ports::VariantRecipe {
            width: 1,
            crop: None,
            format: smartcms_app::ports::VariantFormat::Webp,
        };
        let source = in_memory(PIXEL.into());
        let made = tools.variant(MediaType::Gif, source, recipe, staged_in_memory()).await;
        assert!(matches!(made, Err(ImageError::NoDecoder)));
    }
}
