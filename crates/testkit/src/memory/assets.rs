//! Assets in memory.

use std::cmp::Reverse;
use std::sync::MutexGuard;

use async_trait::async_trait;
use smartcms_app::ports::{
    ASSETS_NAMED_MAX, AssetCursor, AssetPage, AssetQuery, AssetRef, AssetStore, AssetWriteError,
    Digest, NamedAsset, PAGE_LEN_MAX, StoreError, VariantRecord,
};
use smartcms_domain::assets::{Asset, AssetId};
use smartcms_domain::collections::Target;
use smartcms_domain::entries::Revision;

use super::{MemoryStore, State};

#[async_trait]
impl AssetStore for MemoryStore {
    async fn find(&self, id: AssetId) -> Result<Option<Asset>, StoreError> {
        Ok(self.reading().assets.get(&id).cloned())
    }

    async fn find_by_digest(&self, digest: &Digest) -> Result<Option<Asset>, StoreError> {
        let wanted = digest.as_bytes();
        let state = self.reading();
        let mut assets = state.assets.values();
        Ok(assets.find(|it| it.digest == *wanted || it.original_digest == *wanted).cloned())
    }

    async fn find_by_key(&self, key: [u8; 16]) -> Result<Option<Asset>, StoreError> {
        Ok(self.reading().assets.values().find(|it| it.digest.starts_with(&key)).cloned())
    }

    async fn find_named(&self, names: &[AssetRef]) -> Result<Vec<NamedAsset>, StoreError> {
        let names = names.get(..ASSETS_NAMED_MAX).unwrap_or(names);
        let state = self.reading();
        let is_named = |it: &&Asset| names.iter().any(|name| name.names(it));
        let named = |it: &Asset| NamedAsset {
            asset: it.clone(),
            made: made_of(&state, it.id).map(|it| it.name.clone()).collect(),
        };
        Ok(state.assets.values().filter(is_named).map(named).collect())
    }

    async fn list(&self, query: &AssetQuery) -> Result<AssetPage, StoreError> {
        let state = self.lock();
        let mut found: Vec<&Asset> =
            state.assets.values().filter(|it| is_meant(it, query)).collect();
        found.sort_by_key(|it| Reverse((it.created_at, it.id)));
        let limit = query.limit.clamp(1, PAGE_LEN_MAX) as usize;
        let more = found.len() > limit;
        found.truncate(limit);
        let last = found.last().filter(|_| more);
        let next = last.map(|it| AssetCursor { at: it.created_at, id: it.id });
        Ok(AssetPage { assets: found.into_iter().cloned().collect(), next })
    }

    async fn write(&self, asset: Asset, previous: Option<Revision>) -> Result<(), AssetWriteError> {
        let mut state = self.lock();
        if state.assets.get(&asset.id).map(|it| it.revision) != previous {
            return Err(AssetWriteError::Stale);
        }
        let others = state.assets.values().filter(|it| it.id != asset.id);
        if others.into_iter().any(|it| it.digest == asset.digest) {
            return Err(AssetWriteError::DigestTaken);
        }
        state.assets.insert(asset.id, asset);
        Ok(())
    }

    async fn remove(
        &self,
        id: AssetId,
        previous: Revision,
    ) -> Result<Vec<Digest>, AssetWriteError> {
        let mut state = self.lock();
        if state.assets.get(&id).map(|it| it.revision) != Some(previous) {
            return Err(AssetWriteError::Stale);
        }
        let mut digests: Vec<Digest> =
            state.assets.remove(&id).map(|it| Digest::from_bytes(it.digest)).into_iter().collect();
        digests.extend(state.variants.values().filter(|it| it.asset == id).map(|it| it.digest));
        state.variants.retain(|(asset, _), _| *asset != id);
        digests.sort_unstable();
        digests.dedup();
        digests.retain(|it| !is_used(&state, it));
        Ok(digests)
    }

    async fn uses(&self, id: AssetId) -> Result<u64, StoreError> {
        let state = self.lock();
        let Some(asset) = state.assets.get(&id) else { return Ok(0) };
        let is_meant = |target: Target| match target {
            Target::Entry(_) => false,
            Target::Asset(it) => it == *id.as_uuid(),
            Target::File(key) => asset.digest.starts_with(&key),
        };
        let uses = state.facts.values().filter(|facts| {
            let sides = [&facts.newest, &facts.live].into_iter().flatten();
            sides.flat_map(|it| &it.references).any(|it| is_meant(it.target))
        });
        Ok(uses.count() as u64)
    }

    async fn find_variant(
        &self,
        asset: AssetId,
        name: &str,
    ) -> Result<Option<VariantRecord>, StoreError> {
        Ok(self.reading().variants.get(&(asset, name.to_owned())).cloned())
    }

    async fn variants(&self, asset: AssetId) -> Result<Vec<VariantRecord>, StoreError> {
        Ok(made_of(&self.reading(), asset).cloned().collect())
    }

    async fn add_variant(&self, variant: VariantRecord) -> Result<(), StoreError> {
        let mut state = self.lock();
        if state.assets.contains_key(&variant.asset) {
            state.variants.insert((variant.asset, variant.name.clone()), variant);
        }
        Ok(())
    }
}

impl MemoryStore {
    fn reading(&self) -> MutexGuard<'_, State> {
        let mut state = self.lock();
        state.asset_reads += 1;
        state
    }
}

fn made_of(state: &State, asset: AssetId) -> impl Iterator<Item = &VariantRecord> {
    state.variants.values().filter(move |it| it.asset == asset)
}

fn is_used(state: &State, digest: &Digest) -> bool {
    state.assets.values().any(|it| it.digest == *digest.as_bytes())
        || state.variants.values().any(|it| it.digest == *digest)
}

fn is_meant(asset: &Asset, query: &AssetQuery) -> bool {
    let before = query.after.is_none_or(|it| (asset.created_at, asset.id) < (it.at, it.id));
    let of_type = query.media_type.is_none_or(|it| it.includes(asset.media_type));
    let texts = [Some(asset.name.as_str()), asset.title.as_deref(), asset.alt.as_deref()];
    let found = query.search.as_deref().is_none_or(|wanted| {
        let wanted = wanted.to_ascii_lowercase();
        texts.into_iter().flatten().any(|it| it.to_ascii_lowercase().contains(&wanted))
    });
    before && of_type && found
}
