//! Uploaded files and the variants of images.

use async_trait::async_trait;
use rusqlite::ffi::SQLITE_CONSTRAINT_UNIQUE;
use rusqlite::{Connection, params};
use smartcms_app::ports::{
    ASSETS_NAMED_MAX, AssetCursor, AssetPage, AssetQuery, AssetRef, AssetStore, AssetWriteError,
    Digest, MediaTypeFilter, NamedAsset, PAGE_LEN_MAX, StoreError, VariantRecord,
};
use smartcms_domain::assets::{Asset, AssetId, AssetName, Dimensions, FocalPoint};
use smartcms_domain::entries::Revision;

use super::SqliteStore;
use super::rows::{Columns, Damaged, Fault, all, count, first, run};
use super::writer::Refusal;

macro_rules! columns {
    () => {
        "id, digest, original_digest, name, media_type, bytes_len, width, height, animated, \
         thumbhash, focal_x, focal_y, alt, title, caption, revision, uploaded_by, created_at, \
         updated_at"
    };
}

macro_rules! select_assets {
    ($condition:literal) => {
        concat!("SELECT ", columns!(), " FROM assets WHERE ", $condition)
    };
}

macro_rules! select_variants {
    ($condition:literal) => {
        concat!(
            "SELECT name, digest, bytes_len, made_at FROM asset_variants WHERE asset = ?1",
            $condition
        )
    };
}

const EXISTS: &str = "SELECT 1 FROM assets WHERE id = ?1";
const BY_ID: &str = select_assets!("id = ?1");
const BY_DIGEST: &str = select_assets!("digest = ?1 OR original_digest = ?1 LIMIT 1");
const BY_KEY: &str = select_assets!("digest BETWEEN ?1 AND ?2 LIMIT 1");
/// By ids and by the beginnings of digests, both in hexadecimal digits; with the names of variants, which have no comma.
const BY_NAMES: &str = concat!(
    "SELECT ",
    columns!(),
    ", (SELECT group_concat(v.name) FROM asset_variants v WHERE v.asset = assets.id) \
     FROM assets WHERE id IN (SELECT unhex(value) FROM json_each(?1) UNION ALL \
     SELECT found.id FROM json_each(?2) wanted CROSS JOIN assets found ON found.digest BETWEEN \
     unhex(wanted.value || '00000000000000000000000000000000') AND \
     unhex(wanted.value || 'ffffffffffffffffffffffffffffffff'))"
);
const LIST: &str = select_assets!(
    "(created_at, id) < (?1, ?2) AND (?3 IS NULL OR media_type = ?3) \
     AND (?4 IS NULL OR substr(media_type, 1, length(?4)) = ?4) \
     AND (?5 IS NULL OR name LIKE ?5 ESCAPE '\\' OR title LIKE ?5 ESCAPE '\\' \
     OR alt LIKE ?5 ESCAPE '\\') ORDER BY created_at DESC, id DESC LIMIT ?6"
);
const INSERT: &str = "INSERT INTO assets (id, digest, original_digest, name, media_type, bytes_len, \
    width, height, animated, thumbhash, focal_x, focal_y, alt, title, caption, revision, \
    uploaded_by, created_at, updated_at) \
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)";
const UPDATE: &str = "UPDATE assets SET digest = ?2, original_digest = ?3, name = ?4, \
    media_type = ?5, bytes_len = ?6, width = ?7, height = ?8, animated = ?9, thumbhash = ?10, \
    focal_x = ?11, focal_y = ?12, alt = ?13, title = ?14, caption = ?15, revision = ?16, \
    uploaded_by = ?17, created_at = ?18, updated_at = ?19 WHERE id = ?1 AND revision = ?20";
const DELETE: &str = "DELETE FROM assets WHERE id = ?1 AND revision = ?2";
const DIGESTS: &str = "SELECT digest FROM assets WHERE id = ?1 \
    UNION SELECT digest FROM asset_variants WHERE asset = ?1";
const IS_USED: &str = "SELECT 1 FROM assets WHERE digest = ?1 \
    UNION ALL SELECT 1 FROM asset_variants WHERE digest = ?1 LIMIT 1";
// By its id, or by its address in a text.
const USES: &str = "SELECT count(*) FROM (SELECT entry FROM entry_references \
    WHERE target = ?1 AND kind = 1 UNION SELECT entry FROM entry_references \
    WHERE target = (SELECT substr(digest, 1, 16) FROM assets WHERE id = ?1) AND kind = 2)";
const DELETE_VARIANTS: &str = "DELETE FROM asset_variants WHERE asset = ?1";
const VARIANTS: &str = select_variants!(" ORDER BY name");
const VARIANT: &str = select_variants!(" AND name = ?2");
const INSERT_VARIANT: &str = "INSERT OR REPLACE INTO asset_variants \
    (asset, name, digest, bytes_len, made_at) \
    SELECT ?1, ?2, ?3, ?4, ?5 WHERE EXISTS (SELECT 1 FROM assets WHERE id = ?1)";

#[async_trait]
impl AssetStore for SqliteStore {
    async fn find(&self, id: AssetId) -> Result<Option<Asset>, StoreError> {
        let action = || format!("read asset {id}");
        self.readers.read(action, |db| first(db, BY_ID, [id.as_uuid().as_bytes()], asset))
    }

    async fn find_by_digest(&self, digest: &Digest) -> Result<Option<Asset>, StoreError> {
        let action = || format!("read the asset with the digest {digest}");
        self.readers.read(action, |db| first(db, BY_DIGEST, [digest.as_bytes()], asset))
    }

    async fn find_by_key(&self, key: [u8; 16]) -> Result<Option<Asset>, StoreError> {
        let whole = |rest: u8| {
            let mut digest = [rest; 32];
            digest.iter_mut().zip(key).for_each(|(to, from)| *to = from);
            digest
        };
        let action = || "read the asset at an address".to_owned();
        self.readers.read(action, |db| first(db, BY_KEY, [whole(0), whole(0xff)], asset))
    }

    async fn find_named(&self, names: &[AssetRef]) -> Result<Vec<NamedAsset>, StoreError> {
        let names = names.get(..ASSETS_NAMED_MAX).unwrap_or(names);
        if names.is_empty() {
            return Ok(Vec::new());
        }
        let hexadecimal = |wanted: fn(&AssetRef) -> Option<u128>| {
            let digits = names.iter().filter_map(wanted).map(|it| format!("\"{it:032x}\""));
            format!("[{}]", digits.collect::<Vec<_>>().join(","))
        };
        let ids = hexadecimal(|it| match it {
            AssetRef::Id(id) => Some(id.as_uuid().as_u128()),
            AssetRef::Key(_) => None,
        });
        let keys = hexadecimal(|it| match it {
            AssetRef::Id(_) => None,
            AssetRef::Key(key) => Some(u128::from_be_bytes(*key)),
        });
        let action = || "read the assets of a page".to_owned();
        self.readers.read(action, |db| all(db, BY_NAMES, [ids, keys], named))
    }

    async fn list(&self, query: &AssetQuery) -> Result<AssetPage, StoreError> {
        self.readers.read(|| "list assets".to_owned(), |db| page(db, query))
    }

    async fn write(&self, asset: Asset, previous: Option<Revision>) -> Result<(), AssetWriteError> {
        let action = format!("store revision {} of asset {}", asset.revision, asset.id);
        self.writer.write(action, move |db| store(db, &asset, previous)).await
    }

    async fn remove(
        &self,
        id: AssetId,
        previous: Revision,
    ) -> Result<Vec<Digest>, AssetWriteError> {
        self.writer.write(format!("remove asset {id}"), move |db| remove(db, id, previous)).await
    }

    async fn uses(&self, id: AssetId) -> Result<u64, StoreError> {
        let action = || format!("count the entries that use asset {id}");
        let params = [id.as_uuid().as_bytes()];
        let found = self.readers.read(action, |db| first(db, USES, params, |mut row| row.count()));
        Ok(found?.unwrap_or_default())
    }

    async fn find_variant(
        &self,
        asset: AssetId,
        name: &str,
    ) -> Result<Option<VariantRecord>, StoreError> {
        let action = || format!("read the variant {name} of asset {asset}");
        let params = params![asset.as_uuid().as_bytes(), name];
        self.readers.read(action, |db| first(db, VARIANT, params, |row| variant(asset, row)))
    }

    async fn variants(&self, asset: AssetId) -> Result<Vec<VariantRecord>, StoreError> {
        let action = || format!("list the variants of asset {asset}");
        let params = [asset.as_uuid().as_bytes()];
        self.readers.read(action, |db| all(db, VARIANTS, params, |row| variant(asset, row)))
    }

    async fn add_variant(&self, variant: VariantRecord) -> Result<(), StoreError> {
        let action = format!("store the variant {} of asset {}", variant.name, variant.asset);
        self.writer
            .write(action, move |db| {
                let params = params![
                    variant.asset.as_uuid().as_bytes(),
                    variant.name,
                    variant.digest.as_bytes(),
                    count(variant.bytes_len)?,
                    variant.made_at.as_millis(),
                ];
                run(db, INSERT_VARIANT, params)?;
                Ok(())
            })
            .await
    }
}

fn page(db: &Connection, query: &AssetQuery) -> Result<AssetPage, Fault> {
    // Every place in a list is before this one.
    let start = (i64::MAX, [0xff; 16]);
    let (at, id) = query.after.map_or(start, |it| (it.at.as_millis(), *it.id.as_uuid().as_bytes()));
    let (exactly, family) = match query.media_type {
        None => (None, None),
        Some(MediaTypeFilter::Exactly(media_type)) => (Some(media_type.name()), None),
        Some(MediaTypeFilter::Family(start)) => (None, Some(start)),
    };
    let search = query.search.as_deref().map(pattern);
    let limit = query.limit.clamp(1, PAGE_LEN_MAX) as usize;
    // One more than asked for tells whether there is a next page.
    let params = params![at, id, exactly, family, search, count(limit as u64 + 1)?];
    let mut assets = all(db, LIST, params, asset)?;
    let more = assets.len() > limit;
    assets.truncate(limit);
    let last = assets.last().filter(|_| more);
    let next = last.map(|it| AssetCursor { at: it.created_at, id: it.id });
    Ok(AssetPage { assets, next })
}

/// What `LIKE` finds everywhere in a text; its own signs stand for themselves.
fn pattern(text: &str) -> String {
    let mut pattern = String::from("%");
    for character in text.chars() {
        if matches!(character, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern.push('%');
    pattern
}

fn store(
    db: &Connection,
    asset: &Asset,
    previous: Option<Revision>,
) -> Result<(), Refusal<AssetWriteError>> {
    let id = asset.id.as_uuid().as_bytes();
    let (focal_x, focal_y) = asset.focal_point.parts();
    let common = params![
        id,
        asset.digest,
        asset.original_digest,
        asset.name.as_str(),
        asset.media_type.name(),
        count(asset.bytes_len)?,
        asset.dimensions.map(|it| it.width),
        asset.dimensions.map(|it| it.height),
        asset.animated,
        asset.thumbhash,
        focal_x,
        focal_y,
        asset.alt,
        asset.title,
        asset.caption,
        count(asset.revision.number())?,
        asset.uploaded_by,
        asset.created_at.as_millis(),
        asset.updated_at.as_millis(),
    ];
    let done = match previous {
        None if first(db, EXISTS, [id], |_| Ok(()))?.is_some() => {
            return Err(Refusal::Known(AssetWriteError::Stale));
        }
        None => run(db, INSERT, common),
        Some(previous) => {
            let previous = count(previous.number())?;
            let mut params = common.to_vec();
            params.push(&previous);
            run(db, UPDATE, params.as_slice())
        }
    };
    match done {
        Ok(0) => Err(Refusal::Known(AssetWriteError::Stale)),
        Ok(_) => Ok(()),
        Err(error) if is_taken(&error) => Err(Refusal::Known(AssetWriteError::DigestTaken)),
        Err(error) => Err(error.into()),
    }
}

/// The digest is the only column that has to be unique beside the id, which was looked for.
fn is_taken(error: &rusqlite::Error) -> bool {
    error.sqlite_error().is_some_and(|it| it.extended_code == SQLITE_CONSTRAINT_UNIQUE)
}

fn remove(
    db: &Connection,
    id: AssetId,
    previous: Revision,
) -> Result<Vec<Digest>, Refusal<AssetWriteError>> {
    let key = id.as_uuid().as_bytes();
    let digests =
        all(db, DIGESTS, [key], |mut row| Ok(Digest::from_bytes(row.next::<[u8; 32]>()?)))?;
    if run(db, DELETE, params![key, count(previous.number())?])? == 0 {
        return Err(Refusal::Known(AssetWriteError::Stale));
    }
    run(db, DELETE_VARIANTS, [key])?;
    let mut unused = Vec::new();
    for digest in digests {
        if first(db, IS_USED, [digest.as_bytes()], |_| Ok(()))?.is_none() {
            unused.push(digest);
        }
    }
    Ok(unused)
}

fn asset(mut row: Columns<'_>) -> Result<Asset, Fault> {
    next_asset(&mut row)
}

fn named(mut row: Columns<'_>) -> Result<NamedAsset, Fault> {
    let asset = next_asset(&mut row)?;
    let made: Option<String> = row.next()?;
    let made = made.iter().flat_map(|it| it.split(',')).map(str::to_owned).collect();
    Ok(NamedAsset { asset, made })
}

fn next_asset(row: &mut Columns<'_>) -> Result<Asset, Fault> {
    let id = AssetId::new(row.uuid()?);
    let read = asset_with(id, row);
    read.map_err(|source| Damaged { what: format!("asset {id}"), source }.into())
}

fn asset_with(id: AssetId, row: &mut Columns<'_>) -> Result<Asset, Fault> {
    Ok(Asset {
        id,
        digest: row.next()?,
        original_digest: row.next()?,
        name: row.parse(|text| {
            AssetName::parse(text).ok_or_else(|| Fault::from(format!("`{text}` is not a name")))
        })?,
        media_type: row.named()?,
        bytes_len: row.count()?,
        dimensions: dimensions(row.next()?, row.next()?),
        animated: row.next()?,
        thumbhash: row.next()?,
        focal_point: {
            let (x, y) = (row.next()?, row.next()?);
            FocalPoint::from_parts(x, y).ok_or("the focal point is outside the image")?
        },
        alt: row.next()?,
        title: row.next()?,
        caption: row.next()?,
        revision: Revision::new(row.count()?),
        uploaded_by: row.next()?,
        created_at: row.time()?,
        updated_at: row.time()?,
    })
}

fn dimensions(width: Option<u32>, height: Option<u32>) -> Option<Dimensions> {
    width.zip(height).map(|(width, height)| Dimensions { width, height })
}

fn variant(asset: AssetId, mut row: Columns<'_>) -> Result<VariantRecord, Fault> {
    Ok(VariantRecord {
        asset,
        name: row.next()?,
        digest: Digest::from_bytes(row.next()?),
        bytes_len: row.count()?,
        made_at: row.time()?,
    })
}
