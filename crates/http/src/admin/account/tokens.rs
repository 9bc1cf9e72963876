//! `/admin/account/tokens`: a person's own tokens.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use smartcms_app::people::Session;
use smartcms_app::ports::TokenRecord;
use smartcms_app::roles::{RoleError, list_givable_roles, list_roles};
use smartcms_app::tokens::{CreateToken, TokenError, create_token, list_tokens, revoke_token};
use smartcms_domain::Timestamp;
use smartcms_domain::actors::{AssetPermission, Permission, RoleName, Scope};
use smartcms_pages::admin::{
    ChoiceContext, Mistake, NewTokenPage, ScopeBox, ScopeRow, TokenMadePage, TokensPage,
};

use super::{TOKENS_PATH, tabs};
use crate::admin::answer::{self, Answer};
use crate::admin::failure::AdminError;
use crate::admin::form::Form;
use crate::admin::people_words::{mistake, role_choices};
use crate::admin::person::Person;
use crate::admin::tokens::row;
use crate::admin::visit::Visit;
use crate::session::CurrentSession;
use crate::state::AppState;

const DAY_MILLIS: i64 = 24 * 60 * 60 * 1_000;
/// After how many days a token may end; the second is what is proposed.
const ENDS_DAYS: [&str; 4] = ["7", "30", "90", "365"];
const PROPOSED_END: &str = "30";

/// Shows them.
pub(super) async fn show(
    State(state): State<AppState>,
    visit: Visit,
    CurrentSession(session): CurrentSession,
    person: Person,
) -> Answer {
    let ctx = person.context(&state.app);
    let (tokens, roles) = (list_tokens(&ctx).await?, list_roles(&ctx).await?);
    let own = tokens.iter().filter(|it| it.made_by == Some(session.user.id));
    let now = state.app.clock.now();
    let page = TokensPage {
        frame: visit.frame(&state, visit.say("nav.account", &[])),
        tabs: tabs(&visit, TOKENS_PATH),
        url: TOKENS_PATH,
        is_of_all: false,
        rows: own.map(|it: &TokenRecord| row(&visit, &roles, it, String::new(), now)).collect(),
    };
    answer::page(&state, &page)
}

/// Takes one away.
pub(super) async fn revoke(
    State(state): State<AppState>,
    visit: Visit,
    person: Person,
    form: Form,
) -> Result<Response, AdminError> {
    let ("revoke", name) = form.action() else { return Err(AdminError::NotFound) };
    revoke_token(&person.context(&state.app), name).await?;
    Ok(visit.done(&state, TOKENS_PATH, "tokens.revoked"))
}

/// A form for a new one.
pub(super) async fn new(
    State(state): State<AppState>,
    visit: Visit,
    CurrentSession(session): CurrentSession,
    person: Person,
) -> Answer {
    let page = form_page(&state, &visit, &person, &session, &Form::default(), Vec::new()).await?;
    answer::page(&state, &page)
}

/// Makes one, and shows its secret this once.
pub(super) async fn make(
    State(state): State<AppState>,
    visit: Visit,
    CurrentSession(session): CurrentSession,
    person: Person,
    form: Form,
) -> Answer {
    let name = form.get("name").trim().to_owned();
    let error = match command(&state, &form, name.clone()) {
        Ok(command) => match create_token(&person.context(&state.app), command).await {
            Ok(secret) => return made(&state, &visit, name, secret),
            Err(error) => error,
        },
        Err(error) => error,
    };
    let (status, mistakes) = mistakes_of(&visit, error)?;
    let page = form_page(&state, &visit, &person, &session, &form, mistakes).await?;
    answer::page_with(&state, status, &page)
}

fn made(state: &AppState, visit: &Visit, name: String, secret: String) -> Answer {
    let (title, above) = (visit.say("tokens.made_title", &[]), visit.say("tokens.title", &[]));
    let page = TokenMadePage {
        frame: visit.frame_below(state, title, &[(&above, TOKENS_PATH)]),
        name,
        secret,
        example_url: format!("{}/api/v1/collections", state.app.site.base_url),
    };
    answer::page(state, &page)
}

fn command(state: &AppState, form: &Form, name: String) -> Result<CreateToken, TokenError> {
    let role = form.get("role");
    let role = RoleName::parse(role).map_err(|_| TokenError::UnknownRole(role.to_owned()))?;
    let scopes = match form.get("scoped") {
        "" => None,
        _ => Some(form.all("scope").filter_map(|it| it.parse().ok()).collect::<Vec<Scope>>()),
    };
    let end = |days: i64| {
        let at = state.app.clock.now().as_millis().saturating_add(days.saturating_mul(DAY_MILLIS));
        Timestamp::from_millis(at).ok()
    };
    let expires_at = form.get("ends").parse().ok().and_then(end);
    Ok(CreateToken { name, role, scopes, expires_at })
}

fn mistakes_of(visit: &Visit, error: TokenError) -> Result<(StatusCode, Vec<Mistake>), AdminError> {
    let (status, input, key) = match error {
        TokenError::NameTaken(_) => (StatusCode::CONFLICT, "name", "tokens.taken"),
        TokenError::BadName(_) => (StatusCode::UNPROCESSABLE_ENTITY, "name", "tokens.bad_name"),
        TokenError::BadScopes(_) => {
            (StatusCode::UNPROCESSABLE_ENTITY, "scoped", "tokens.bad_scopes")
        }
        TokenError::TooMany => (StatusCode::CONFLICT, "", "tokens.too_many"),
        TokenError::Role(RoleError::Beyond { .. }) | TokenError::UnknownRole(_) => {
            (StatusCode::FORBIDDEN, "role", "users.role_beyond")
        }
        other => return Err(AdminError::Token(other)),
    };
    Ok((status, vec![mistake(visit, input, visit.say(key, &[]))]))
}

async fn form_page(
    state: &AppState,
    visit: &Visit,
    person: &Person,
    session: &Session,
    form: &Form,
    mistakes: Vec<Mistake>,
) -> Result<NewTokenPage, AdminError> {
    let roles = list_givable_roles(&person.context(&state.app)).await?;
    let chosen = if form.has("role") { form.get("role") } else { session.role.name() };
    let above = visit.say("tokens.title", &[]);
    let title = visit.say("tokens.new", &[]);
    let is_chosen = |value: &str| form.all("scope").any(|it| it == value);
    let all = state.app.collections.all();
    let named = all.iter().map(|it| (it.label.clone(), Some(it.name.as_str())));
    let rows = [(String::new(), None)].into_iter().chain(named);
    Ok(NewTokenPage {
        frame: visit.frame_below(state, title, &[(&above, TOKENS_PATH)]),
        tabs: tabs(visit, TOKENS_PATH),
        name: form.get("name").to_owned(),
        roles: role_choices(visit, &roles, chosen),
        ends: ends(visit, form),
        is_scoped: !form.get("scoped").is_empty(),
        permissions: ["all"].into_iter().chain(Permission::ALL.map(Permission::name)).collect(),
        collections: rows.map(|(label, name)| scope_row(label, name, &is_chosen)).collect(),
        assets: asset_boxes(&is_chosen),
        site: ["arrange", "manage"].map(|it| site_box(it, &is_chosen)).to_vec(),
        mistakes,
    })
}

fn ends(visit: &Visit, form: &Form) -> Vec<ChoiceContext> {
    let chosen = if form.has("ends") { form.get("ends") } else { PROPOSED_END };
    let after = ENDS_DAYS.map(|it| (it, visit.say("tokens.days", &[("n", it)])));
    let never = [("", visit.say("tokens.never", &[]))];
    let choice = |(value, label): (&str, String)| ChoiceContext {
        value: value.to_owned(),
        label,
        selected: value == chosen,
    };
    after.into_iter().chain(never).map(choice).collect()
}

fn scope_row(label: String, name: Option<&str>, is_chosen: &dyn Fn(&str) -> bool) -> ScopeRow {
    let place = name.map(|it| format!("={it}")).unwrap_or_default();
    let one = |operation: &str, text: &str| {
        let value = format!("content:{operation}{place}");
        ScopeBox { checked: is_chosen(&value), value, text: format!("permission.{text}") }
    };
    let each = Permission::ALL.map(|it| one(it.name(), it.name()));
    ScopeRow { label, boxes: [one("*", "all")].into_iter().chain(each).collect() }
}

fn asset_boxes(is_chosen: &dyn Fn(&str) -> bool) -> Vec<ScopeBox> {
    let one = |operation: &str, text: &str| {
        let value = format!("assets:{operation}");
        ScopeBox { checked: is_chosen(&value), value, text: format!("asset.{text}") }
    };
    let each = AssetPermission::ALL.map(|it| one(it.name(), it.name()));
    [one("*", "all")].into_iter().chain(each).collect()
}

fn site_box(right: &str, is_chosen: &dyn Fn(&str) -> bool) -> ScopeBox {
    let value = format!("site:{right}");
    ScopeBox { checked: is_chosen(&value), value, text: format!("site_right.{right}") }
}
