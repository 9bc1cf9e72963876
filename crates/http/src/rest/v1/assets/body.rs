//! What an asset looks like to a client.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use serde::Serialize;
use smartcms_app::App;
use smartcms_app::assets::{AssetUses, ImageUse, file_address, responsive_image};
use smartcms_app::ports::{Digest, NamedAsset, Referrer};
use smartcms_domain::actors::Actor;
use smartcms_domain::assets::Asset;
use smartcms_pages::urls;

use crate::caller::Caller;
use crate::preconditions::entity_tag;
use crate::reply::{self, JSON};

/// An asset.
#[derive(Serialize)]
pub(crate) struct AssetBody<'a> {
    id: String,
    name: &'a str,
    media_type: &'static str,
    bytes_len: u64,
    /// BLAKE3 of the file as it is stored, in hexadecimal digits.
    digest: String,
    width: Option<u32>,
    height: Option<u32>,
    animated: bool,
    /// A blurred picture, in base64.
    thumbhash: Option<String>,
    focal_point: PointBody,
    alt: Option<&'a str>,
    title: Option<&'a str>,
    caption: Option<&'a str>,
    revision: u64,
    /// The file. It can be kept for ever.
    url: String,
    /// Smaller versions of an image, the smallest first in each format.
    variants: Vec<VariantBody>,
    created_at: String,
    updated_at: String,
    /// Not for readers.
    #[serde(skip_serializing_if = "Option::is_none")]
    uploaded_by: Option<&'a str>,
    /// Where it is used. Of one asset, for those who may list assets.
    #[serde(skip_serializing_if = "Option::is_none")]
    used_by: Option<Vec<UseBody<'a>>>,
    /// Whether more entries use it than are told.
    #[serde(skip_serializing_if = "Option::is_none")]
    used_by_more: Option<bool>,
    /// In the answer to an upload: whether the same file was there before.
    #[serde(skip_serializing_if = "Option::is_none")]
    duplicate: Option<bool>,
}

/// An entry that uses an asset, in its newest state or its public one.
#[derive(Serialize)]
struct UseBody<'a> {
    collection: &'a str,
    id: String,
    locale: &'a str,
    slug: &'a str,
    title: Option<&'a str>,
    status: &'static str,
    fields: &'a [String],
}

impl<'a> UseBody<'a> {
    fn new(app: &App, referrer: &'a Referrer) -> Self {
        let entry = &referrer.entry;
        let definition = app.collections.get(&entry.collection);
        Self {
            collection: entry.collection.as_str(),
            id: entry.id.to_string(),
            locale: entry.locale.as_str(),
            slug: entry.slug.as_str(),
            title: definition.and_then(|it| entry.fields.text(it.title.as_str())),
            status: entry.status().name(),
            fields: &referrer.fields,
        }
    }
}

#[derive(Serialize)]
struct PointBody {
    x: f64,
    y: f64,
}

#[derive(Serialize)]
struct VariantBody {
    media_type: &'static str,
    width: u32,
    height: u32,
    url: String,
}

impl<'a> AssetBody<'a> {
    /// An asset as this caller sees it, with the variants that can be asked for.
    pub(crate) fn new(app: &App, caller: &Caller, asset: &'a Asset, made: &[String]) -> Self {
        let absolute = |path: &str| urls::absolute(&app.site.base_url, path);
        let image = responsive_image(&app.media, asset, made, ImageUse::WHOLE);
        let sources = image.as_ref().map(|it| it.sources.as_slice()).unwrap_or_default();
        let variants = sources.iter().flat_map(|source| {
            source.variants.iter().map(|link| VariantBody {
                media_type: source.media_type().name(),
                width: link.dimensions.width,
                height: link.dimensions.height,
                url: absolute(&link.url),
            })
        });
        Self {
            id: asset.id.to_string(),
            name: asset.name.as_str(),
            media_type: asset.media_type.name(),
            bytes_len: asset.bytes_len,
            digest: Digest::from_bytes(asset.digest).to_string(),
            width: asset.dimensions.map(|it| it.width),
            height: asset.dimensions.map(|it| it.height),
            animated: asset.animated,
            variants: variants.collect(),
            thumbhash: image.and_then(|it| it.thumbhash),
            focal_point: PointBody { x: asset.focal_point.x(), y: asset.focal_point.y() },
            alt: asset.alt.as_deref(),
            title: asset.title.as_deref(),
            caption: asset.caption.as_deref(),
            revision: asset.revision.number(),
            url: absolute(&file_address(asset)),
            created_at: asset.created_at.to_string(),
            updated_at: asset.updated_at.to_string(),
            uploaded_by: (caller.0 != Actor::Anonymous).then_some(asset.uploaded_by.as_str()),
            used_by: None,
            used_by_more: None,
            duplicate: None,
        }
    }

    /// Assets that come along with entries.
    pub(crate) fn of_included(app: &App, caller: &Caller, assets: &'a [NamedAsset]) -> Vec<Self> {
        assets.iter().map(|it| Self::new(app, caller, &it.asset, &it.made)).collect()
    }

    /// Says where it is used.
    pub(crate) fn with_uses(mut self, app: &App, uses: Option<&'a AssetUses>) -> Self {
        self.used_by = uses.map(|it| it.entries.iter().map(|it| UseBody::new(app, it)).collect());
        self.used_by_more = uses.map(|it| it.more);
        self
    }

    /// Says whether the file was there before.
    pub(crate) fn with_duplicate(mut self, duplicate: bool) -> Self {
        self.duplicate = Some(duplicate);
        self
    }
}

/// The tag of an asset. What is made of it in the background does not change it.
pub(crate) fn tag_of(asset: &Asset) -> HeaderValue {
    entity_tag(asset.revision)
}

/// The answer to a change.
pub(crate) fn changed(status: StatusCode, asset: &Asset, body: &AssetBody<'_>) -> Response<Body> {
    reply::tagged(reply::json(status, JSON, body), tag_of(asset), false)
}
