//! Who comes in, who does not, and for how long.

mod managing;
mod owner;
mod passwords;
mod sessions;
mod signing_in;
mod support;
mod totp;
