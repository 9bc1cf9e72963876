//! People, their sessions and what is good once, in memory.

mod sessions;
mod tickets;

use std::collections::BTreeMap;

use async_trait::async_trait;
use smartcms_app::ports::{
    Added, Changed, Credentials, NewUser, PASSKEYS_MAX, PasskeyRecord, SessionRecord, StoreError,
    Ticket, UserChange, UserRecord, UserStore,
};
use smartcms_domain::Timestamp;
use smartcms_domain::actors::{Rank, RoleName, UserId};
use smartcms_domain::people::{EmailAddress, UserState};

use super::MemoryStore;

/// People and what belongs to them.
#[derive(Debug, Clone, Default)]
pub(super) struct People {
    users: BTreeMap<UserId, User>,
    passkeys: Vec<PasskeyRecord>,
    identities: BTreeMap<(String, String), UserId>,
    sessions: Vec<SessionRecord>,
    tickets: Vec<Ticket>,
}

#[derive(Debug, Clone)]
struct User {
    record: UserRecord,
    password_hash: Option<String>,
    totp_secret: Option<Vec<u8>>,
    totp_step: u64,
    recovery_codes: Vec<[u8; 32]>,
}

impl People {
    fn record(&self, user: &User) -> UserRecord {
        let passkeys = self.passkeys.iter().filter(|it| it.user == user.record.id).count();
        UserRecord {
            has_password: user.password_hash.is_some(),
            has_totp: user.totp_secret.is_some(),
            recovery_codes: u32::try_from(user.recovery_codes.len()).unwrap(),
            passkeys: u32::try_from(passkeys).unwrap(),
            ..user.record.clone()
        }
    }

    /// How many have a role.
    pub(super) fn with_role(&self, name: &RoleName) -> u64 {
        self.users.values().filter(|it| it.record.role == *name).count() as u64
    }

    fn find(&self, id: UserId) -> Option<UserRecord> {
        self.users.get(&id).map(|it| self.record(it))
    }

    fn by_email(&self, email: &EmailAddress) -> Option<&User> {
        self.users.values().find(|it| it.record.email == *email)
    }

    fn is_last_owner(&self, id: UserId) -> bool {
        let owns = |it: &&User| {
            it.record.role.built_in() == Some(Rank::Owner) && it.record.state == UserState::Active
        };
        let owners: Vec<_> = self.users.values().filter(owns).map(|it| it.record.id).collect();
        owners == [id]
    }

    fn change(&mut self, id: UserId, change: UserChange) -> Changed {
        if !self.users.contains_key(&id) {
            return Changed::Unknown;
        }
        let loses = match &change {
            UserChange::Role(role) => role.built_in() != Some(Rank::Owner),
            UserChange::State(state) => *state != UserState::Active,
            _ => false,
        };
        if loses && self.is_last_owner(id) {
            return Changed::LastOwner;
        }
        if let UserChange::Email(email) = &change
            && self.by_email(email).is_some_and(|it| it.record.id != id)
        {
            return Changed::EmailTaken;
        }
        if change.ends_sessions() {
            self.sessions.retain(|it| it.user != id);
            self.tickets.retain(|it| it.user != Some(id));
        }
        let user = self.users.get_mut(&id).unwrap();
        user.record.generation += u64::from(change.ends_sessions());
        apply(user, change);
        Changed::Done(Box::new(self.find(id).unwrap()))
    }
}

fn apply(user: &mut User, change: UserChange) {
    match change {
        UserChange::Name(name) => user.record.name = name,
        UserChange::Email(email) => user.record.email = email,
        UserChange::Role(role) => user.record.role = role,
        UserChange::State(state) => user.record.state = state,
        UserChange::Password(hash) => user.password_hash = Some(hash),
        UserChange::Rehashed { from, to } => {
            if user.password_hash == Some(from) {
                user.password_hash = Some(to);
            }
        }
        UserChange::Totp { secret, step, recovery_codes } => {
            user.totp_secret = Some(secret);
            user.totp_step = step;
            user.recovery_codes = recovery_codes;
        }
        UserChange::RecoveryCodes(codes) => user.recovery_codes = codes,
        UserChange::NoTotp => {
            user.totp_secret = None;
            user.recovery_codes.clear();
        }
    }
}

#[async_trait]
impl UserStore for MemoryStore {
    async fn any_user(&self) -> Result<bool, StoreError> {
        Ok(!self.lock().people.users.is_empty())
    }

    async fn add_user(&self, new: NewUser, only_first: bool) -> Result<Added, StoreError> {
        let people = &mut self.lock().people;
        if only_first && !people.users.is_empty() {
            return Ok(Added::NotFirst);
        }
        if people.by_email(&new.email).is_some() {
            return Ok(Added::EmailTaken);
        }
        let record = UserRecord {
            id: new.id,
            email: new.email,
            name: new.name,
            role: new.role,
            state: UserState::Active,
            generation: 0,
            created_at: new.created_at,
            signed_in_at: None,
            has_password: false,
            has_totp: false,
            recovery_codes: 0,
            passkeys: 0,
        };
        let user = User {
            record,
            password_hash: new.password_hash,
            totp_secret: None,
            totp_step: 0,
            recovery_codes: Vec::new(),
        };
        people.users.insert(new.id, user);
        Ok(Added::Done)
    }

    async fn find_user(&self, id: UserId) -> Result<Option<UserRecord>, StoreError> {
        Ok(self.lock().people.find(id))
    }

    async fn find_user_by_email(
        &self,
        email: &EmailAddress,
    ) -> Result<Option<UserRecord>, StoreError> {
        let people = &self.lock().people;
        Ok(people.by_email(email).map(|it| people.record(it)))
    }

    async fn list_users(
        &self,
        after: Option<&EmailAddress>,
        limit: u32,
    ) -> Result<Vec<UserRecord>, StoreError> {
        let people = &self.lock().people;
        let mut found: Vec<_> = people.users.values().map(|it| people.record(it)).collect();
        found.sort_by(|a, b| a.email.cmp(&b.email));
        found.retain(|it| after.is_none_or(|after| it.email > *after));
        found.truncate(limit as usize);
        Ok(found)
    }

    async fn credentials(&self, id: UserId) -> Result<Option<Credentials>, StoreError> {
        let people = &self.lock().people;
        Ok(people.users.get(&id).map(|it| Credentials {
            password_hash: it.password_hash.clone(),
            totp_secret: it.totp_secret.clone(),
        }))
    }

    async fn change_user(&self, id: UserId, change: UserChange) -> Result<Changed, StoreError> {
        Ok(self.lock().people.change(id, change))
    }

    async fn note_sign_in(&self, id: UserId, at: Timestamp) -> Result<(), StoreError> {
        if let Some(user) = self.lock().people.users.get_mut(&id) {
            user.record.signed_in_at = Some(at);
        }
        Ok(())
    }

    async fn use_totp_step(&self, id: UserId, step: u64) -> Result<bool, StoreError> {
        let people = &mut self.lock().people;
        let user = people.users.get_mut(&id).filter(|it| it.totp_secret.is_some());
        let user = user.filter(|it| it.totp_step < step);
        Ok(user.map(|it| it.totp_step = step).is_some())
    }

    async fn use_recovery_code(&self, id: UserId, hash: &[u8; 32]) -> Result<bool, StoreError> {
        let people = &mut self.lock().people;
        let Some(user) = people.users.get_mut(&id) else { return Ok(false) };
        let before = user.recovery_codes.len();
        user.recovery_codes.retain(|it| it != hash);
        Ok(user.recovery_codes.len() < before)
    }

    async fn add_passkey(&self, passkey: PasskeyRecord) -> Result<bool, StoreError> {
        let people = &mut self.lock().people;
        let known = people.passkeys.iter().any(|it| it.id == passkey.id);
        let own = people.passkeys.iter().filter(|it| it.user == passkey.user).count();
        let added =
            !known && own < PASSKEYS_MAX as usize && people.users.contains_key(&passkey.user);
        if added {
            people.passkeys.push(passkey);
        }
        Ok(added)
    }

    async fn passkeys_of(&self, user: UserId) -> Result<Vec<PasskeyRecord>, StoreError> {
        let people = &self.lock().people;
        Ok(people.passkeys.iter().filter(|it| it.user == user).cloned().collect())
    }

    async fn find_passkey(&self, id: &[u8]) -> Result<Option<PasskeyRecord>, StoreError> {
        Ok(self.lock().people.passkeys.iter().find(|it| it.id == id).cloned())
    }

    async fn use_passkey(
        &self,
        id: &[u8],
        credential: String,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let people = &mut self.lock().people;
        if let Some(passkey) = people.passkeys.iter_mut().find(|it| it.id == id) {
            passkey.credential = credential;
            passkey.used_at = Some(at);
        }
        Ok(())
    }

    async fn rename_passkey(
        &self,
        user: UserId,
        id: &[u8],
        name: String,
    ) -> Result<bool, StoreError> {
        let people = &mut self.lock().people;
        let found = people.passkeys.iter_mut().find(|it| it.user == user && it.id == id);
        Ok(found.map(|it| it.name = name).is_some())
    }

    async fn remove_passkey(&self, user: UserId, id: &[u8]) -> Result<bool, StoreError> {
        let people = &mut self.lock().people;
        let before = people.passkeys.len();
        people.passkeys.retain(|it| it.user != user || it.id != id);
        Ok(people.passkeys.len() < before)
    }

    async fn find_identity(
        &self,
        issuer: &str,
        subject: &str,
    ) -> Result<Option<UserId>, StoreError> {
        let key = (issuer.to_owned(), subject.to_owned());
        Ok(self.lock().people.identities.get(&key).copied())
    }

    async fn add_identity(
        &self,
        user: UserId,
        issuer: &str,
        subject: &str,
    ) -> Result<bool, StoreError> {
        let people = &mut self.lock().people;
        let key = (issuer.to_owned(), subject.to_owned());
        let is_new = !people.identities.contains_key(&key);
        people.identities.entry(key).or_insert(user);
        Ok(is_new)
    }
}

fn removed<T>(items: &mut Vec<T>, mut gone: impl FnMut(&T) -> bool) -> u64 {
    let before = items.len();
    items.retain(|it| !gone(it));
    u64::try_from(before - items.len()).unwrap()
}
