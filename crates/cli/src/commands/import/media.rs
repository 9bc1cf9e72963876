//! Media of an import: fetched under the rules of outgoing requests, or read beside the source, and uploaded.

use std::path::Path;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http::{HeaderMap, Method};
use http_body_util::BodyExt as _;
use smartcms_app::assets::{StoredAsset, Upload, begin_upload, file_address};
use smartcms_app::ports::OutboundRequest;
use smartcms_app::{App, OpContext};
use smartcms_domain::actors::Actor;
use smartcms_domain::assets::{AssetChange, MediaType};
use smartcms_transfer::{MediaError, MediaStore, MediumSource, NewMedium, StoredMedium};
use tokio::io::AsyncReadExt as _;

/// How long one file may take, redirects included.
const FETCH_TIME_MAX: Duration = Duration::from_secs(120);
/// How many redirects are followed; each is checked again.
const REDIRECTS_MAX: u32 = 5;
/// How much of a file is in memory at once.
const CHUNK_BYTES: usize = 64 * 1024;

/// Stores media as somebody's uploads: under the same checks, limits and cleaning as any.
pub(crate) struct SiteMedia {
    app: App,
    actor: Actor,
}

impl SiteMedia {
    pub(crate) fn new(app: App, actor: Actor) -> Self {
        Self { app, actor }
    }
}

#[async_trait]
impl MediaStore for SiteMedia {
    async fn store(&self, medium: NewMedium) -> Result<StoredMedium, MediaError> {
        let ctx = OpContext::new(&self.app, &self.actor);
        let upload = match medium.from {
            MediumSource::File(path) => from_file(&ctx, &path).await?,
            MediumSource::Url(url) => from_address(&ctx, &url).await?,
            MediumSource::Bytes(bytes) => from_bytes(&ctx, bytes).await?,
        };
        if let Some(found) = other_than_named(&medium.name, upload.media_type()) {
            return Err(MediaError(format!(
                "its name says that it is an image, but it is {found}"
            )));
        }
        let said = |text: String| Some(text).filter(|it| !it.trim().is_empty());
        let description = AssetChange {
            name: None,
            alt: medium.alt,
            title: said(medium.title),
            caption: medium.caption,
            focal_point: None,
        };
        let stored = upload.finish(&medium.name, description).await;
        let StoredAsset { asset, duplicate } = stored.map_err(refused)?;
        let url = file_address(&asset);
        Ok(StoredMedium { id: asset.id.to_string(), url, present: duplicate })
    }
}

/// What a file is that is called an image and is none: servers send pages in the place of images that they do not have.
fn other_than_named(name: &str, found: MediaType) -> Option<MediaType> {
    const IMAGES: [&str; 7] = ["jpg", "jpeg", "png", "gif", "webp", "avif", "svg"];
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    let is_named_image = IMAGES.iter().any(|it| ending.eq_ignore_ascii_case(it));
    (is_named_image && !found.is_image()).then_some(found)
}

async fn from_file<'a>(ctx: &OpContext<'a>, path: &Path) -> Result<Upload<'a>, MediaError> {
    let mut file = tokio::fs::File::open(path).await.map_err(refused)?;
    let len = file.metadata().await.map_err(refused)?.len();
    let mut upload = begin_upload(ctx, Some(len)).await.map_err(refused)?;
    let mut chunk = vec![0; CHUNK_BYTES];
    loop {
        let len = file.read(&mut chunk).await.map_err(refused)?;
        match chunk.get(..len) {
            None | Some([]) => return Ok(upload),
            Some(read) => upload.write(Bytes::copy_from_slice(read)).await.map_err(refused)?,
        }
    }
}

async fn from_bytes<'a>(ctx: &OpContext<'a>, bytes: Vec<u8>) -> Result<Upload<'a>, MediaError> {
    let mut upload = begin_upload(ctx, Some(bytes.len() as u64)).await.map_err(refused)?;
    upload.write(Bytes::from(bytes)).await.map_err(refused)?;
    Ok(upload)
}

async fn from_address<'a>(ctx: &OpContext<'a>, url: &str) -> Result<Upload<'a>, MediaError> {
    let request = OutboundRequest {
        method: Method::GET,
        url: url.to_owned(),
        headers: HeaderMap::new(),
        body: Bytes::new(),
        time_max: FETCH_TIME_MAX,
        bytes_max: ctx.app.media.settings.upload_bytes_max,
        redirects_max: REDIRECTS_MAX,
    };
    let mut response = ctx.app.outbound.send(request).await.map_err(refused)?;
    if response.status != 200 {
        return Err(MediaError(format!("{url} answered {}", response.status)));
    }
    let mut upload = begin_upload(ctx, None).await.map_err(refused)?;
    while let Some(frame) = response.body.frame().await {
        if let Ok(chunk) = frame.map_err(refused)?.into_data() {
            upload.write(chunk).await.map_err(refused)?;
        }
    }
    Ok(upload)
}

/// The report has one line for each: the whole chain.
fn refused(error: impl std::error::Error) -> MediaError {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    MediaError(text)
}
