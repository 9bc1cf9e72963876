//! Signed addresses at which the newest state of an entry is shown to whoever has them.
//!
//! The address is the permission: it names the entry and the day on which it ends, and is signed with a key of the site.
//! What is shown is what everybody would see once it is published: fields that are hidden from readers stay hidden.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use smartcms_domain::actors::{Actor, Permission, Subject};
use smartcms_domain::entries::{Entry, EntryId};

use super::commit::definition;
use super::error::ContentError;
use super::read::hide_fields;
use crate::{App, OpContext};

/// For how many days an address is good, the day on which it was made not counted.
pub const PREVIEW_DAYS: i64 = 7;

const DAY_MS: i64 = 86_400_000;
const ID_LEN: usize = 16;
const DAY_LEN: usize = 4;
const SIGNATURE_LEN: usize = 16;

/// What stands in the address of a preview. It is the same for a whole day.
pub fn preview_token(ctx: &OpContext<'_>, entry: &Entry) -> Result<String, ContentError> {
    let definition = definition(ctx, entry.collection.as_str())?;
    if !ctx.actor.may_on(Permission::ReadDrafts, Subject::of(entry)) {
        ctx.actor.require(Permission::ReadDrafts, &definition.name)?;
    }
    let ends = today(ctx.app) + PREVIEW_DAYS;
    let mut token = Vec::with_capacity(ID_LEN + DAY_LEN + SIGNATURE_LEN);
    token.extend_from_slice(entry.id.as_uuid().as_bytes());
    token.extend_from_slice(&u32::try_from(ends).unwrap_or(0).to_be_bytes());
    let signature = blake3::keyed_hash(&ctx.app.media.preview_key, &token);
    token.extend(signature.as_bytes().iter().take(SIGNATURE_LEN));
    Ok(URL_SAFE_NO_PAD.encode(token))
}

/// The entry that an address of a preview shows, as readers would see its newest state; `None` where the address is not
/// good, or no longer, or the entry is in the trash.
pub async fn find_preview(app: &App, token: &str) -> Result<Option<Entry>, ContentError> {
    let Some(id) = checked(app, token) else { return Ok(None) };
    let found = app.entries.find(id).await?.filter(|it| it.trashed_at.is_none());
    let Some(mut entry) = found else { return Ok(None) };
    let Some(definition) = app.collections.get(&entry.collection) else { return Ok(None) };
    hide_fields(&Actor::Anonymous, &definition, &mut entry);
    Ok(Some(entry))
}

fn checked(app: &App, token: &str) -> Option<EntryId> {
    let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
    let (said, signature) = bytes.split_at_checked(ID_LEN + DAY_LEN)?;
    let hash = blake3::keyed_hash(&app.media.preview_key, said);
    let mut expected = [0; SIGNATURE_LEN];
    expected.iter_mut().zip(hash.as_bytes()).for_each(|(to, from)| *to = *from);
    let given: [u8; SIGNATURE_LEN] = signature.try_into().ok()?;
    let differing = given.iter().zip(expected).fold(0, |all, (a, b)| all | (a ^ b));
    let (id, day) = said.split_at_checked(ID_LEN)?;
    let ends = i64::from(u32::from_be_bytes(day.try_into().ok()?));
    let id = uuid::Uuid::from_slice(id).ok()?;
    (differing == 0 && today(app) <= ends).then(|| EntryId::new(id))
}

fn today(app: &App) -> i64 {
    app.clock.now().as_millis().div_euclid(DAY_MS)
}
