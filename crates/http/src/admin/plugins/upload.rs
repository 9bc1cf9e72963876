//! Files that are sent to become plugins: taken, looked at, and not run.

use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use bytes::{Bytes, BytesMut};
use smartcms_app::plugins::{find_plugin, stage_plugin};
use smartcms_pages::admin::FlashKind;

use super::super::answer::{self, Answer};
use super::super::failure::AdminError;
use super::super::form::{FilesOf, PluginSize};
use super::super::person::Person;
use super::super::visit::Visit;
use super::{FILES_URL, URL, id_of, told, url_of};
use crate::state::AppState;

/// The longest manifest, in bytes.
const MANIFEST_BYTES_MAX: usize = 64 * 1024;
/// The longest id that is made of a file's name, in bytes.
const ID_LEN_MAX: usize = 40;

/// What was sent.
struct Sent {
    component: Bytes,
    manifest: Option<String>,
    /// The id that a file of this name would have.
    id: String,
}

/// Takes a file for a new plugin.
pub(super) async fn new(
    State(state): State<AppState>,
    visit: Visit,
    person: Person,
    files: FilesOf<PluginSize>,
) -> Answer {
    stage(&state, &visit, &person, files, URL, "").await
}

/// Takes a file for another version of a plugin.
pub(super) async fn upgrade(
    State(state): State<AppState>,
    visit: Visit,
    person: Person,
    Path(id): Path<String>,
    files: FilesOf<PluginSize>,
) -> Answer {
    let plugin = id_of(&id)?;
    find_plugin(&person.context(&state.app), &plugin).await?;
    stage(&state, &visit, &person, files, &url_of(&plugin), plugin.as_str()).await
}

async fn stage(
    state: &AppState,
    visit: &Visit,
    person: &Person,
    files: FilesOf<PluginSize>,
    back: &str,
    plugin: &str,
) -> Result<Response, AdminError> {
    // Nothing is read for somebody who may not.
    if !person.actor.may_manage_site() {
        return Err(AdminError::Denied);
    }
    let Some(sent) = read(files).await? else {
        let text = visit.say("plugin.no_file", &[]);
        return Ok(visit.news(state, back, FlashKind::Failed, text));
    };
    let ctx = person.context(&state.app);
    match stage_plugin(&ctx, sent.component, sent.manifest).await {
        Ok(staged) => {
            let query = answer::query(&[("plugin", plugin), ("id", &sent.id)]);
            let to = format!("{FILES_URL}/{}{query}", staged.digest);
            Ok(Redirect::to(&to).into_response())
        }
        Err(error) => told(state, visit, back, error),
    }
}

async fn read(mut files: FilesOf<PluginSize>) -> Result<Option<Sent>, AdminError> {
    let (mut component, mut manifest, mut id) = (Bytes::new(), None, String::new());
    while let Some(mut field) = files.next().await? {
        let name = field.name().unwrap_or_default().to_owned();
        let file = field.file_name().unwrap_or_default().to_owned();
        let mut bytes = BytesMut::new();
        let cut = |_| AdminError::BadForm("the form ended before it was complete".to_owned());
        while let Some(chunk) = field.chunk().await.map_err(cut)? {
            bytes.extend_from_slice(&chunk);
        }
        match name.as_str() {
            "component" => {
                component = bytes.freeze();
                id = id_of_name(&file);
            }
            "manifest" if bytes.len() > MANIFEST_BYTES_MAX => {
                let text = format!("plugin.toml has more than {MANIFEST_BYTES_MAX} bytes");
                return Err(AdminError::BadForm(text));
            }
            "manifest" if !bytes.is_empty() => {
                let text = String::from_utf8(bytes.to_vec());
                let bad = |_| AdminError::BadForm("plugin.toml is no UTF-8 text".to_owned());
                manifest = Some(text.map_err(bad)?);
            }
            _ => {}
        }
    }
    Ok((!component.is_empty()).then_some(Sent { component, manifest, id }))
}

/// `My plugin.wasm` would be `my-plugin`.
fn id_of_name(file: &str) -> String {
    let stem = file.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = stem.strip_suffix(".wasm").unwrap_or(stem);
    let plain = |it: char| if it.is_ascii_alphanumeric() { it.to_ascii_lowercase() } else { '-' };
    let id: String = stem.chars().take(ID_LEN_MAX).map(plain).collect();
    id.trim_matches('-').to_owned()
}
