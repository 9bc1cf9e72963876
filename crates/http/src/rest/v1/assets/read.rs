//! `GET /api/v1/assets/{id}`: one asset.

use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use smartcms_app::App;
use smartcms_app::assets::{get_asset, made_variants};
use smartcms_domain::actors::Actor;

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
    let body = AssetBody::new(&app, &caller, &asset, &made);
    let response = reply::json(StatusCode::OK, JSON, &body);
    Ok(reply::tagged(response, entity_tag(asset.revision), caller.0 == Actor::Anonymous))
}
