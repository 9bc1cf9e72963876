//! `PATCH /api/v1/assets/{id}`: what is said about an asset.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use smartcms_app::App;
use smartcms_app::assets::{UpdateAsset, update_asset};
use smartcms_domain::Problem;
use smartcms_domain::assets::{AssetChange, FocalPoint};
use smartcms_domain::entries::Fields;

use super::body::{AssetBody, changed};
use super::explain;
use crate::body::read_object;
use crate::caller::Caller;
use crate::preconditions::required_match;
use crate::problem::HttpProblem;
use crate::query::Parameters;
use crate::segments::Segments;

/// Changes what is named and leaves the rest: `{"name"?, "alt"?, "title"?, "caption"?, "focal_point"?: {"x", "y"}}`.
/// An empty text takes a text away.
pub(crate) async fn update(
    State(app): State<App>,
    uri: Uri,
    Segments(id): Segments<String>,
    headers: HeaderMap,
    caller: Caller,
    body: Body,
) -> Result<Response, HttpProblem> {
    caller.require_credentials()?;
    Parameters::refuse_all(&uri)?;
    let seen = required_match(&headers)?;
    let mut members = read_object(&headers, body).await?;
    let mut change = AssetChange {
        name: members.text("name"),
        alt: members.text("alt"),
        title: members.text("title"),
        caption: members.text("caption"),
        focal_point: None,
    };
    let place = members.fields("focal_point");
    members.finish()?;
    change.focal_point = place.map(|it| focal_point(&it)).transpose()?;
    let command = UpdateAsset { id, seen, change };
    let asset = update_asset(&caller.context(&app), command).await;
    let asset = asset.map_err(|error| explain(&caller, error))?;
    let body = AssetBody::new(&app, &caller, &asset, &[]);
    Ok(changed(StatusCode::OK, &asset, &body))
}

fn focal_point(place: &Fields) -> Result<FocalPoint, HttpProblem> {
    let number = |name| place.get(name).and_then(serde_json::Value::as_f64);
    let point = number("x").zip(number("y")).and_then(|(x, y)| FocalPoint::new(x, y).ok());
    point.filter(|_| place.iter().count() == 2).ok_or_else(|| {
        let message = "`focal_point` has two numbers from 0 to 1: `{\"x\": 0.5, \"y\": 0.5}`";
        let problem = Problem::field("focal_point", "kind", message);
        HttpProblem::bad_request("request.body", message.to_owned()).with_problems(vec![problem])
    })
}
