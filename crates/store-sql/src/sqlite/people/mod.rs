//! People, their sessions, and what is good once.

mod change;
mod passkeys;
mod sessions;
mod tickets;
mod users;
