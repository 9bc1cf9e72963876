//! The images of a page as templates show them: all found with one read.

use smartcms_app::App;
use smartcms_app::assets::{
    ImageNames, ImageUse, ShownImages, card_image, find_images, plain_image, responsive_image,
};
use smartcms_app::entries::ContentError;
use smartcms_app::ports::{NamedAsset, VariantFormat};
use smartcms_domain::assets::MediaType;
use smartcms_pages::{EntrySummary, FeedImage, PageImage, urls};

use super::read::PublicEntry;
use crate::page_cache::Tag;

/// The images of a page.
pub(super) struct Images<'a> {
    app: &'a App,
    found: ShownImages,
}

impl<'a> Images<'a> {
    /// The images that these entries are shown with, and those in these texts.
    pub(super) async fn of<'e>(
        app: &'a App,
        entries: impl IntoIterator<Item = &'e PublicEntry>,
        texts: &[&str],
    ) -> Result<Self, ContentError> {
        let mut names = ImageNames::default();
        for it in entries {
            names.add_entry(&it.definition, &it.live.fields);
        }
        texts.iter().for_each(|html| names.add_html(html, &app.site.base_url));
        Ok(Self { app, found: find_images(app, names).await? })
    }

    /// The tags of what they show.
    pub(super) fn tags(&self) -> Vec<Tag> {
        self.found.ids().map(Tag::Asset).collect()
    }

    /// An entry in a list of a site of this language.
    pub(super) fn summary(&self, public: &PublicEntry, language: &str) -> EntrySummary {
        let image = self.shown(public, ImageUse::IN_LIST);
        EntrySummary { image, ..public.summary(language) }
    }

    /// The image at the beginning of an entry's page.
    pub(super) fn opening(&self, public: &PublicEntry) -> Option<PageImage> {
        self.shown(public, ImageUse::WHOLE)
    }

    /// The image of an author or a term.
    pub(super) fn portrait(&self, public: &PublicEntry) -> Option<PageImage> {
        self.shown(public, ImageUse::PORTRAIT)
    }

    /// The image that others show beside a link to an entry.
    pub(super) fn card(&self, public: &PublicEntry) -> Option<PageImage> {
        let named = self.named(public)?;
        let card = card_image(&self.app.media, &named.asset)?;
        Some(PageImage {
            absolute_url: self.absolute(&card.url),
            url: card.url,
            alt: named.asset.alt.clone().unwrap_or_default(),
            caption: None,
            width: Some(card.dimensions.width),
            height: Some(card.dimensions.height),
            sources: String::new(),
            avif: String::new(),
        })
    }

    /// The image of an entry in a feed.
    pub(super) fn in_feed(&self, public: &PublicEntry) -> Option<FeedImage> {
        let plain = plain_image(&self.app.media, &self.named(public)?.asset)?;
        let media_type = MediaType::Jpeg.name();
        Some(FeedImage { url: self.absolute(&plain.url), media_type })
    }

    /// Sanitised HTML whose images come in several sizes.
    pub(super) fn put_into(&self, html: &str) -> String {
        self.found.put_into(html, &self.app.media, &self.app.site.base_url)
    }

    fn named(&self, public: &PublicEntry) -> Option<&NamedAsset> {
        self.found.of_entry(&public.definition, &public.live.fields)
    }

    fn shown(&self, public: &PublicEntry, shown: ImageUse) -> Option<PageImage> {
        let named = self.named(public)?;
        let image = responsive_image(&self.app.media, &named.asset, &named.made, shown)?;
        Some(PageImage {
            absolute_url: self.absolute(&image.src),
            sources: image.srcset(VariantFormat::Webp),
            avif: image.srcset(VariantFormat::Avif),
            url: image.src,
            alt: image.alt,
            caption: named.asset.caption.clone(),
            width: image.dimensions.map(|it| it.width),
            height: image.dimensions.map(|it| it.height),
        })
    }

    fn absolute(&self, path: &str) -> String {
        urls::absolute(&self.app.site.base_url, path)
    }
}
