//! `POST /admin/audit/export`: the log as a file, page by page, so that no log is too long.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use bytes::Bytes;
use futures::stream;
use smartcms_app::audit::{AuditError, AuditFormat, begin_audit_export, list_audit};
use smartcms_app::ports::{AUDIT_PAGE_LEN_MAX, AuditQuery};

use super::filter::{Filter, NoQuery};
use crate::admin::answer::Answer;
use crate::admin::failure::AdminError;
use crate::admin::form::Form;
use crate::admin::person::Person;
use crate::admin::visit::Visit;
use crate::state::AppState;

/// Sends what the filter finds. That it was sent is recorded first.
pub(super) async fn export(
    State(state): State<AppState>,
    visit: Visit,
    person: Person,
    form: Form,
) -> Answer {
    let format = AuditFormat::named(form.action().0).ok_or(AdminError::NotFound)?;
    let ctx = person.context(&state.app);
    begin_audit_export(&ctx, format).await?;
    let filter = Filter::of(|name| form.get(name));
    let query = match filter.query(&ctx, &visit, AUDIT_PAGE_LEN_MAX).await {
        Ok(query) => Some(query),
        Err(NoQuery::Nobody) => None,
        Err(NoQuery::Failed(error)) => return Err(error.into()),
    };
    let mut response = Response::new(body(state, person, query, format));
    let (media_type, name) = match format {
        AuditFormat::Csv => ("text/csv; charset=utf-8", "attachment; filename=\"audit.csv\""),
        AuditFormat::JsonLines => {
            ("application/jsonl; charset=utf-8", "attachment; filename=\"audit.jsonl\"")
        }
    };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static(name));
    Ok(response)
}

/// The lines, as they are read. Who may read no more while it is sent gets no more: each page asks again.
fn body(state: AppState, person: Person, query: Option<AuditQuery>, format: AuditFormat) -> Body {
    let begin = (state, person, query, format.head());
    Body::from_stream(stream::unfold(begin, move |(state, person, query, head)| async move {
        if let Some(head) = head {
            return Some((Ok(Bytes::from(head + "\n")), (state, person, query, None)));
        }
        let query = query?;
        let page = match list_audit(&person.context(&state.app), query.clone()).await {
            Ok(page) => page,
            Err(error) => {
                return Some((Err::<Bytes, AuditError>(error), (state, person, None, None)));
            }
        };
        let lines: String = page.records.iter().map(|it| format.line(it) + "\n").collect();
        let next = page.next.map(|before| AuditQuery { before: Some(before), ..query });
        Some((Ok(Bytes::from(lines)), (state, person, next, None)))
    }))
}
