//! `POST /admin/account/codes`: setting up codes of an app, and taking them away. What is shown once is the answer to the
//! form itself: it has no address to come back to.

use axum::extract::State;
use axum::http::StatusCode;
use smartcms_app::people::{
    Client, PeopleError, Session, SignedIn, begin_totp, confirm_totp, remove_totp,
    renew_recovery_codes, session,
};
use smartcms_domain::people::SecretText;
use smartcms_pages::admin::{Mistake, QrPicture, RecoveryCodesPage, TotpPage};

use super::{ACCOUNT_PATH, add_session, go_on, or_prove};
use crate::admin::answer::{self, Answer};
use crate::admin::failure::AdminError;
use crate::admin::form::Form;
use crate::admin::people_words::mistake;
use crate::admin::sign_in::By;
use crate::admin::visit::Visit;
use crate::session::CurrentSession;
use crate::state::AppState;

/// What the address of a secret begins with. A page links to no other.
const ADDRESS_BEGINS: &str = "otpauth://totp/";
/// How many letters of a secret stand together where somebody types it.
const GROUP_LEN: usize = 4;

/// Does what the button says.
pub(super) async fn act(
    State(state): State<AppState>,
    visit: Visit,
    CurrentSession(session): CurrentSession,
    By(client): By,
    form: Form,
) -> Answer {
    match form.action().0 {
        "begin" => begin(&state, &visit, &session).await,
        "confirm" => confirm(&state, &visit, &session, &client, &form).await,
        "renew" => match renew_recovery_codes(&state.app, &session, &client).await {
            Ok(codes) => answer::page(&state, &codes_page(&state, &visit, &codes, false)),
            Err(error) => or_prove(&state, &visit, error),
        },
        "remove" => match remove_totp(&state.app, &session, &client).await {
            Ok(signed_in) => Ok(go_on(&state, &visit, &signed_in, "totp.removed")),
            Err(error) => or_prove(&state, &visit, error),
        },
        _ => Err(AdminError::NotFound),
    }
}

async fn begin(state: &AppState, visit: &Visit, session: &Session) -> Answer {
    let offer = match begin_totp(&state.app, session).await {
        Ok(offer) => offer,
        Err(error) => return or_prove(state, visit, error),
    };
    let secret = in_groups(offer.secret.reveal());
    let shown = Shown { ticket: offer.ticket.reveal(), secret, address: offer.address.reveal() };
    answer::page(state, &shown.page(state, visit, Vec::new()))
}

async fn confirm(
    state: &AppState,
    visit: &Visit,
    session: &Session,
    client: &Client,
    form: &Form,
) -> Answer {
    let (ticket, code) = (form.get("ticket"), form.get("code").trim());
    match confirm_totp(&state.app, session, ticket, code, client).await {
        Ok(confirmed) => {
            let mut page = codes_page(state, visit, &confirmed.recovery_codes, true);
            // The forms of this page are sent in the session that has just begun.
            page.frame.csrf = form_token(state, &confirmed.signed_in).await?;
            let mut response = answer::page(state, &page)?;
            add_session(state, &confirmed.signed_in, &mut response);
            Ok(response)
        }
        Err(PeopleError::Refused) => {
            let mistakes = vec![mistake(visit, "code", visit.say("sign_in.code_wrong", &[]))];
            let address = form.get("address");
            let address = if address.starts_with(ADDRESS_BEGINS) { address } else { "" };
            let shown = Shown { ticket, secret: form.get("secret").to_owned(), address };
            let page = shown.page(state, visit, mistakes);
            answer::page_with(state, StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(error) => or_prove(state, visit, error),
    }
}

/// What is shown while codes are set up.
struct Shown<'a> {
    ticket: &'a str,
    secret: String,
    address: &'a str,
}

impl Shown<'_> {
    fn page(self, state: &AppState, visit: &Visit, mistakes: Vec<Mistake>) -> TotpPage {
        let (title, above) = (visit.say("totp.set_up", &[]), visit.say("nav.account", &[]));
        TotpPage {
            frame: visit.frame_below(state, title, &[(&above, ACCOUNT_PATH)]),
            ticket: self.ticket.to_owned(),
            secret: self.secret,
            picture: QrPicture::of(self.address),
            address: self.address.to_owned(),
            mistakes,
        }
    }
}

fn codes_page(
    state: &AppState,
    visit: &Visit,
    codes: &[SecretText],
    is_new: bool,
) -> RecoveryCodesPage {
    let (title, above) = (visit.say("totp.codes_title", &[]), visit.say("nav.account", &[]));
    RecoveryCodesPage {
        frame: visit.frame_below(state, title, &[(&above, ACCOUNT_PATH)]),
        codes: codes.iter().map(|it| it.reveal().to_owned()).collect(),
        is_new,
    }
}

async fn form_token(state: &AppState, signed_in: &SignedIn) -> Result<String, AdminError> {
    let opened = session(&state.app, signed_in.secret.reveal()).await;
    let opened = opened.map_err(|error| AdminError::People(error.into()))?;
    Ok(opened.map(|it| it.form_token.reveal().to_owned()).unwrap_or_default())
}

fn in_groups(secret: &str) -> String {
    let letters: Vec<char> = secret.chars().collect();
    let groups: Vec<String> = letters.chunks(GROUP_LEN).map(|it| it.iter().collect()).collect();
    groups.join(" ")
}
