//! `wasi:keyvalue` 0.2.0-draft: store, atomics and batch.

use bytes::Bytes;
use smartcms_app::ports::KeySpace;
use wasmtime::component::Resource;

use super::bindings::wasi::keyvalue::{atomics, batch, store};
use super::{
    BUCKET_NAME_BYTES_MAX, Bucket, KeysError, PAGE_KEYS_MAX, checked_key, checked_value, keys,
    other,
};
use crate::state::GuestState;

impl store::Host for GuestState {
    async fn open(&mut self, identifier: String) -> Result<Resource<Bucket>, KeysError> {
        keys(self)?;
        // Other hosts call the usual bucket by a name; both names lead to the same keys.
        let bucket = if identifier == "default" { String::new() } else { identifier };
        if bucket.len() > BUCKET_NAME_BYTES_MAX || bucket.chars().any(char::is_control) {
            return Err(KeysError::Guest(store::Error::NoSuchStore));
        }
        let space = KeySpace { plugin: self.profile().id.clone(), bucket };
        Ok(self.table().push(Bucket { space })?)
    }

    fn convert_error(&mut self, error: KeysError) -> wasmtime::Result<store::Error> {
        match error {
            KeysError::Guest(error) => Ok(error),
            KeysError::Trap(error) => Err(error),
        }
    }
}

impl store::HostBucket for GuestState {
    async fn get(
        &mut self,
        bucket: Resource<Bucket>,
        key: String,
    ) -> Result<Option<Vec<u8>>, KeysError> {
        checked_key(&key)?;
        let (port, space) = (keys(self)?, space(self, &bucket)?);
        Ok(port.get(&space, &key).await?.map(Into::into))
    }

    async fn set(
        &mut self,
        bucket: Resource<Bucket>,
        key: String,
        value: Vec<u8>,
    ) -> Result<(), KeysError> {
        change(self, &bucket, vec![(key, Some(value.into()))]).await
    }

    async fn delete(&mut self, bucket: Resource<Bucket>, key: String) -> Result<(), KeysError> {
        change(self, &bucket, vec![(key, None)]).await
    }

    async fn exists(&mut self, bucket: Resource<Bucket>, key: String) -> Result<bool, KeysError> {
        Ok(self.get(bucket, key).await?.is_some())
    }

    /// The cursor is the number of keys that came before; keys that come and go between pages may shift it.
    async fn list_keys(
        &mut self,
        bucket: Resource<Bucket>,
        cursor: Option<u64>,
    ) -> Result<store::KeyResponse, KeysError> {
        let (port, space) = (keys(self)?, space(self, &bucket)?);
        let mut before = cursor.unwrap_or(0);
        let mut last: Option<String> = None;
        loop {
            let page = port.keys(&space, last.as_deref(), PAGE_KEYS_MAX).await?;
            let count = page.len() as u64;
            let full = count >= u64::from(PAGE_KEYS_MAX);
            if before < count || !full {
                let next = full.then_some(cursor.unwrap_or(0) + (count - before.min(count)));
                let skip = usize::try_from(before).unwrap_or(usize::MAX);
                return Ok(store::KeyResponse {
                    keys: page.into_iter().skip(skip).collect(),
                    cursor: next,
                });
            }
            before -= count;
            last = page.into_iter().next_back();
        }
    }

    async fn drop(&mut self, bucket: Resource<Bucket>) -> wasmtime::Result<()> {
        self.table().delete(bucket)?;
        Ok(())
    }
}

impl atomics::Host for GuestState {
    async fn increment(
        &mut self,
        bucket: Resource<Bucket>,
        key: String,
        delta: u64,
    ) -> Result<u64, KeysError> {
        checked_key(&key)?;
        let (port, space) = (keys(self)?, space(self, &bucket)?);
        let delta = i64::try_from(delta)
            .map_err(|_| other("the step is larger than a number can become"))?;
        let quota = self.profile().limits.keys;
        let sum = port.increment(&space, &key, delta, quota).await?;
        u64::try_from(sum).map_err(|_| other("the number under this key is negative"))
    }
}

impl batch::Host for GuestState {
    async fn get_many(
        &mut self,
        bucket: Resource<Bucket>,
        names: Vec<String>,
    ) -> Result<Vec<Option<(String, Vec<u8>)>>, KeysError> {
        let (port, space) = (keys(self)?, space(self, &bucket)?);
        let mut left = self.profile().limits.call.output_bytes_max;
        let mut found = Vec::with_capacity(names.len());
        for name in names {
            checked_key(&name)?;
            let value = port.get(&space, &name).await?;
            // What the host gathers for one answer is bounded like what a guest may give it.
            let bytes = value.as_ref().map_or(0, Bytes::len) + name.len();
            left = left
                .checked_sub(bytes)
                .ok_or_else(|| other("the values are too large for one answer"))?;
            found.push(value.map(|value| (name, value.into())));
        }
        Ok(found)
    }

    async fn set_many(
        &mut self,
        bucket: Resource<Bucket>,
        pairs: Vec<(String, Vec<u8>)>,
    ) -> Result<(), KeysError> {
        change(
            self,
            &bucket,
            pairs.into_iter().map(|(key, value)| (key, Some(value.into()))).collect(),
        )
        .await
    }

    async fn delete_many(
        &mut self,
        bucket: Resource<Bucket>,
        names: Vec<String>,
    ) -> Result<(), KeysError> {
        change(self, &bucket, names.into_iter().map(|name| (name, None)).collect()).await
    }
}

async fn change(
    state: &mut GuestState,
    bucket: &Resource<Bucket>,
    changes: Vec<(String, Option<Bytes>)>,
) -> Result<(), KeysError> {
    for (key, value) in &changes {
        checked_key(key)?;
        checked_value(value.as_deref().unwrap_or_default())?;
    }
    let (port, space) = (keys(state)?, space(state, bucket)?);
    let quota = state.profile().limits.keys;
    Ok(port.apply(&space, changes, quota).await?)
}

fn space(state: &mut GuestState, bucket: &Resource<Bucket>) -> Result<KeySpace, KeysError> {
    Ok(state.table().get(bucket)?.space.clone())
}
