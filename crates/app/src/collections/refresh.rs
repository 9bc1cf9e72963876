//! Noticing what another process changed.

use super::error::CollectionError;
use crate::App;

/// Takes over definitions that another process changed; whether there were any.
pub async fn refresh(app: &App) -> Result<bool, CollectionError> {
    if app.definitions.generation().await? <= app.collections.generation() {
        return Ok(false);
    }
    let known = app.definitions.definitions().await?;
    let definitions = known.records.into_iter().map(|it| it.definition).collect();
    app.collections.take(known.generation, definitions);
    app.changes.redefined();
    crate::search::reindex(app).await.map_err(CollectionError::Search)?;
    Ok(true)
}
