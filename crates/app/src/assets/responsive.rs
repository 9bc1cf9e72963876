//! An image as a page shows it: in several widths, of which the reader's browser takes the one it needs.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use smartcms_domain::assets::{Asset, Dimensions, MediaType};

use super::Media;
use super::address::{VARIANT_SIDE_MAX, file_address};
use crate::ports::{Crop, VariantFormat, VariantRecipe, VariantRecord};

/// The widths that variants have, in pixels; and the image's own, when it is smaller than the next.
pub(super) const WIDTHS: [u32; 9] = [160, 320, 480, 640, 960, 1280, 1600, 1920, VARIANT_SIDE_MAX];
/// How wide the variant is that browsers take which know nothing of `srcset`.
const FALLBACK_WIDTH: u32 = 960;

/// How an image is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImageUse<'a> {
    /// How wide it is on the page, as HTML's `sizes` says it.
    pub sizes: &'a str,
    /// To which form it is cut; uncut without.
    pub ratio: Option<Ratio>,
}

impl Default for ImageUse<'_> {
    fn default() -> Self {
        Self { sizes: "100vw", ratio: None }
    }
}

/// The form of a rectangle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ratio {
    /// Width, to …
    pub width: u32,
    /// … height.
    pub height: u32,
}

/// What a page needs to show an image. Addresses are below the site's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResponsiveImage {
    /// For browsers that take none of the sources.
    pub src: String,
    /// For `<source>` elements, the smallest format first.
    pub sources: Vec<Source>,
    /// How wide it is on the page.
    pub sizes: String,
    /// The size to keep free, in pixels; absent when a drawing does not say.
    pub dimensions: Option<Dimensions>,
    /// A blurred picture to show meanwhile, in base64.
    pub thumbhash: Option<String>,
    /// What it shows.
    pub alt: String,
}

/// An image in one format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The format.
    pub format: VariantFormat,
    /// The variants, the smallest first.
    pub variants: Vec<VariantLink>,
}

/// One variant that can be asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VariantLink {
    /// Its signed address.
    pub url: String,
    /// Its size.
    pub dimensions: Dimensions,
}

impl Source {
    /// The variants as HTML's `srcset` has them.
    pub fn srcset(&self) -> String {
        let links = self.variants.iter().map(|it| format!("{} {}w", it.url, it.dimensions.width));
        links.collect::<Vec<_>>().join(", ")
    }

    /// The format's media type.
    pub fn media_type(&self) -> MediaType {
        self.format.media_type()
    }
}

/// How a page shows an image; `None` for what is no image.
///
/// `made` is what [`super::made_variants`] says: AVIF takes long to make, so it is offered only when all of it is there.
pub fn responsive_image(
    media: &Media,
    asset: &Asset,
    made: &[VariantRecord],
    shown: ImageUse<'_>,
) -> Option<ResponsiveImage> {
    if !asset.media_type.is_image() {
        return None;
    }
    let sizes = sizes(asset, shown.ratio);
    let offered = |format: VariantFormat| {
        let recipes = recipes(asset, &sizes, shown.ratio, format);
        let is_made = |it: &VariantRecipe| made.iter().any(|made| made.name == it.name());
        if recipes.is_empty() || (format == VariantFormat::Avif && !recipes.iter().all(is_made)) {
            return None;
        }
        let links = recipes.iter().zip(&sizes).map(|(recipe, dimensions)| VariantLink {
            url: media.variant_address(asset, *recipe),
            dimensions: *dimensions,
        });
        Some(Source { format, variants: links.collect() })
    };
    let fallback = sizes.iter().rev().find(|it| it.width <= FALLBACK_WIDTH).or(sizes.first());
    let src = match fallback {
        Some(size) => {
            let recipe = recipe(asset, *size, shown.ratio, VariantFormat::Webp);
            media.variant_address(asset, recipe)
        }
        None => file_address(asset),
    };
    Some(ResponsiveImage {
        src,
        sources: [VariantFormat::Avif, VariantFormat::Webp]
            .into_iter()
            .filter_map(offered)
            .collect(),
        sizes: shown.sizes.to_owned(),
        dimensions: sizes.last().copied().or(asset.dimensions),
        thumbhash: asset.thumbhash.as_ref().map(|it| STANDARD.encode(it)),
        alt: asset.alt.clone().unwrap_or_default(),
    })
}

/// The recipes of the whole ladder of an uncut image in one format.
pub(super) fn ladder(asset: &Asset, format: VariantFormat) -> Vec<VariantRecipe> {
    recipes(asset, &sizes(asset, None), None, format)
}

fn recipes(
    asset: &Asset,
    sizes: &[Dimensions],
    ratio: Option<Ratio>,
    format: VariantFormat,
) -> Vec<VariantRecipe> {
    sizes.iter().map(|size| recipe(asset, *size, ratio, format)).collect()
}

fn recipe(
    asset: &Asset,
    size: Dimensions,
    ratio: Option<Ratio>,
    format: VariantFormat,
) -> VariantRecipe {
    let crop = ratio.map(|_| Crop { height: size.height, focal_point: asset.focal_point });
    VariantRecipe { width: size.width, crop, format }
}

/// The sizes that an image is offered in, never larger than it is; none for one that has no variants.
fn sizes(asset: &Asset, ratio: Option<Ratio>) -> Vec<Dimensions> {
    let Some(whole) = asset.dimensions else { return Vec::new() };
    if !asset.media_type.is_raster() || asset.animated || whole.pixels() == 0 {
        return Vec::new();
    }
    let shown = cut(whole, ratio);
    let scaled = |width: u32| {
        let height = u64::from(width) * u64::from(shown.height) + u64::from(shown.width / 2);
        let height = u32::try_from(height / u64::from(shown.width)).unwrap_or(u32::MAX);
        Dimensions { width, height: height.max(1) }
    };
    let largest = shown.width.min(VARIANT_SIDE_MAX);
    let widths = WIDTHS.into_iter().filter(|it| *it < largest).chain([largest]);
    widths.map(scaled).filter(|it| it.height <= VARIANT_SIDE_MAX || ratio.is_none()).collect()
}

/// The largest part of an image that has this form.
fn cut(whole: Dimensions, ratio: Option<Ratio>) -> Dimensions {
    let Some(ratio) = ratio.filter(|it| it.width > 0 && it.height > 0) else { return whole };
    let (width, height) = (u64::from(whole.width), u64::from(whole.height));
    let (across, down) = (u64::from(ratio.width), u64::from(ratio.height));
    let narrowed = |it: u64| u32::try_from(it).unwrap_or(u32::MAX).max(1);
    if width * down > height * across {
        Dimensions { width: narrowed(height * across / down), height: whole.height }
    } else {
        Dimensions { width: whole.width, height: narrowed(width * down / across) }
    }
}
