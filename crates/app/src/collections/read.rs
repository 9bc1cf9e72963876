//! Reading definitions.

use smartcms_domain::actors::{Actor, Subject};

use super::error::CollectionError;
use crate::OpContext;
use crate::ports::DefinitionRecord;

/// Every definition by name, with the fields that the actor sees; with all of them for who may change them.
pub async fn list_collections(
    ctx: &OpContext<'_>,
) -> Result<Vec<DefinitionRecord>, CollectionError> {
    let mut records = ctx.app.definitions.definitions().await?.records;
    records.iter_mut().for_each(|it| hide(ctx.actor, it));
    Ok(records)
}

/// One definition, with the fields that the actor sees; with all of them for who may change them.
pub async fn get_collection(
    ctx: &OpContext<'_>,
    name: &str,
) -> Result<DefinitionRecord, CollectionError> {
    let records = ctx.app.definitions.definitions().await?.records;
    let found = records.into_iter().find(|it| it.definition.name.as_str() == name);
    let mut record = found.ok_or_else(|| CollectionError::Unknown(name.to_owned()))?;
    hide(ctx.actor, &mut record);
    Ok(record)
}

/// Who changes a definition sees all of it, though not every value: a field that it did not send back would be gone.
fn hide(actor: &Actor, record: &mut DefinitionRecord) {
    if !actor.may_manage_site() {
        let name = record.definition.name.clone();
        record.definition.fields.retain(|it| actor.sees(Subject::public(&name), it));
    }
}
