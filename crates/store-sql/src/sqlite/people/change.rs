//! Changes of people, with the end of their sessions in the same transaction.

use rusqlite::{Connection, params};
use smartcms_app::ports::{Changed, UserChange};
use smartcms_domain::actors::{Rank, UserId};
use smartcms_domain::people::UserState;

use super::super::rows::{Fault, count, first, run};
use super::users::by_id;

const OTHER_OWNER: &str = "SELECT EXISTS \
    (SELECT 1 FROM users WHERE role = 'owner' AND state = 'active' AND id <> ?1)";
const EMAIL_OF_OTHER: &str = "SELECT EXISTS (SELECT 1 FROM users WHERE email = ?2 AND id <> ?1)";
const NAME: &str = "UPDATE users SET name = ?2 WHERE id = ?1";
const EMAIL: &str = "UPDATE users SET email = ?2 WHERE id = ?1";
const ROLE: &str = "UPDATE users SET role = ?2 WHERE id = ?1";
const STATE: &str = "UPDATE users SET state = ?2 WHERE id = ?1";
const PASSWORD: &str = "UPDATE users SET password_hash = ?2 WHERE id = ?1";
const REHASH: &str = "UPDATE users SET password_hash = ?3 WHERE id = ?1 AND password_hash = ?2";
const TOTP: &str = "UPDATE users SET totp_secret = ?2, totp_step = ?3 WHERE id = ?1";
const NO_TOTP: &str = "UPDATE users SET totp_secret = NULL WHERE id = ?1";
const NO_CODES: &str = "DELETE FROM recovery_codes WHERE user = ?1";
const ADD_CODE: &str = "INSERT OR IGNORE INTO recovery_codes (user, hash) VALUES (?1, ?2)";
const NEXT_GENERATION: &str = "UPDATE users SET generation = generation + 1 WHERE id = ?1";
const END_SESSIONS: &str = "DELETE FROM sessions WHERE user = ?1";
const END_TICKETS: &str = "DELETE FROM tickets WHERE user = ?1";

pub(super) fn changed(db: &Connection, id: UserId, change: &UserChange) -> Result<Changed, Fault> {
    let Some(user) = by_id(db, id)? else { return Ok(Changed::Unknown) };
    let owns = user.role.built_in() == Some(Rank::Owner) && user.state == UserState::Active;
    if owns && loses_owner(change) && !holds(db, OTHER_OWNER, params![id.as_uuid().as_bytes()])? {
        return Ok(Changed::LastOwner);
    }
    if let UserChange::Email(email) = change
        && holds(db, EMAIL_OF_OTHER, params![id.as_uuid().as_bytes(), email.as_str()])?
    {
        return Ok(Changed::EmailTaken);
    }
    apply(db, id, change)?;
    if change.ends_sessions() {
        for statement in [NEXT_GENERATION, END_SESSIONS, END_TICKETS] {
            run(db, statement, [id.as_uuid().as_bytes()])?;
        }
    }
    Ok(by_id(db, id)?.map_or(Changed::Unknown, |it| Changed::Done(Box::new(it))))
}

fn loses_owner(change: &UserChange) -> bool {
    match change {
        UserChange::Role(role) => role.built_in() != Some(Rank::Owner),
        UserChange::State(state) => *state != UserState::Active,
        _ => false,
    }
}

fn apply(db: &Connection, id: UserId, change: &UserChange) -> Result<(), Fault> {
    let id = id.as_uuid().as_bytes();
    match change {
        UserChange::Name(name) => run(db, NAME, params![id, name.as_str()])?,
        UserChange::Email(email) => run(db, EMAIL, params![id, email.as_str()])?,
        UserChange::Role(role) => run(db, ROLE, params![id, role.as_str()])?,
        UserChange::State(state) => run(db, STATE, params![id, state.name()])?,
        UserChange::Password(hash) => run(db, PASSWORD, params![id, hash])?,
        UserChange::Rehashed { from, to } => run(db, REHASH, params![id, from, to])?,
        UserChange::Totp { secret, step, recovery_codes } => {
            run(db, TOTP, params![id, secret, count(*step)?])?;
            replace_codes(db, id, recovery_codes)?
        }
        UserChange::RecoveryCodes(codes) => replace_codes(db, id, codes)?,
        UserChange::NoTotp => {
            run(db, NO_TOTP, [id])?;
            run(db, NO_CODES, [id])?
        }
    };
    Ok(())
}

fn replace_codes(db: &Connection, id: &[u8; 16], codes: &[[u8; 32]]) -> rusqlite::Result<usize> {
    let mut rows = run(db, NO_CODES, [id])?;
    for code in codes {
        rows += run(db, ADD_CODE, params![id, code])?;
    }
    Ok(rows)
}

fn holds(db: &Connection, sql: &str, params: impl rusqlite::Params) -> Result<bool, Fault> {
    Ok(first(db, sql, params, |mut row| row.next())?.unwrap_or_default())
}
