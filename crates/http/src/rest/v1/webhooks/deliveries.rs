//! `…/{id}/deliveries`, `…/deliveries/{delivery}/resend` and `…/{id}/test`.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use serde::Deserialize;
use smartcms_app::App;
use smartcms_app::ports::DeliveryState;
use smartcms_app::webhooks::{
    ListDeliveries, delivery_place, list_deliveries, resend_delivery, send_test,
};

use super::body::DeliveryBody;
use super::read::answer;
use crate::body::read_optional_object;
use crate::caller::Caller;
use crate::cursor;
use crate::problem::HttpProblem;
use crate::query::Parameters;
use crate::rest::v1::list::Page;
use crate::segments::Segments;

#[derive(Deserialize)]
pub(super) struct DeliveryPath {
    id: String,
    delivery: String,
}

/// Lists deliveries, the newest first: `?state=`, `?type=`, `?limit=`, `?cursor=`.
pub(super) async fn list(
    State(app): State<App>,
    uri: Uri,
    Segments(id): Segments<String>,
    caller: Caller,
) -> Result<Response, HttpProblem> {
    caller.require_credentials()?;
    let parameters = Parameters::parse(&uri, &["state", "type", "limit", "cursor"])?;
    let state = parameters.get("state").map(state).transpose()?;
    let read = |text| delivery_place(text).ok_or_else(cursor::malformed);
    let before = parameters.get("cursor").map(read).transpose()?;
    let kind = parameters.get("type").map(str::to_owned);
    let query = ListDeliveries { state, kind, before, limit: parameters.limit()? };
    let page = list_deliveries(&caller.context(&app), &id, query).await?;
    let body = Page {
        included: None,
        warnings: Vec::new(),
        items: page.deliveries.iter().map(DeliveryBody::from).collect(),
        next: page.next.map(|it| it.as_simple().to_string()),
    };
    Ok(answer(StatusCode::OK, &body))
}

/// Sends a delivery again.
pub(super) async fn resend(
    State(app): State<App>,
    uri: Uri,
    Segments(path): Segments<DeliveryPath>,
    headers: HeaderMap,
    caller: Caller,
    body: Body,
) -> Result<Response, HttpProblem> {
    caller.require_credentials()?;
    Parameters::refuse_all(&uri)?;
    read_optional_object(&headers, body).await?.finish()?;
    let delivery = resend_delivery(&caller.context(&app), &path.id, &path.delivery).await?;
    Ok(answer(StatusCode::ACCEPTED, &DeliveryBody::from(&delivery)))
}

/// Sends a test message.
pub(super) async fn test(
    State(app): State<App>,
    uri: Uri,
    Segments(id): Segments<String>,
    headers: HeaderMap,
    caller: Caller,
    body: Body,
) -> Result<Response, HttpProblem> {
    caller.require_credentials()?;
    Parameters::refuse_all(&uri)?;
    read_optional_object(&headers, body).await?.finish()?;
    let delivery = send_test(&caller.context(&app), &id).await?;
    Ok(answer(StatusCode::ACCEPTED, &DeliveryBody::from(&delivery)))
}

fn state(name: &str) -> Result<DeliveryState, HttpProblem> {
    DeliveryState::parse(name).ok_or_else(|| {
        let known = DeliveryState::ALL.map(DeliveryState::name).join("`, `");
        let detail = format!("`state` cannot be `{name}`; it is one of `{known}`");
        HttpProblem::bad_request("request.query", detail)
    })
}
