//! Budgets: what a request may take is held before the model is asked, and what it took is put in its place.

use std::sync::{Arc, PoisonError};

use smartcms_domain::Timestamp;

use super::Assist;
use super::error::AssistError;
use crate::App;
use crate::ports::{Hold, Holding, READERS, Spent, StoreError};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// Bytes of text for one token, where nobody counts: few enough that most texts have fewer tokens.
const BYTES_PER_TOKEN: usize = 3;

/// About how many tokens a text has, rather more than fewer.
pub fn estimated_tokens(text: &str) -> u64 {
    text.len().div_ceil(BYTES_PER_TOKEN) as u64
}

/// The day of a time in UTC, counted from 1970-01-01.
pub(super) fn day_of(time: Timestamp) -> i64 {
    time.as_millis().div_euclid(DAY_MS)
}

/// When the budgets of that day are there again.
pub fn renewed_at(now: Timestamp) -> Timestamp {
    let next = (day_of(now) + 1).saturating_mul(DAY_MS);
    Timestamp::from_millis(next).unwrap_or(now)
}

/// Which budget has not enough left.
enum Full {
    Person(Spent),
    Site(Spent),
}

/// Tokens that are held for a request. Where it ends without a word, because whoever asked went away, what was used until
/// then is settled by the next request.
pub(crate) struct HeldTokens {
    assist: Arc<Assist>,
    hold: Option<Hold>,
    used: u64,
}

impl HeldTokens {
    /// Takes them out of the budgets, or says which one has not so many left.
    pub(super) async fn take(
        app: &App,
        person: String,
        tokens: u64,
        person_max: u64,
    ) -> Result<Self, AssistError> {
        let now = app.clock.now();
        let site_max = app.assist.settings.site_tokens_a_day;
        let hold = Hold { day: day_of(now), person, tokens, person_max, site_max };
        let (whose, limit, used) = match Self::hold(app, hold).await? {
            Ok(held) => return Ok(held),
            Err(Full::Person(spent)) => ("each person of your role", person_max, spent.person),
            Err(Full::Site(spent)) => ("the site", site_max, spent.site),
        };
        let renewed_at = renewed_at(now);
        let wait = renewed_at.as_millis().saturating_sub(now.as_millis()).max(0);
        let wait_seconds = u64::try_from(wait).unwrap_or_default().div_ceil(1000);
        Err(AssistError::Spent { whose, limit, used, needed: tokens, renewed_at, wait_seconds })
    }

    /// Takes them out of the budget of all readers together, or says in how many seconds there are more.
    pub(crate) async fn of_readers(
        app: &App,
        tokens: u64,
        tokens_a_day: u64,
    ) -> Result<Result<Self, u64>, StoreError> {
        let now = app.clock.now();
        let hold = Hold {
            day: day_of(now),
            person: READERS.to_owned(),
            tokens,
            person_max: tokens_a_day,
            site_max: u64::MAX,
        };
        let wait = renewed_at(now).as_millis().saturating_sub(now.as_millis()).max(0);
        let wait_seconds = u64::try_from(wait).unwrap_or_default().div_ceil(1000);
        Ok(Self::hold(app, hold).await?.map_err(|_| wait_seconds))
    }

    async fn hold(app: &App, hold: Hold) -> Result<Result<Self, Full>, StoreError> {
        app.assist.settle_abandoned().await?;
        Ok(match app.assist.store.hold(hold.clone()).await? {
            Holding::Held => {
                Ok(Self { assist: Arc::clone(&app.assist), hold: Some(hold), used: 0 })
            }
            Holding::PersonFull(spent) => Err(Full::Person(spent)),
            Holding::SiteFull(spent) => Err(Full::Site(spent)),
        })
    }

    /// Notes what is used until now.
    pub(crate) fn note(&mut self, used: u64) {
        self.used = used;
    }

    /// Puts what was used in the place of what was held.
    pub(crate) async fn settle(mut self, used: u64) -> Result<(), StoreError> {
        self.used = used;
        let Some(hold) = self.hold.clone() else { return Ok(()) };
        self.assist.store.settle(hold, used).await?;
        self.hold = None;
        Ok(())
    }
}

impl Drop for HeldTokens {
    fn drop(&mut self) {
        if let Some(hold) = self.hold.take() {
            let mut all = self.assist.abandoned.lock().unwrap_or_else(PoisonError::into_inner);
            all.push((hold, self.used));
        }
    }
}

impl Assist {
    /// Settles what requests held that ended without a word.
    pub(super) async fn settle_abandoned(&self) -> Result<(), StoreError> {
        let all =
            std::mem::take(&mut *self.abandoned.lock().unwrap_or_else(PoisonError::into_inner));
        for (hold, used) in all {
            self.store.settle(hold, used).await?;
        }
        Ok(())
    }
}
