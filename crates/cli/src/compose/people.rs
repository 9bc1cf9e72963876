//! What signing in stands on.

use std::sync::Arc;

use smartcms_app::people::{People, PeopleParts, PeopleSettings};
use smartcms_app::ports::NoMailer;
use smartcms_identity::{Argon2Hasher, HashSettings};
use smartcms_store_sql::SqliteStore;

use crate::world::SystemClock;

pub(super) fn people(store: &Arc<SqliteStore>) -> People {
    let parts = PeopleParts {
        users: Arc::clone(store) as _,
        sessions: Arc::clone(store) as _,
        tickets: Arc::clone(store) as _,
        passwords: Arc::new(Argon2Hasher::new(HashSettings::default())),
        mailer: Arc::new(NoMailer),
        settings: PeopleSettings::default(),
    };
    People::new(parts, Arc::new(SystemClock))
}
