//! `/admin/redirects`: where addresses lead at which nothing is any more.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use smartcms_app::redirects::{
    ListRedirects, RedirectError, RedirectView, UpdateRedirect, create_redirect, get_redirect,
    list_redirects, remove_redirect, update_redirect,
};
use smartcms_domain::redirects::{RedirectDraft, RedirectStatus, RedirectTarget};
use smartcms_pages::admin::{
    ChoiceContext, Mistake, Paging, RedirectForm, RedirectFormPage, RedirectListPage, RedirectRow,
    Tab,
};

use super::super::answer::{self, Answer, query};
use super::super::bulk::back_to;
use super::super::form::Form;
use super::super::list::Pairs;
use super::super::person::Person;
use super::super::visit::Visit;
use super::mistakes::{mistakes_of, status, whole};
use crate::state::AppState;

/// Where redirects are.
pub(super) const URL: &str = "/admin/redirects";
/// How many redirects one page shows.
const ROWS: u32 = 50;

/// Shows redirects, searched or listed.
pub(in super::super) async fn list(
    State(state): State<AppState>,
    visit: Visit,
    person: Person,
    Query(pairs): Pairs,
) -> Answer {
    let form = RedirectForm { status: 301, ..RedirectForm::default() };
    show(&state, &visit, &person, &pairs, (StatusCode::OK, form, Vec::new())).await
}

/// Makes a redirect, or takes one away.
pub(in super::super) async fn act(
    State(state): State<AppState>,
    visit: Visit,
    person: Person,
    form: Form,
) -> Answer {
    let ctx = person.context(&state.app);
    if let ("delete", id) = form.action() {
        remove_redirect(&ctx, id).await?;
        return Ok(visit.done(&state, &back_to(&form, URL), "redirects.removed"));
    }
    let sent = sent(&form);
    let draft = RedirectDraft {
        from: sent.from.clone(),
        to: Some(sent.to.clone()).filter(|it| !it.is_empty()),
        entry: None,
        status: Some(u64::from(sent.status)),
    };
    match create_redirect(&ctx, draft).await {
        Ok(_) => Ok(visit.done(&state, URL, "redirects.created")),
        Err(error) => {
            let (status, mistakes) = refused(&visit, error)?;
            show(&state, &visit, &person, &[], (status, sent, mistakes)).await
        }
    }
}

/// Shows the form of one.
pub(in super::super) async fn edit(
    State(state): State<AppState>,
    visit: Visit,
    person: Person,
    Path(id): Path<String>,
) -> Answer {
    let view = get_redirect(&person.context(&state.app), &id).await?;
    let form = RedirectForm {
        from: view.redirect.source.to_string(),
        to: view.leads_to.clone().unwrap_or_default(),
        status: view.redirect.status.number(),
    };
    page_of(&state, &visit, &view, (StatusCode::OK, form, Vec::new()))
}

/// Changes one, or takes it away.
pub(in super::super) async fn change(
    State(state): State<AppState>,
    visit: Visit,
    person: Person,
    Path(id): Path<String>,
    form: Form,
) -> Answer {
    let ctx = person.context(&state.app);
    if form.action().0 == "delete" {
        remove_redirect(&ctx, &id).await?;
        return Ok(visit.done(&state, URL, "redirects.removed"));
    }
    let view = get_redirect(&ctx, &id).await?;
    let sent = sent(&form);
    // An address that nobody touched stays what it stands for: an entry moves, and its address with it.
    let is_touched = Some(sent.to.as_str()) != view.leads_to.as_deref() && !sent.to.is_empty();
    let command = UpdateRedirect {
        from: Some(sent.from.clone()),
        to: is_touched.then(|| sent.to.clone()),
        entry: None,
        status: Some(u64::from(sent.status)),
    };
    match update_redirect(&ctx, &id, command).await {
        Ok(_) => Ok(visit.done(&state, URL, "redirects.changed")),
        Err(error) => {
            let (status, mistakes) = refused(&visit, error)?;
            page_of(&state, &visit, &view, (status, sent, mistakes))
        }
    }
}

/// A form that is shown: its status, what stands in it, and what is wrong.
type Filled = (StatusCode, RedirectForm, Vec<Mistake>);

fn sent(form: &Form) -> RedirectForm {
    RedirectForm {
        from: form.get("from").trim().to_owned(),
        to: form.get("to").trim().to_owned(),
        status: form.get("status").parse().unwrap_or(301),
    }
}

/// What is wrong with a redirect, beside its inputs.
fn refused(
    visit: &Visit,
    error: RedirectError,
) -> Result<(StatusCode, Vec<Mistake>), RedirectError> {
    let mistake = |input: &str, text: String| Mistake {
        input: input.to_owned(),
        label: visit.say(&format!("redirects.{input}"), &[]),
        text,
    };
    let mistakes = match &error {
        RedirectError::Denied(_) | RedirectError::Store(_) | RedirectError::Unknown(_) => {
            return Err(error);
        }
        RedirectError::Loop(it) => {
            let from = it.from.to_string();
            vec![mistake("to", visit.say("redirects.loop", &[("from", &from)]))]
        }
        RedirectError::Taken { from, .. } => {
            vec![mistake("from", visit.say("redirects.taken", &[("from", from)]))]
        }
        RedirectError::TooMany { .. } => vec![whole(&error)],
        _ => mistakes_of(visit, &error, |it| visit.say(&format!("redirects.{it}"), &[])),
    };
    Ok((status(&error), mistakes))
}

async fn show(
    state: &AppState,
    visit: &Visit,
    person: &Person,
    pairs: &[(String, String)],
    (status, form, mistakes): Filled,
) -> Answer {
    let value = |name: &str| {
        let found = pairs.iter().find(|(it, _)| it == name);
        found.map(|(_, value)| value.trim()).unwrap_or_default()
    };
    let (words, kind, after) = (value("q"), value("kind"), value("after"));
    let asked = ListRedirects {
        search: Some(words.to_owned()).filter(|it| !it.is_empty()),
        is_automatic: match kind {
            "made" => Some(false),
            "automatic" => Some(true),
            _ => None,
        },
        after: Some(after.to_owned()).filter(|it| !it.is_empty()),
        limit: ROWS,
    };
    let found = list_redirects(&person.context(&state.app), asked).await?;
    let address = |kind: &str, after: &str| {
        format!("{URL}{}", query(&[("q", words), ("kind", kind), ("after", after)]))
    };
    let tab = |it: &str, key: &str| Tab {
        label: visit.say(key, &[]),
        url: address(it, ""),
        value: it.to_owned(),
        is_current: kind == it,
    };
    let page = RedirectListPage {
        frame: visit.frame(state, visit.say("redirects.title", &[])),
        here: address(kind, after),
        tabs: vec![
            tab("", "status.all"),
            tab("made", "redirects.made"),
            tab("automatic", "redirects.automatic"),
        ],
        query: words.to_owned(),
        kind: kind.to_owned(),
        rows: found.redirects.iter().map(|it| row(visit, it)).collect(),
        paging: Paging {
            first: if after.is_empty() { String::new() } else { address(kind, "") },
            next: found.next.map(|it| address(kind, &it)).unwrap_or_default(),
        },
        statuses: statuses(visit, form.status),
        draft: form,
        mistakes,
        is_part: visit.by_script,
    };
    answer::page_with(state, status, &page)
}

fn row(visit: &Visit, view: &RedirectView) -> RedirectRow {
    let redirect = &view.redirect;
    let is_gone = redirect.target == RedirectTarget::Gone;
    let nowhere = if is_gone { "redirects.gone" } else { "redirects.not_public" };
    RedirectRow {
        id: redirect.id.to_string(),
        url: format!("{URL}/{}", redirect.id),
        from: redirect.source.to_string(),
        to: view.leads_to.clone().unwrap_or_default(),
        nowhere: visit.say(nowhere, &[]),
        status: redirect.status.number(),
        follows_entry: matches!(redirect.target, RedirectTarget::Entry(_)),
        is_automatic: redirect.is_automatic,
        updated_at: redirect.updated_at.as_millis(),
    }
}

fn statuses(visit: &Visit, chosen: u16) -> Vec<ChoiceContext> {
    let choice = |it: RedirectStatus| ChoiceContext {
        value: it.number().to_string(),
        label: visit.say(&format!("redirects.status_{}", it.number()), &[]),
        selected: it.number() == chosen,
    };
    RedirectStatus::ALL.map(choice).to_vec()
}

fn page_of(
    state: &AppState,
    visit: &Visit,
    view: &RedirectView,
    (status, form, mistakes): Filled,
) -> Answer {
    let redirect = &view.redirect;
    let title = redirect.source.to_string();
    let crumb = visit.say("redirects.title", &[]);
    let page = RedirectFormPage {
        frame: visit.frame_below(state, title, &[(crumb.as_str(), URL)]),
        action: format!("{URL}/{}", redirect.id),
        follows_entry: matches!(redirect.target, RedirectTarget::Entry(_)),
        is_automatic: redirect.is_automatic,
        statuses: statuses(visit, form.status),
        draft: form,
        mistakes,
    };
    answer::page_with(state, status, &page)
}
