//! Codes that change with the time (TOTP, RFC 6238), and recovery codes for who has lost what makes them.

use std::time::Duration;

use smartcms_domain::Timestamp;
use smartcms_domain::people::SecretText;
use totp_rs::{Builder, Secret, Totp, TotpError};

use super::deeds::{note_own, operation_of};
use super::links::put_ticket;
use super::password::change_and_go_on;
use super::secrets::hash_of;
use super::session::{Session, SignedIn, begin};
use super::{Client, PeopleError};
use crate::App;
use crate::ports::{TicketKind, UserChange, UserRecord};
use smartcms_domain::people::UserState;

/// How many recovery codes somebody gets.
pub const RECOVERY_CODES: usize = 10;

/// The length that RFC 4226 recommends.
const SECRET_LEN: usize = 20;
const ENROLMENT_LIFETIME: Duration = Duration::from_secs(15 * 60);
const ENROLMENT_TRIES: u32 = 10;
/// Letters and digits of recovery codes: none of those that look like others.
const CODE_LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
/// The longest code that is looked at, in bytes.
const CODE_LEN_MAX: usize = 64;

/// A TOTP to be taken over.
#[derive(Debug, Clone)]
pub struct TotpOffer {
    /// What goes on with it: see [`confirm_totp`].
    pub ticket: SecretText,
    /// The secret, to be typed.
    pub secret: SecretText,
    /// The same as an `otpauth:` address, to be shown as a picture.
    pub address: SecretText,
}

/// A TOTP that was taken over.
#[derive(Debug, Clone)]
pub struct TotpConfirmed {
    /// The person goes on in a new session.
    pub signed_in: SignedIn,
    /// Each lets in once without what makes the codes; shown once.
    pub recovery_codes: Vec<SecretText>,
}

/// Going on after the password was right.
#[derive(Debug, Clone)]
pub struct FinishSignIn {
    /// What [`super::sign_in`] answered.
    pub ticket: String,
    /// The code: one of the moment, or a recovery code.
    pub code: String,
    /// Who tries it.
    pub client: Client,
}

/// Offers a TOTP to the session's person. Nothing has changed until [`confirm_totp`].
pub async fn begin_totp(app: &App, session: &Session) -> Result<TotpOffer, PeopleError> {
    session.require_fresh(app)?;
    let bytes: Vec<u8> = app.randomness.secret().into_iter().take(SECRET_LEN).collect();
    let totp = totp_of(app, &session.user, bytes).map_err(unusable)?;
    let secret = totp.secret().to_base32();
    let address = totp.to_url().map_err(unusable)?;
    let (kind, user) = (TicketKind::TotpEnrolment, Some(session.user.id));
    let ticket =
        put_ticket(app, kind, user, secret.clone(), ENROLMENT_LIFETIME, ENROLMENT_TRIES).await?;
    Ok(TotpOffer { ticket, secret: SecretText::new(secret), address: SecretText::new(address) })
}

/// Takes a TOTP over that makes the right code. From then on the password alone lets nobody in, and every other session
/// has ended.
pub async fn confirm_totp(
    app: &App,
    session: &Session,
    ticket: &str,
    code: &str,
    client: &Client,
) -> Result<TotpConfirmed, PeopleError> {
    session.require_fresh(app)?;
    let (people, now, kind) = (&app.people, app.clock.now(), TicketKind::TotpEnrolment);
    let hash = hash_of(ticket).ok_or(PeopleError::LinkNotGood)?;
    let found = people.tickets.try_ticket(&hash, kind, now).await?;
    let found = found.filter(|it| it.user == Some(session.user.id));
    let offered = found.ok_or(PeopleError::LinkNotGood)?.data;
    let secret = Secret::try_from_base32(&offered).map_err(|_| PeopleError::LinkNotGood)?;
    let secret = secret.as_bytes().to_vec();
    let step =
        step_of(app, &session.user, secret.clone(), code, now).ok_or(PeopleError::Refused)?;
    people.tickets.take_ticket(&hash, kind, now).await?.ok_or(PeopleError::LinkNotGood)?;
    let (codes, recovery_codes) = new_codes(app);
    let change = UserChange::Totp { secret, step, recovery_codes };
    let signed_in = change_and_go_on(app, session, change, client).await?;
    Ok(TotpConfirmed { signed_in, recovery_codes: codes })
}

/// Takes the TOTP of the session's person away.
pub async fn remove_totp(
    app: &App,
    session: &Session,
    client: &Client,
) -> Result<SignedIn, PeopleError> {
    session.require_fresh(app)?;
    change_and_go_on(app, session, UserChange::NoTotp, client).await
}

/// Gives the session's person other recovery codes; those of before are good for nothing.
pub async fn renew_recovery_codes(
    app: &App,
    session: &Session,
    client: &Client,
) -> Result<Vec<SecretText>, PeopleError> {
    session.require_fresh(app)?;
    if !session.user.has_totp {
        return Err(PeopleError::field("code", "no-totp", "there are no codes to recover from"));
    }
    let (codes, hashes) = new_codes(app);
    let change = UserChange::RecoveryCodes(hashes);
    let operation = operation_of(&change);
    app.people.users.change_user(session.user.id, change).await?;
    note_own(app, &session.user, client, operation).await;
    Ok(codes)
}

/// Lets somebody in whose password was right and whose code is. A code is used once, whichever of the two kinds it is.
pub async fn finish_sign_in(app: &App, command: FinishSignIn) -> Result<SignedIn, PeopleError> {
    let (people, now, kind) = (&app.people, app.clock.now(), TicketKind::SecondFactor);
    people.attempts.count_client(&command.client)?;
    let hash = hash_of(&command.ticket).ok_or(PeopleError::LinkNotGood)?;
    let ticket = people.tickets.try_ticket(&hash, kind, now).await?;
    let id = ticket.and_then(|it| it.user).ok_or(PeopleError::LinkNotGood)?;
    people.attempts.count_code(&id.to_string())?;
    let user = people.users.find_user(id).await?.filter(|it| it.state == UserState::Active);
    let user = user.ok_or(PeopleError::LinkNotGood)?;
    if !use_code(app, &user, &command.code, now).await? {
        return Err(PeopleError::Refused);
    }
    people.tickets.take_ticket(&hash, kind, now).await?.ok_or(PeopleError::LinkNotGood)?;
    begin(app, user, &command.client).await
}

async fn use_code(
    app: &App,
    user: &UserRecord,
    code: &str,
    now: Timestamp,
) -> Result<bool, PeopleError> {
    let users = &app.people.users;
    let code = plain(code);
    let known = users.credentials(user.id).await?.and_then(|it| it.totp_secret);
    let Some(secret) = known else { return Ok(false) };
    if let Some(step) = step_of(app, user, secret, &code, now) {
        return Ok(users.use_totp_step(user.id, step).await?);
    }
    Ok(users.use_recovery_code(user.id, blake3::hash(code.as_bytes()).as_bytes()).await?)
}

/// The time step whose code this is, of those around now.
fn step_of(
    app: &App,
    user: &UserRecord,
    secret: Vec<u8>,
    code: &str,
    now: Timestamp,
) -> Option<u64> {
    let seconds = u64::try_from(now.as_millis()).ok()? / 1_000;
    totp_of(app, user, secret).ok()?.check(&plain(code), seconds)
}

fn totp_of(app: &App, user: &UserRecord, secret: Vec<u8>) -> Result<Totp, TotpError> {
    // A colon divides the issuer from the account.
    let issuer = app.site.title.replace(':', " ");
    let builder = Builder::new().with_secret(secret).with_issuer(Some(issuer));
    builder.with_account_name(user.email.as_str()).build()
}

fn unusable(error: TotpError) -> PeopleError {
    PeopleError::field("code", "totp", error.to_string())
}

/// New recovery codes and their hashes. They have 80 random bits each, so a slow hash would protect nothing more.
fn new_codes(app: &App) -> (Vec<SecretText>, Vec<[u8; 32]>) {
    let codes: Vec<String> = (0..RECOVERY_CODES).map(|_| new_code(app)).collect();
    let hashes = codes.iter().map(|it| *blake3::hash(plain(it).as_bytes()).as_bytes()).collect();
    (codes.into_iter().map(SecretText::new).collect(), hashes)
}

fn new_code(app: &App) -> String {
    let letter =
        |byte: u8| CODE_LETTERS.get(usize::from(byte & 31)).copied().map_or('a', char::from);
    let letters: Vec<char> = app.randomness.secret().into_iter().take(16).map(letter).collect();
    let groups: Vec<String> = letters.chunks(4).map(|it| it.iter().collect()).collect();
    groups.join("-")
}

/// A code without what people put between its letters.
fn plain(code: &str) -> String {
    let known = code.chars().take(CODE_LEN_MAX).filter(char::is_ascii_alphanumeric);
    known.map(|it| it.to_ascii_lowercase()).collect()
}
