//! Uploaded files.

use smartcms_app::ports::{
    AssetQuery, AssetRef, AssetStore, AssetWriteError, Digest, MediaTypeFilter, NamedAsset,
    VariantRecord,
};
use smartcms_domain::assets::{Asset, AssetId, AssetName, Dimensions, FocalPoint, MediaType};
use smartcms_domain::entries::Revision;
use uuid::Uuid;

use crate::builders::at;

/// The promises of [`AssetStore`].
pub async fn assets(store: &dyn AssetStore) {
    an_asset_is_read_back_and_changed(store).await;
    the_same_bytes_are_there_once(store).await;
    lists_are_cut_filtered_and_searched(store).await;
    what_goes_takes_its_variants_along(store).await;
    assets_are_found_by_what_content_calls_them(store).await;
}

async fn an_asset_is_read_back_and_changed(store: &dyn AssetStore) {
    let photo = Asset {
        dimensions: Some(Dimensions { width: 4_000, height: 3_000 }),
        thumbhash: Some(vec![1, 2, 3]),
        alt: Some("a \u{1f980}".to_owned()),
        caption: Some("It's \"here\"".to_owned()),
        ..asset(1, "photo.jpg", MediaType::Jpeg)
    };
    assert_eq!(store.find(photo.id).await.unwrap(), None);
    store.write(photo.clone(), None).await.unwrap();
    assert_eq!(store.find(photo.id).await.unwrap(), Some(photo.clone()));
    assert_eq!(store.find_by_key(key(&photo)).await.unwrap(), Some(photo.clone()));
    for digest in [photo.digest, photo.original_digest] {
        let found = store.find_by_digest(&Digest::from_bytes(digest)).await.unwrap();
        assert_eq!(found, Some(photo.clone()));
    }
    assert_eq!(store.find_by_digest(&Digest::of(b"other")).await.unwrap(), None);
    assert_eq!(store.find_by_key([0xff; 16]).await.unwrap(), None);

    let changed = Asset {
        focal_point: FocalPoint::new(0.25, 1.0).unwrap(),
        alt: None,
        animated: true,
        revision: Revision::new(2),
        updated_at: at(9_000),
        ..photo.clone()
    };
    let first = Some(Revision::FIRST);
    store.write(changed.clone(), first).await.unwrap();
    assert_eq!(store.find(photo.id).await.unwrap(), Some(changed.clone()));
    let late = store.write(photo.clone(), first).await;
    assert!(matches!(late, Err(AssetWriteError::Stale)), "{late:?}");
    let again = store.write(photo, None).await;
    assert!(matches!(again, Err(AssetWriteError::Stale)), "{again:?}");
    store.remove(changed.id, changed.revision).await.unwrap();
}

async fn the_same_bytes_are_there_once(store: &dyn AssetStore) {
    let first = asset(2, "a.pdf", MediaType::Pdf);
    let second = Asset { digest: first.digest, ..asset(3, "b.pdf", MediaType::Pdf) };
    store.write(first.clone(), None).await.unwrap();
    let refused = store.write(second.clone(), None).await;
    assert!(matches!(refused, Err(AssetWriteError::DigestTaken)), "{refused:?}");
    assert_eq!(store.find(second.id).await.unwrap(), None);
    store.remove(first.id, Revision::FIRST).await.unwrap();
}

async fn lists_are_cut_filtered_and_searched(store: &dyn AssetStore) {
    let files = [
        asset(10, "one.jpg", MediaType::Jpeg),
        asset(11, "two.png", MediaType::Png),
        Asset {
            title: Some("One 100% _sure_".to_owned()),
            ..asset(12, "three.pdf", MediaType::Pdf)
        },
        Asset { alt: Some("a one-eyed cat".to_owned()), ..asset(13, "four.jpg", MediaType::Jpeg) },
    ];
    for file in &files {
        store.write(file.clone(), None).await.unwrap();
    }
    let all = AssetQuery { media_type: None, search: None, limit: 100, after: None };
    check(store, &all, &["four.jpg", "three.pdf", "two.png", "one.jpg"]).await;
    let search = |text: &str| AssetQuery { search: Some(text.to_owned()), ..all.clone() };
    check(store, &search("ONE"), &["four.jpg", "three.pdf", "one.jpg"]).await;
    check(store, &search("%"), &["three.pdf"]).await;
    check(store, &search("_"), &["three.pdf"]).await;
    check(store, &search("'"), &[]).await;
    let of = |media_type| AssetQuery { media_type: Some(media_type), ..all.clone() };
    let images = of(MediaTypeFilter::Family("image/"));
    check(store, &images, &["four.jpg", "two.png", "one.jpg"]).await;
    check(store, &of(MediaTypeFilter::Exactly(MediaType::Jpeg)), &["four.jpg", "one.jpg"]).await;
    for file in files {
        store.remove(file.id, file.revision).await.unwrap();
    }
}

/// Reads a list whole and in pages of every size.
async fn check(store: &dyn AssetStore, query: &AssetQuery, expected: &[&str]) {
    for limit in 1..=u32::try_from(expected.len()).unwrap() + 1 {
        let mut query = AssetQuery { limit, ..query.clone() };
        let mut found = Vec::new();
        loop {
            let page = store.list(&query).await.unwrap();
            assert!(page.assets.len() <= limit as usize);
            found.extend(page.assets.iter().map(|it| it.name.as_str().to_owned()));
            if page.next.is_none() {
                break;
            }
            query.after = page.next;
        }
        assert_eq!(found, expected, "{query:?}");
    }
}

async fn what_goes_takes_its_variants_along(store: &dyn AssetStore) {
    let (photo, other) = (asset(20, "p.jpg", MediaType::Jpeg), asset(21, "q.jpg", MediaType::Jpeg));
    for asset in [&photo, &other] {
        store.write(asset.clone(), None).await.unwrap();
    }
    let small = variant(&photo, "w160.webp", b"small");
    let shared = variant(&photo, "w320.webp", b"shared");
    for record in [&small, &shared, &variant(&other, "w320.webp", b"shared")] {
        store.add_variant(record.clone()).await.unwrap();
    }
    assert_eq!(store.find_variant(photo.id, "w160.webp").await.unwrap(), Some(small.clone()));
    assert_eq!(store.find_variant(photo.id, "w161.webp").await.unwrap(), None);
    assert_eq!(store.variants(photo.id).await.unwrap(), [small.clone(), shared], "by name");
    let again = variant(&photo, "w160.webp", b"made anew");
    store.add_variant(again.clone()).await.unwrap();
    assert_eq!(store.find_variant(photo.id, "w160.webp").await.unwrap(), Some(again.clone()));

    let stale = store.remove(photo.id, Revision::new(7)).await;
    assert!(matches!(stale, Err(AssetWriteError::Stale)), "{stale:?}");
    let mut unused = store.remove(photo.id, Revision::FIRST).await.unwrap();
    let mut expected = [Digest::from_bytes(photo.digest), again.digest];
    unused.sort_unstable();
    expected.sort_unstable();
    assert_eq!(unused, expected, "bytes that another variant has stay");
    assert_eq!(store.find(photo.id).await.unwrap(), None);
    assert_eq!(store.variants(photo.id).await.unwrap(), []);
    store.add_variant(small).await.unwrap();
    assert_eq!(store.variants(photo.id).await.unwrap(), [], "no variant of what is gone");
    store.remove(other.id, Revision::FIRST).await.unwrap();
    assert_eq!(store.uses(other.id).await.unwrap(), 0);
}

async fn assets_are_found_by_what_content_calls_them(store: &dyn AssetStore) {
    let files = [30, 31, 32].map(|it| asset(it, "f.jpg", MediaType::Jpeg));
    for file in &files {
        store.write(file.clone(), None).await.unwrap();
    }
    for name in ["w320.avif", "w160.webp"] {
        store.add_variant(variant(&files[0], name, name.as_bytes())).await.unwrap();
    }
    let nobody = asset(33, "g.jpg", MediaType::Jpeg);
    let names = [
        AssetRef::Key(key(&files[0])),
        AssetRef::Id(files[0].id),
        AssetRef::Id(files[2].id),
        AssetRef::Id(nobody.id),
        AssetRef::Key(key(&nobody)),
    ];
    let mut found = store.find_named(&names).await.unwrap();
    found.sort_by_key(|it| it.asset.id);
    found.iter_mut().for_each(|it| it.made.sort());
    let expected = |file: &Asset, made: &[&str]| NamedAsset {
        asset: file.clone(),
        made: made.iter().map(|it| (*it).to_owned()).collect(),
    };
    let first = expected(&files[0], &["w160.webp", "w320.avif"]);
    assert_eq!(found, [first, expected(&files[2], &[])], "each once");
    assert_eq!(store.find_named(&[]).await.unwrap(), []);
    for file in files {
        store.remove(file.id, file.revision).await.unwrap();
    }
}

pub(super) fn asset(number: u128, name: &str, media_type: MediaType) -> Asset {
    Asset {
        id: AssetId::new(Uuid::from_u128(0x0190_0000_0000_7000_8000_00a5_0000_0000 | number)),
        name: AssetName::parse(name).unwrap(),
        media_type,
        bytes_len: 1_234,
        digest: *Digest::of(format!("clean {number}").as_bytes()).as_bytes(),
        original_digest: *Digest::of(format!("original {number}").as_bytes()).as_bytes(),
        dimensions: None,
        animated: false,
        thumbhash: None,
        focal_point: FocalPoint::default(),
        alt: None,
        title: None,
        caption: None,
        revision: Revision::FIRST,
        uploaded_by: "token test".to_owned(),
        created_at: at(1_000 + i64::try_from(number).unwrap()),
        updated_at: at(1_000 + i64::try_from(number).unwrap()),
    }
}

fn variant(asset: &Asset, name: &str, bytes: &[u8]) -> VariantRecord {
    VariantRecord {
        asset: asset.id,
        name: name.to_owned(),
        digest: Digest::of(bytes),
        bytes_len: bytes.len() as u64,
        made_at: at(5_000),
    }
}

fn key(asset: &Asset) -> [u8; 16] {
    *asset.digest.first_chunk().unwrap()
}
