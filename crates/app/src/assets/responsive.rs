//! An image as a page shows it: in several widths, of which the reader's browser takes the one it needs.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use smartcms_domain::assets::{Asset, Dimensions, MediaType};

use super::Media;
use super::address::{VARIANT_SIDE_MAX, file_address};
use crate::ports::{Crop, VariantFormat, VariantRecipe};

/// The widths that variants have, in pixels; and the image's own, when it is smaller than the next.
pub(super) const WIDTHS: [u32; 9] = [160, 320, 480, 640, 960, 1280, 1600, 1920, VARIANT_SIDE_MAX];
/// How wide the variant is that browsers take which know nothing of `srcset`.
const FALLBACK_WIDTH: u32 = 960;
/// How wide pictures for other programs are at most: feed readers, and who shows links to a page.
const PLAIN_WIDTH_MAX: u32 = 1_200;

/// How an image is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImageUse {
    /// To which form it is cut; uncut without.
    pub ratio: Option<Ratio>,
    /// How wide the largest variant is that is offered, in pixels.
    pub width_max: u32,
}

impl ImageUse {
    /// Whole, as large as variants are.
    pub const WHOLE: Self = Self { ratio: None, width_max: VARIANT_SIDE_MAX };
    /// Beside an entry in a list.
    pub const IN_LIST: Self =
        Self { ratio: Some(Ratio { width: 3, height: 2 }), width_max: FALLBACK_WIDTH * 4 / 3 };
    /// Of a person or a term.
    pub const PORTRAIT: Self =
        Self { ratio: Some(Ratio { width: 1, height: 1 }), width_max: FALLBACK_WIDTH / 2 };
    /// Beside a link to a page, in other programs: the form that all of them show uncut.
    const CARD: Self =
        Self { ratio: Some(Ratio { width: 1_200, height: 630 }), width_max: PLAIN_WIDTH_MAX };
    /// The ways in which sites show images. Of those the variants of one image belong together.
    const SHOWN: [Self; 3] = [Self::WHOLE, Self::IN_LIST, Self::PORTRAIT];
}

impl Default for ImageUse {
    fn default() -> Self {
        Self::WHOLE
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

impl ResponsiveImage {
    /// The variants in one format as HTML's `srcset` has them; empty where it is not offered.
    pub fn srcset(&self, format: VariantFormat) -> String {
        let source = self.sources.iter().find(|it| it.format == format);
        source.map(Source::srcset).unwrap_or_default()
    }
}

/// How a page shows an image; `None` for what is no image.
///
/// `made` has the names of the variants that are there: AVIF takes long to make, so it is offered only when all of it is.
pub fn responsive_image(
    media: &Media,
    asset: &Asset,
    made: &[String],
    shown: ImageUse,
) -> Option<ResponsiveImage> {
    if !asset.media_type.is_image() {
        return None;
    }
    let sizes = offered_sizes(media, asset, shown);
    let offered = |format: VariantFormat| {
        let recipes = recipes_of(asset, &sizes, shown, format);
        if recipes.is_empty() || (format == VariantFormat::Avif && !are_made(&recipes, made)) {
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
        dimensions: sizes.last().copied().or(asset.dimensions),
        thumbhash: asset.thumbhash.as_ref().map(|it| STANDARD.encode(it)),
        alt: asset.alt.clone().unwrap_or_default(),
    })
}

/// An image as those show it who show a link to a page: cut to the form of their cards, as JPEG. `None` for what
/// cannot be one: drawings, and images that move.
pub fn card_image(media: &Media, asset: &Asset) -> Option<VariantLink> {
    largest(media, asset, ImageUse::CARD)
}

/// An image for programs of which nothing is known, like feed readers: uncut, as JPEG. `None` as of [`card_image`].
pub fn plain_image(media: &Media, asset: &Asset) -> Option<VariantLink> {
    largest(media, asset, ImageUse { ratio: None, width_max: PLAIN_WIDTH_MAX })
}

fn largest(media: &Media, asset: &Asset, shown: ImageUse) -> Option<VariantLink> {
    let dimensions = *offered_sizes(media, asset, shown).last()?;
    let recipe = recipe(asset, dimensions, shown.ratio, VariantFormat::Jpeg);
    Some(VariantLink { url: media.variant_address(asset, recipe), dimensions })
}

/// The variants that are shown where one is, in another format: an image that is asked for in one width will be in
/// others.
pub(super) fn siblings(
    asset: &Asset,
    recipe: VariantRecipe,
    format: VariantFormat,
) -> Vec<VariantRecipe> {
    let is_of = |shown: &&ImageUse| recipes(asset, **shown, recipe.format).contains(&recipe);
    match ImageUse::SHOWN.iter().find(is_of) {
        Some(shown) => recipes(asset, *shown, format),
        None => vec![VariantRecipe { format, ..recipe }],
    }
}

/// Whether all of these are there.
pub(super) fn are_made(recipes: &[VariantRecipe], made: &[String]) -> bool {
    recipes.iter().all(|it| made.contains(&it.name()))
}

fn recipes(asset: &Asset, shown: ImageUse, format: VariantFormat) -> Vec<VariantRecipe> {
    recipes_of(asset, &sizes(asset, shown), shown, format)
}

fn recipes_of(
    asset: &Asset,
    sizes: &[Dimensions],
    shown: ImageUse,
    format: VariantFormat,
) -> Vec<VariantRecipe> {
    sizes.iter().map(|size| recipe(asset, *size, shown.ratio, format)).collect()
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

/// The sizes that a page offers of an image: none where nobody makes them.
fn offered_sizes(media: &Media, asset: &Asset, shown: ImageUse) -> Vec<Dimensions> {
    if media.images.makes_variants() { sizes(asset, shown) } else { Vec::new() }
}

/// The sizes that an image can have, never larger than it is; none for one that has no variants.
fn sizes(asset: &Asset, ImageUse { ratio, width_max }: ImageUse) -> Vec<Dimensions> {
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
    let largest = shown.width.min(width_max).min(VARIANT_SIDE_MAX);
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
