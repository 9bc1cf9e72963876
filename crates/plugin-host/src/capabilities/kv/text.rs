//! `component:smartcms/kvstore`: texts under keys. The interface has no errors, so every failure is a trap.

use smartcms_app::ports::KeySpace;

use super::bindings::component::smartcms::kvstore;
use super::{KeysError, checked_key, checked_value, keys};
use crate::state::GuestState;

impl kvstore::Host for GuestState {
    async fn get(&mut self, key: String) -> wasmtime::Result<Option<String>> {
        Ok(get(self, &key).await?)
    }

    async fn set(&mut self, key: String, value: String) -> wasmtime::Result<()> {
        Ok(set(self, key, value).await?)
    }
}

async fn get(state: &mut GuestState, key: &str) -> Result<Option<String>, KeysError> {
    checked_key(key)?;
    let (port, space) = (keys(state)?, space(state));
    let value = port.get(&space, key).await?;
    Ok(value.map(|value| String::from_utf8_lossy(&value).into_owned()))
}

async fn set(state: &mut GuestState, key: String, value: String) -> Result<(), KeysError> {
    checked_key(&key)?;
    checked_value(value.as_bytes())?;
    let (port, space) = (keys(state)?, space(state));
    let quota = state.profile().limits.keys;
    Ok(port.apply(&space, vec![(key, Some(value.into()))], quota).await?)
}

fn space(state: &GuestState) -> KeySpace {
    KeySpace { plugin: state.profile().id.clone(), bucket: String::new() }
}
