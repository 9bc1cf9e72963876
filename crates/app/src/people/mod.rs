//! People: how they prove who they are, for how long that holds, and who may say who may what.
//!
//! Whoever signs in gets a secret, of which the store keeps a hash. Answers do not tell whether somebody has an account:
//! the words are the same, and so is the work, a hash included.

mod attempts;
mod deeds;
mod error;
mod links;
mod mails;
mod manage;
mod names;
mod owner;
mod parts;
mod passkeys;
mod password;
mod providers;
mod reset;
mod secrets;
mod session;
mod sessions;
mod sign_in;
mod totp;

pub use error::PeopleError;
pub use links::{OWNER_PATH, PASSWORD_PATH};
pub use manage::{
    CreateUser, Invited, change_role, create_user, disable_user, enable_user, find_user,
    find_user_by_email, invite_again, list_users, rename_user, reset_second_factor,
};
pub use names::name_of;
pub use owner::{
    CreateOwner, accept_configured_secret, create_owner, owner_link_is_good, start_owner_link,
};
pub use parts::{Client, People, PeopleParts, PeopleSettings};
pub use passkeys::{
    AddPasskey, PASSKEY_ANSWER_LEN_MAX, PASSKEY_NAME_LEN_MAX, PasskeyQuestion, PasskeySignIn,
    add_passkey, begin_passkey, begin_passkey_sign_in, list_passkeys, passkeys_available,
    remove_passkey, remove_passkeys_of, rename_passkey, sign_in_with_passkey,
};
pub use password::{ChangePassword, change_password, prove_again};
pub use providers::{
    FinishProviderSignIn, ProviderVisit, begin_provider_sign_in, finish_provider_sign_in,
    list_providers, provider_return_url,
};
pub use reset::{
    PasswordLink, UsePasswordLink, ask_password_reset, find_password_link, start_password_reset,
    use_password_link,
};
pub use session::{FRESH_FOR, Session, SignedIn, forget_ended, session, sign_out};
pub use sessions::{
    ShownSession, list_sessions, revoke_other_sessions, revoke_session, revoke_sessions,
};
pub use sign_in::{SignIn, SignInOutcome, sign_in};
pub use totp::{
    FinishSignIn, RECOVERY_CODES, TotpConfirmed, TotpOffer, begin_totp, confirm_totp,
    finish_sign_in, remove_totp, renew_recovery_codes,
};
