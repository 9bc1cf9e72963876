//! `GET /api/v1/assets/{id}`: one asset.

use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use smartcms_app::App;
use smartcms_app::assets::{AssetUses, asset_uses, get_asset, made_variants};
use smartcms_domain::actors::Actor;
use smartcms_domain::assets::Asset;

use super::body::AssetBody;
use super::explain;
use crate::caller::Caller;
use crate::preconditions::entity_tag;
use crate::problem::HttpProblem;
use crate::query::Parameters;
use crate::reply::{self, JSON};
use crate::segments::Segments;

/// Reads one asset. Its tag is for changes: the list of variants grows without a new revision.
pub(crate) async fn read(
    State(app): State<App>,
    uri: Uri,
    Segments(id): Segments<String>,
    caller: Caller,
) -> Result<Response, HttpProblem> {
    Parameters::refuse_all(&uri)?;
    let asset = get_asset(&caller.context(&app), &id).await;
    let asset = asset.map_err(|error| explain(&caller, error))?;
    let made = made_variants(&app, &asset).await.map_err(|error| explain(&caller, error))?;
    let made: Vec<String> = made.into_iter().map(|it| it.name).collect();
    let uses = uses(&app, &caller, &asset).await?;
    let body = AssetBody::new(&app, &caller, &asset, &made).with_uses(&app, uses.as_ref());
    let response = reply::json(StatusCode::OK, JSON, &body);
    Ok(reply::tagged(response, entity_tag(asset.revision), caller.0 == Actor::Anonymous))
}

/// Where it is used; readers without a token do not hear of it.
async fn uses(app: &App, caller: &Caller, asset: &Asset) -> Result<Option<AssetUses>, HttpProblem> {
    if caller.0 == Actor::Anonymous {
        return Ok(None);
    }
    let uses = asset_uses(&caller.context(app), asset).await;
    uses.map(Some).map_err(|error| explain(caller, error))
}
