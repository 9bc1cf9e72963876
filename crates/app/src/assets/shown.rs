//! The images of a page: named by its entries and in their texts, found with one read, and put into the HTML.

use std::collections::BTreeSet;
use std::fmt::Write;

use smartcms_domain::assets::{Asset, AssetId};
use smartcms_domain::collections::{CollectionDefinition, FieldKind};
use smartcms_domain::entries::Fields;

use super::Media;
use super::address::{FileKey, file_address};
use super::responsive::{ImageUse, ResponsiveImage, responsive_image};
use crate::App;
use crate::ports::{ASSETS_NAMED_MAX, AssetRef, NamedAsset, StoreError, VariantFormat};

/// The most images of one page that are looked for; others are shown as they are written.
pub const IMAGES_PER_PAGE_MAX: usize = ASSETS_NAMED_MAX;
/// Where files are, below the site's address.
const FILES: &str = "/media/";
/// How wide an image in a text is, as HTML's `sizes` says it: as wide as a column of text, or as the screen.
const SIZES_IN_TEXT: &str = "(min-width: 46rem) 42rem, 100vw";
/// What an image of the library is told from others by, in HTML that was made from blocks.
const ASSET_ATTRIBUTE: &str = "data-asset";

/// What a page calls the images that it shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImageNames(BTreeSet<AssetRef>);

/// The images of a page, with what is known of them.
#[derive(Debug, Clone, Default)]
pub struct ShownImages(Vec<NamedAsset>);

impl ImageNames {
    /// The image that an entry is shown with.
    pub fn add_entry(&mut self, definition: &CollectionDefinition, fields: &Fields) {
        self.0.extend(image_of(definition, fields).map(AssetRef::Id));
    }

    /// The images of sanitised HTML that are files of the site at `base_url`.
    pub fn add_html(&mut self, html: &str, base_url: &str) {
        for tag in html.split("<img ").skip(1) {
            self.0.extend(name_in(&attributes(tag), base_url));
        }
    }
}

/// What is known of the images that a page names, with one read; none where it names none.
pub async fn find_images(app: &App, names: ImageNames) -> Result<ShownImages, StoreError> {
    if names.0.is_empty() {
        return Ok(ShownImages::default());
    }
    let names: Vec<AssetRef> = names.0.into_iter().take(IMAGES_PER_PAGE_MAX).collect();
    Ok(ShownImages(app.media.assets.find_named(&names).await?))
}

/// The first file of the field that holds the image of entries.
fn image_of(definition: &CollectionDefinition, fields: &Fields) -> Option<AssetId> {
    let field = definition.image_field()?;
    let value = fields.get(field.name.as_str())?;
    let id = match field.kind {
        FieldKind::Assets => value.as_array()?.first()?.as_str()?,
        _ => value.as_str()?,
    };
    AssetId::parse(id).ok()
}

impl ShownImages {
    /// The image that an entry is shown with, where it is one and is there.
    pub fn of_entry(
        &self,
        definition: &CollectionDefinition,
        fields: &Fields,
    ) -> Option<&NamedAsset> {
        let found = self.named(AssetRef::Id(image_of(definition, fields)?))?;
        found.asset.media_type.is_image().then_some(found)
    }

    /// The ids of all that were found.
    pub fn ids(&self) -> impl Iterator<Item = AssetId> {
        self.0.iter().map(|it| it.asset.id)
    }

    /// Sanitised HTML whose images of the site come in several sizes, with the room to keep free for them.
    pub fn put_into(&self, html: &str, media: &Media, base_url: &str) -> String {
        if self.0.is_empty() {
            return html.to_owned();
        }
        let mut parts = html.split("<img ");
        let mut out = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (tag, rest) = part.split_once('>').unwrap_or((part, ""));
            let attributes = attributes(tag);
            let found = name_in(&attributes, base_url).and_then(|it| self.named(it));
            let shown = found.and_then(|it| {
                let image = responsive_image(media, &it.asset, &it.made, ImageUse::WHOLE)?;
                Some((&it.asset, image))
            });
            match shown {
                Some((asset, image)) => write_image(&mut out, &attributes, asset, &image),
                None => {
                    let _ = write!(out, "<img {tag}>"); // Writing to a string cannot fail.
                }
            }
            out.push_str(rest);
        }
        out
    }

    fn named(&self, name: AssetRef) -> Option<&NamedAsset> {
        self.0.iter().find(|it| name.names(&it.asset))
    }
}

/// The attributes of a tag as the sanitiser writes them: every value in quotes, with `"`, `<` and `>` escaped.
fn attributes(tag: &str) -> Vec<(&str, &str)> {
    let mut rest = tag.split_once('>').map_or(tag, |(tag, _)| tag);
    let mut found = Vec::new();
    while let Some((name, after)) = rest.split_once("=\"") {
        let Some((value, behind)) = after.split_once('"') else { break };
        found.push((name.trim_start(), value));
        rest = behind;
    }
    found
}

fn value<'a>(attributes: &[(&str, &'a str)], name: &str) -> Option<&'a str> {
    attributes.iter().find(|(it, _)| *it == name).map(|(_, value)| *value)
}

/// What an image is called: by its id, or by the address of a file of this site.
fn name_in(attributes: &[(&str, &str)], base_url: &str) -> Option<AssetRef> {
    if let Some(id) = value(attributes, ASSET_ATTRIBUTE).and_then(|it| AssetId::parse(it).ok()) {
        return Some(AssetRef::Id(id));
    }
    let src = value(attributes, "src")?;
    let path = src.strip_prefix(base_url).unwrap_or(src).strip_prefix(FILES)?;
    let (key, name) = path.split_once('/').unwrap_or((path, ""));
    // Deeper are the variants of files, which are what they are.
    if name.contains('/') {
        return None;
    }
    let key = FileKey::parse(key).map(|it| AssetRef::Key(it.as_bytes()));
    key.or_else(|| AssetId::parse(path).ok().map(AssetRef::Id))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;")
}

/// What the author said stays; what is known of the file is added.
fn write_image(out: &mut String, written: &[(&str, &str)], asset: &Asset, image: &ResponsiveImage) {
    let avif = image.srcset(VariantFormat::Avif);
    if !avif.is_empty() {
        let _ = write!(
            out,
            "<picture><source type=\"image/avif\" srcset=\"{avif}\" sizes=\"{SIZES_IN_TEXT}\">"
        );
    }
    // Without variants the file itself is shown, wherever it was said to be.
    let src = if image.sources.is_empty() { file_address(asset) } else { image.src.clone() };
    let _ = write!(out, "<img src=\"{src}\"");
    let srcset = image.srcset(VariantFormat::Webp);
    if !srcset.is_empty() {
        let _ = write!(out, " srcset=\"{srcset}\" sizes=\"{SIZES_IN_TEXT}\"");
    }
    let is_sized = value(written, "width").is_some() || value(written, "height").is_some();
    if let Some(size) = image.dimensions.filter(|_| !is_sized) {
        let _ = write!(out, " width=\"{}\" height=\"{}\"", size.width, size.height);
    }
    let alt = value(written, "alt").filter(|it| !it.is_empty()).map(str::to_owned);
    let alt = alt.unwrap_or_else(|| escaped(&image.alt));
    let _ = write!(out, " alt=\"{alt}\"");
    let own = ["src", "srcset", "sizes", "alt", ASSET_ATTRIBUTE];
    for (name, value) in written.iter().filter(|(name, _)| !own.contains(name)) {
        let _ = write!(out, " {name}=\"{value}\"");
    }
    out.push('>');
    if !avif.is_empty() {
        out.push_str("</picture>");
    }
}
