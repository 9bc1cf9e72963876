//! People.

use async_trait::async_trait;
use rusqlite::{Connection, params};
use smartcms_app::ports::{
    Added, Changed, Credentials, NewUser, PasskeyRecord, StoreError, USERS_READ_MAX, UserChange,
    UserRecord, UserStore,
};
use smartcms_domain::Timestamp;
use smartcms_domain::actors::UserId;
use smartcms_domain::people::{EmailAddress, PersonName};

use super::super::SqliteStore;
use super::super::rows::{Columns, Damaged, Fault, all, first, run};
use super::super::writer::Refusal;
use super::{change, passkeys};

/// The columns that [`user`] reads, of `users u`.
macro_rules! user_columns {
    () => {
        "u.id, u.email, u.name, u.role, u.state, u.generation, u.created_at, u.signed_in_at, \
         u.password_hash IS NOT NULL, u.totp_secret IS NOT NULL, \
         (SELECT count(*) FROM recovery_codes r WHERE r.user = u.id), \
         (SELECT count(*) FROM passkeys p WHERE p.user = u.id)"
    };
}
pub(super) use user_columns;

macro_rules! select_users {
    ($rest:literal) => {
        concat!("SELECT ", user_columns!(), " FROM users u ", $rest)
    };
}

const ANY: &str = "SELECT EXISTS (SELECT 1 FROM users)";
const ADD: &str = "INSERT INTO users (id, email, name, role, state, generation, created_at, password_hash) \
    VALUES (?1, ?2, ?3, ?4, 'active', 0, ?5, ?6) ON CONFLICT (email) DO NOTHING";
const BY_ID: &str = select_users!("WHERE u.id = ?1");
const BY_EMAIL: &str = select_users!("WHERE u.email = ?1");
const LIST: &str = select_users!("WHERE u.email > ?1 ORDER BY u.email LIMIT ?2");
const CREDENTIALS: &str = "SELECT password_hash, totp_secret FROM users WHERE id = ?1";
const SIGNED_IN: &str = "UPDATE users SET signed_in_at = ?2 WHERE id = ?1";
const USE_STEP: &str = "UPDATE users SET totp_step = ?2 \
    WHERE id = ?1 AND totp_secret IS NOT NULL AND totp_step < ?2";
const USE_CODE: &str = "DELETE FROM recovery_codes WHERE user = ?1 AND hash = ?2";

#[async_trait]
impl UserStore for SqliteStore {
    async fn any_user(&self) -> Result<bool, StoreError> {
        let action = || "look for people".to_owned();
        let found = self.readers.read(action, |db| first(db, ANY, [], |mut row| row.next()))?;
        Ok(found.unwrap_or_default())
    }

    async fn add_user(&self, new: NewUser, only_first: bool) -> Result<Added, StoreError> {
        let action = format!("store person {}", new.id);
        let work = move |db: &Connection| {
            added(db, &new, only_first).map_err(Refusal::<StoreError>::Failed)
        };
        self.writer.write(action, work).await
    }

    async fn find_user(&self, id: UserId) -> Result<Option<UserRecord>, StoreError> {
        self.readers.read(|| format!("read person {id}"), |db| by_id(db, id))
    }

    async fn find_user_by_email(
        &self,
        email: &EmailAddress,
    ) -> Result<Option<UserRecord>, StoreError> {
        let action = || "read a person".to_owned();
        self.readers.read(action, |db| first(db, BY_EMAIL, [email.as_str()], user))
    }

    async fn list_users(
        &self,
        after: Option<&EmailAddress>,
        limit: u32,
    ) -> Result<Vec<UserRecord>, StoreError> {
        let after = after.map_or("", EmailAddress::as_str);
        let params = params![after, limit.min(USERS_READ_MAX)];
        self.readers.read(|| "list people".to_owned(), |db| all(db, LIST, params, user))
    }

    async fn credentials(&self, id: UserId) -> Result<Option<Credentials>, StoreError> {
        let read = |mut row: Columns<'_>| {
            Ok(Credentials { password_hash: row.next()?, totp_secret: row.next()? })
        };
        let action = || format!("read what person {id} proves themselves with");
        self.readers.read(action, |db| first(db, CREDENTIALS, [id.as_uuid().as_bytes()], read))
    }

    async fn change_user(&self, id: UserId, change: UserChange) -> Result<Changed, StoreError> {
        let action = format!("change person {id}");
        let work = move |db: &Connection| {
            change::changed(db, id, &change).map_err(Refusal::<StoreError>::Failed)
        };
        self.writer.write(action, work).await
    }

    async fn note_sign_in(&self, id: UserId, at: Timestamp) -> Result<(), StoreError> {
        let action = format!("remember when person {id} signed in");
        self.writer
            .write(action, move |db| -> Result<(), Refusal<StoreError>> {
                run(db, SIGNED_IN, params![id.as_uuid().as_bytes(), at.as_millis()])?;
                Ok(())
            })
            .await
    }

    async fn use_totp_step(&self, id: UserId, step: u64) -> Result<bool, StoreError> {
        let action = format!("use up a code of person {id}");
        self.writer
            .write(action, move |db| -> Result<bool, Refusal<StoreError>> {
                let step = super::super::rows::count(step)?;
                Ok(run(db, USE_STEP, params![id.as_uuid().as_bytes(), step])? == 1)
            })
            .await
    }

    async fn use_recovery_code(&self, id: UserId, hash: &[u8; 32]) -> Result<bool, StoreError> {
        let (action, hash) = (format!("use up a recovery code of person {id}"), *hash);
        self.writer
            .write(action, move |db| {
                Ok(run(db, USE_CODE, params![id.as_uuid().as_bytes(), hash])? == 1)
            })
            .await
    }

    async fn add_passkey(&self, passkey: PasskeyRecord) -> Result<bool, StoreError> {
        passkeys::add(self, passkey).await
    }

    async fn passkeys_of(&self, user: UserId) -> Result<Vec<PasskeyRecord>, StoreError> {
        passkeys::of(self, user)
    }

    async fn find_passkey(&self, id: &[u8]) -> Result<Option<PasskeyRecord>, StoreError> {
        passkeys::find(self, id)
    }

    async fn use_passkey(
        &self,
        id: &[u8],
        credential: String,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        passkeys::used(self, id.to_vec(), credential, at).await
    }

    async fn rename_passkey(
        &self,
        user: UserId,
        id: &[u8],
        name: String,
    ) -> Result<bool, StoreError> {
        passkeys::rename(self, user, id.to_vec(), name).await
    }

    async fn remove_passkey(&self, user: UserId, id: &[u8]) -> Result<bool, StoreError> {
        passkeys::remove(self, user, id.to_vec()).await
    }

    async fn find_identity(
        &self,
        issuer: &str,
        subject: &str,
    ) -> Result<Option<UserId>, StoreError> {
        passkeys::identity(self, issuer, subject)
    }

    async fn add_identity(
        &self,
        user: UserId,
        issuer: &str,
        subject: &str,
    ) -> Result<bool, StoreError> {
        passkeys::add_identity(self, user, issuer.to_owned(), subject.to_owned()).await
    }
}

fn added(db: &Connection, new: &NewUser, only_first: bool) -> Result<Added, Fault> {
    let any = first(db, ANY, [], |mut row| row.next::<bool>())?;
    if only_first && any == Some(true) {
        return Ok(Added::NotFirst);
    }
    let params = params![
        new.id.as_uuid().as_bytes(),
        new.email.as_str(),
        new.name.as_str(),
        new.role.as_str(),
        new.created_at.as_millis(),
        new.password_hash,
    ];
    Ok(if run(db, ADD, params)? == 1 { Added::Done } else { Added::EmailTaken })
}

pub(super) fn by_id(db: &Connection, id: UserId) -> Result<Option<UserRecord>, Fault> {
    first(db, BY_ID, [id.as_uuid().as_bytes()], user)
}

fn user(mut row: Columns<'_>) -> Result<UserRecord, Fault> {
    user_next(&mut row)
}

/// A person from the next columns.
pub(super) fn user_next(row: &mut Columns<'_>) -> Result<UserRecord, Fault> {
    let id = UserId::new(row.uuid()?);
    user_with(id, row).map_err(|source| Damaged { what: format!("person {id}"), source }.into())
}

fn user_with(id: UserId, row: &mut Columns<'_>) -> Result<UserRecord, Fault> {
    Ok(UserRecord {
        id,
        email: row.parse(EmailAddress::parse)?,
        name: row.parse(PersonName::parse)?,
        role: row.named()?,
        state: row.named()?,
        generation: row.count()?,
        created_at: row.time()?,
        signed_in_at: row.maybe_time()?,
        has_password: row.next()?,
        has_totp: row.next()?,
        recovery_codes: row.next()?,
        passkeys: row.next()?,
    })
}
