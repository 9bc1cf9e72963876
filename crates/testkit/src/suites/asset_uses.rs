//! That assets are known to be used.

use serde_json::json;
use smartcms_app::ports::{AssetStore, Dangling, EntryFacts, EntryStore, EntryWrite, SideFacts};
use smartcms_domain::assets::{Asset, AssetId, MediaType};
use smartcms_domain::collections::{Reference, Target};
use smartcms_domain::entries::{Entry, EntryId};
use smartcms_domain::events::EventKind;
use uuid::Uuid;

use super::assets::asset;
use crate::builders::{at, changed, collection, created, draft, entry_id, fields};

/// The promises about assets that the entries of the other store use.
pub async fn asset_uses(entries: &dyn EntryStore, assets: &dyn AssetStore) {
    let photo = asset(0xa5e5, "used.jpg", MediaType::Jpeg);
    let other = asset(0xa5e6, "unused.jpg", MediaType::Jpeg);
    for it in [&photo, &other] {
        assets.write(it.clone(), None).await.unwrap();
    }
    let unknown = AssetId::new(Uuid::from_u128(0x0190_0000_0000_7000_8000_00a5_ffff_ffff));
    assert_eq!(assets.uses(photo.id).await.unwrap(), 0);
    let by_id = Target::Asset(*photo.id.as_uuid());
    let by_address = Target::File(key(&photo));
    let first = written(entries, 0x7a5_0001, &[("cover", by_id), ("body", by_address)]).await;
    assert_eq!(assets.uses(photo.id).await.unwrap(), 1, "an entry counts once");
    let second = written(entries, 0x7a5_0002, &[("body", by_address)]).await;
    // The id of an entry is not that of an asset, whatever its digits.
    let alike = Target::Entry(EntryId::new(*photo.id.as_uuid()));
    written(entries, 0x7a5_0003, &[("related", alike)]).await;
    assert_eq!(assets.uses(photo.id).await.unwrap(), 2);
    for id in [other.id, unknown] {
        assert_eq!(assets.uses(id).await.unwrap(), 0);
    }
    the_entries_that_use_it_are_found(entries, (by_id, by_address), (&first, &second)).await;
    let trashed = second.clone().trash(at(9_000)).unwrap();
    entries.write(changed(&second, trashed, EventKind::EntryTrashed).into()).await.unwrap();
    assert_eq!(assets.uses(photo.id).await.unwrap(), 1, "what is in the trash shows nothing");
    what_leads_nowhere_is_found(entries, assets, &photo).await;
}

async fn the_entries_that_use_it_are_found(
    entries: &dyn EntryStore,
    (by_id, by_address): (Target, Target),
    (first, second): (&Entry, &Entry),
) {
    let found = async |target, limit| {
        let found = entries.referrers(target, limit).await.unwrap();
        found.into_iter().map(|it| (it.entry.id, it.fields)).collect::<Vec<_>>()
    };
    let of = |entry: &Entry, name: &str| (entry.id, vec![name.to_owned()]);
    assert_eq!(found(by_id, 10).await, [of(first, "cover")]);
    assert_eq!(found(by_address, 10).await, [of(first, "body"), of(second, "body")]);
    assert_eq!(found(by_address, 1).await, [of(first, "body")], "at most the limit");
}

async fn what_leads_nowhere_is_found(
    entries: &dyn EntryStore,
    assets: &dyn AssetStore,
    photo: &Asset,
) {
    let gone = asset(0xa5e7, "gone.jpg", MediaType::Jpeg);
    let (lost, there) = (entry_id(0x7a5_ffff), written(entries, 0x7a5_0004, &[]).await);
    let to_asset = Target::Asset(*gone.id.as_uuid());
    let both = [("cover", to_asset), ("related", Target::Entry(lost))];
    let first = written(entries, 0x7a5_0005, &both).await;
    let whole = [
        ("related", Target::Entry(there.id)),
        ("cover", Target::Asset(*photo.id.as_uuid())),
        ("body", Target::File([9; 16])),
    ];
    written(entries, 0x7a5_0006, &whole).await;
    let second = written(entries, 0x7a5_0007, &[("related", Target::Entry(lost))]).await;
    let of = |entry: &Entry, field: &str, target| Dangling {
        entry: entry.id,
        field: field.to_owned(),
        target,
    };
    let start = Some(there.id);
    let expected = [
        of(&first, "cover", to_asset),
        of(&first, "related", Target::Entry(lost)),
        of(&second, "related", Target::Entry(lost)),
    ];
    assert_eq!(entries.dangling(start, 10).await.unwrap(), expected);
    assert_eq!(entries.dangling(start, 1).await.unwrap(), expected[..2], "so many entries");
    assert_eq!(entries.dangling(Some(first.id), 10).await.unwrap(), expected[2..]);
    assert_eq!(entries.dangling(Some(second.id), 10).await.unwrap(), []);
    assets.write(gone.clone(), None).await.unwrap();
    let found = entries.dangling(start, 10).await.unwrap();
    assert_eq!(found, expected[1..], "what came is no longer missing");
}

async fn written(entries: &dyn EntryStore, number: u128, uses: &[(&str, Target)]) -> Entry {
    let name = format!("uses-{number:x}");
    let entry = draft(&collection("using"), number, &name);
    let entry = Entry { fields: fields(json!({ "title": name })), ..entry };
    let reference = |(field, target): &(&str, Target)| Reference {
        field: (*field).to_owned(),
        target: *target,
    };
    let references = uses.iter().map(reference).collect();
    let newest = Some(SideFacts { references, ..SideFacts::default() });
    let facts = EntryFacts { newest, live: None };
    entries.write(EntryWrite { facts, ..created(&entry) }.into()).await.unwrap();
    entry
}

fn key(asset: &Asset) -> [u8; 16] {
    let mut key = [0; 16];
    key.iter_mut().zip(asset.digest).for_each(|(to, from)| *to = from);
    key
}
