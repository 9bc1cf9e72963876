//! People who sign in: what they are called, and what a password has to be.

mod email;
mod name;
mod password;
mod secret;
mod state;

pub use email::{EMAIL_LEN_MAX, EmailAddress, EmailError};
pub use name::{NameError, PERSON_NAME_LEN_MAX, PersonName};
pub use password::{
    NewPassword, PASSWORD_BYTES_MAX, PASSWORD_CHARS_MIN, PasswordAttempt, PasswordProblem,
};
pub use secret::SecretText;
pub use state::{UnknownUserState, UserState};
