//! Images on pages, and their variants.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use futures::future::join_all;
use smartcms_app::assets::{
    AssetError, DeleteAsset, ImageNames, ImageUse, Media, MediaParts, MediaSettings, OpenVariant,
    UpdateAsset, VariantAddress, asset_variant, begin_upload, card_image, delete_asset,
    file_address, find_images, made_variants, make_queued_variants, responsive_image, update_asset,
};
use smartcms_app::ports::{
    ChangeListener, ImageError, ImageTools, PreparedFile, StagedBlob, StoredBlob, VariantFormat,
    VariantRecipe,
};
use smartcms_app::{App, OpContext};
use smartcms_domain::actors::{Actor, Role};
use smartcms_domain::assets::{Asset, AssetChange, AssetId, Dimensions, MediaType};
use smartcms_domain::events::Event;
use smartcms_testkit::{MemoryStore, TestApp};
use tokio::sync::Notify;

use crate::support::token;

/// Image tools that count, and let others go on while they work.
#[derive(Default)]
struct CountingImages {
    made: Mutex<Vec<String>>,
    at_once: AtomicUsize,
    most_at_once: AtomicUsize,
    /// How many of the next variants fail.
    failures: AtomicUsize,
}

#[async_trait]
impl ImageTools for CountingImages {
    async fn prepare(
        &self,
        _media_type: MediaType,
        original: Box<dyn StagedBlob>,
        _clean: Box<dyn StagedBlob>,
    ) -> Result<PreparedFile, ImageError> {
        let dimensions = Some(Dimensions { width: 1_000, height: 500 });
        Ok(PreparedFile { file: original, dimensions, animated: false, thumbhash: None })
    }

    async fn variant(
        &self,
        _media_type: MediaType,
        _source: Box<dyn StoredBlob>,
        recipe: VariantRecipe,
        mut target: Box<dyn StagedBlob>,
    ) -> Result<Box<dyn StagedBlob>, ImageError> {
        let now = self.at_once.fetch_add(1, Ordering::SeqCst) + 1;
        self.most_at_once.fetch_max(now, Ordering::SeqCst);
        for _ in 0..20 {
            tokio::task::yield_now().await;
        }
        self.at_once.fetch_sub(1, Ordering::SeqCst);
        self.made.lock().unwrap().push(recipe.name());
        let fails = |left: usize| left.checked_sub(1);
        if self.failures.fetch_update(Ordering::SeqCst, Ordering::SeqCst, fails).is_ok() {
            return Err(ImageError::Io(std::io::Error::other("no room")));
        }
        target.writer().write_all(recipe.name().as_bytes())?;
        Ok(target)
    }
}

/// Wakes who waits for a change of an asset.
#[derive(Default)]
struct Waking {
    changed: Mutex<Vec<AssetId>>,
    wake: Notify,
}

impl ChangeListener for Waking {
    fn committed(&self, _event: &Event) {}

    fn asset_changed(&self, asset: AssetId) {
        self.changed.lock().unwrap().push(asset);
        self.wake.notify_one();
    }
}

struct Library {
    app: App,
    images: Arc<CountingImages>,
    changes: Arc<Waking>,
    store: Arc<MemoryStore>,
}

fn library() -> Library {
    let store = Arc::new(MemoryStore::default());
    let (images, changes) = (Arc::new(CountingImages::default()), Arc::new(Waking::default()));
    let test = TestApp::with(|mut parts| {
        parts.media = Arc::new(Media::new(MediaParts {
            assets: store.clone(),
            files: store.clone(),
            images: images.clone(),
            settings: MediaSettings::default(),
            secret: [7; 32],
        }));
        parts.changes = changes.clone();
        parts
    });
    Library { app: test.app.clone(), images, changes, store }
}

impl Library {
    async fn photo(&self, rest: &str) -> Asset {
        let png = Bytes::from([&b"\x89PNG\r\n\x1a\n"[..], rest.as_bytes()].concat());
        let actor = token(Role::AUTHOR);
        let ctx = OpContext::new(&self.app, &actor);
        let mut upload = begin_upload(&ctx, None).await.unwrap();
        upload.write(png).await.unwrap();
        let alt = Some("A \"wide\" field".to_owned());
        let said = AssetChange { alt, ..AssetChange::default() };
        upload.finish("field.png", said).await.unwrap().asset
    }

    async fn ask(&self, url: &str) -> Result<OpenVariant, AssetError> {
        let (path, signature) = url.split_once("?sig=").unwrap();
        let parts: Vec<&str> = path.split('/').collect();
        let address = VariantAddress::parse(parts[2], parts[3], parts[4]).unwrap();
        asset_variant(&self.app, address, signature).await
    }

    /// The addresses of the whole image in a format, the smallest first.
    async fn addresses(&self, asset: &Asset, format: VariantFormat) -> Vec<String> {
        let made = made_variants(&self.app, asset).await.unwrap();
        let made: Vec<String> = made.into_iter().map(|it| it.name).collect();
        let image = responsive_image(&self.app.media, asset, &made, ImageUse::WHOLE).unwrap();
        let source = image.sources.iter().find(|it| it.format == format);
        source.iter().flat_map(|it| &it.variants).map(|it| it.url.clone()).collect()
    }

    async fn made(&self, asset: &Asset) -> Vec<String> {
        let made = made_variants(&self.app, asset).await.unwrap();
        made.into_iter().map(|it| it.name).collect()
    }
}

#[tokio::test]
async fn many_who_ask_for_one_variant_have_it_made_once() {
    let library = library();
    let photo = library.photo("").await;
    let url = &library.addresses(&photo, VariantFormat::Webp).await[0];
    let answers = join_all((0..16).map(|_| library.ask(url))).await;
    for answer in answers {
        let answer = answer.unwrap();
        assert_eq!((answer.media_type, answer.stands_in), (MediaType::Webp, false));
        assert_eq!(answer.file.read_at(0, 100).await.unwrap(), "w160.webp");
    }
    assert_eq!(*library.images.made.lock().unwrap(), ["w160.webp"]);
}

#[tokio::test]
async fn who_asks_for_another_variant_does_not_wait() {
    let library = library();
    let photo = library.photo("").await;
    let urls = library.addresses(&photo, VariantFormat::Webp).await;
    let answers = join_all(urls.iter().map(|it| library.ask(it))).await;
    assert!(answers.iter().all(Result::is_ok));
    assert_eq!(library.images.most_at_once.load(Ordering::SeqCst), urls.len());
}

#[tokio::test]
async fn when_making_fails_the_next_one_who_waits_tries_again() {
    let library = library();
    let photo = library.photo("").await;
    library.images.failures.store(1, Ordering::SeqCst);
    let url = &library.addresses(&photo, VariantFormat::Webp).await[0];
    let answers = join_all((0..4).map(|_| library.ask(url))).await;
    assert_eq!(answers.iter().filter(|it| it.is_err()).count(), 1);
    assert_eq!(library.images.made.lock().unwrap().len(), 2);
}

#[tokio::test]
async fn avif_is_made_in_the_background_and_offered_when_all_of_it_is_there() {
    let library = library();
    let photo = library.photo("").await;
    let webp = library.addresses(&photo, VariantFormat::Webp).await;
    library.ask(&webp[2]).await.unwrap();
    assert!(library.addresses(&photo, VariantFormat::Avif).await.is_empty(), "too early");
    let worker = tokio::spawn(make_queued_variants(library.app.clone()));
    library.changes.wake.notified().await;
    let avif = library.addresses(&photo, VariantFormat::Avif).await;
    assert_eq!(avif.len(), webp.len(), "every width");
    for url in &avif {
        let answer = library.ask(url).await.unwrap();
        assert_eq!((answer.media_type, answer.stands_in), (MediaType::Avif, false));
    }
    assert_eq!(*library.changes.changed.lock().unwrap(), [photo.id], "pages hear of it once");
    let made = library.images.made.lock().unwrap().clone();
    assert_eq!(made.iter().filter(|it| it.ends_with(".avif")).count(), avif.len(), "each once");
    assert_eq!(library.images.most_at_once.load(Ordering::SeqCst), 1, "one after the other");
    // The queue has one worker: whoever comes second has nothing to do.
    make_queued_variants(library.app.clone()).await;
    worker.abort();
}

#[tokio::test]
async fn webp_stands_in_for_avif_until_it_is_made() {
    let library = library();
    let photo = library.photo("").await;
    let webp = &library.addresses(&photo, VariantFormat::Webp).await[1];
    library.ask(webp).await.unwrap();
    let worker = tokio::spawn(make_queued_variants(library.app.clone()));
    library.changes.wake.notified().await;
    worker.abort();
    let avif = library.addresses(&photo, VariantFormat::Avif).await[1].clone();
    // The same address on a site that has not made it yet.
    let other = self::library();
    other.photo("").await;
    let early = other.ask(&avif).await.unwrap();
    assert_eq!((early.media_type, early.stands_in), (MediaType::Webp, true));
}

#[tokio::test]
async fn a_variant_that_fails_in_the_background_does_not_stop_the_others() {
    let library = library();
    let (first, second) = (library.photo("1").await, library.photo("2").await);
    for photo in [&first, &second] {
        let url = library.addresses(photo, VariantFormat::Webp).await[0].clone();
        library.ask(&url).await.unwrap();
    }
    library.images.failures.store(1, Ordering::SeqCst);
    let worker = tokio::spawn(make_queued_variants(library.app.clone()));
    library.changes.wake.notified().await;
    worker.abort();
    assert_eq!(*library.changes.changed.lock().unwrap(), [second.id]);
    assert!(library.addresses(&first, VariantFormat::Avif).await.is_empty());
    assert!(!library.made(&first).await.contains(&"w160.avif".to_owned()));
}

#[tokio::test]
async fn images_in_texts_come_in_several_sizes_and_keep_what_was_said_of_them() {
    let library = library();
    let photo = library.photo("").await;
    let base = "https://site.example";
    let file = file_address(&photo);
    let html = format!(
        "<p><img src=\"{file}\" alt=\"\"> <img src=\"{base}{file}\" alt=\"Mine\" width=\"7\" title=\"T\">\
         <img src=\"/media/{id}\" alt=\"B\" data-asset=\"{id}\"></p>\
         <img src=\"https://else.example{file}\"><img src=\"/media/x/y.png\"><code>&lt;img src=</code>",
        id = photo.id
    );
    let mut names = ImageNames::default();
    names.add_html(&html, base);
    let before = library.store.asset_reads();
    let images = find_images(&library.app, names).await.unwrap();
    assert_eq!(library.store.asset_reads() - before, 1, "one read");
    let shown = images.put_into(&html, &library.app.media, base);
    let tags: Vec<&str> = shown.split("<img ").skip(1).collect();
    assert!(tags[0].contains("w960/field.webp?sig="), "{shown}");
    assert!(tags[0].contains(" 160w, ") && tags[0].contains(" 1000w\" sizes=\""), "{shown}");
    assert!(tags[0].contains("width=\"1000\" height=\"500\""), "{shown}");
    assert!(tags[0].contains("alt=\"A &quot;wide&quot; field\""), "{shown}");
    assert!(tags[1].contains("alt=\"Mine\" width=\"7\" title=\"T\""), "{shown}");
    assert!(!tags[1].contains("height="), "{shown}");
    assert!(tags[2].contains("srcset=") && !tags[2].contains("data-asset"), "{shown}");
    assert!(shown.contains("<img src=\"https://else.example"), "{shown}");
    assert!(shown.ends_with("<img src=\"/media/x/y.png\"><code>&lt;img src=</code>"), "{shown}");
    assert!(!shown.contains("<picture>"), "AVIF is not there yet: {shown}");
}

#[tokio::test]
async fn a_page_without_images_asks_for_none() {
    let library = library();
    let mut names = ImageNames::default();
    names.add_html("<p>Text</p><img src=\"https://else.example/a.png\">", "https://site.example");
    find_images(&library.app, names).await.unwrap();
    assert_eq!(library.store.asset_reads(), 0);
}

#[tokio::test]
async fn a_card_is_cut_to_its_form_and_never_larger_than_the_image() {
    let library = library();
    let photo = library.photo("").await;
    let card = card_image(&library.app.media, &photo).unwrap();
    assert_eq!((card.dimensions.width, card.dimensions.height), (952, 500));
    assert!(card.url.contains("/w952h500f5000-5000/field.jpg?sig="), "{}", card.url);
    assert_eq!(library.ask(&card.url).await.unwrap().media_type, MediaType::Jpeg);
    let moving = Asset { animated: true, ..photo };
    assert!(card_image(&library.app.media, &moving).is_none());
}

#[tokio::test]
async fn who_keeps_pages_hears_of_changed_and_deleted_assets() {
    let library = library();
    let photo = library.photo("").await;
    let ctx = OpContext::new(&library.app, &Actor::Operator);
    let alt = Some("Other".to_owned());
    let change = AssetChange { alt, ..AssetChange::default() };
    let id = photo.id.to_string();
    update_asset(&ctx, UpdateAsset { id: id.clone(), seen: None, change }).await.unwrap();
    assert_eq!(*library.changes.changed.lock().unwrap(), [photo.id]);
    delete_asset(&ctx, DeleteAsset { id, seen: None, force: false }).await.unwrap();
    assert_eq!(*library.changes.changed.lock().unwrap(), [photo.id, photo.id]);
}
