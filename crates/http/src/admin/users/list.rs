//! `GET /admin/users`: who there is.

use axum::extract::{Query, State};
use smartcms_app::people::list_users;
use smartcms_app::roles::list_roles;
use smartcms_domain::people::EmailAddress;
use smartcms_pages::admin::{Paging, UsersPage};

use super::{URL, row};
use crate::admin::answer::{self, Answer};
use crate::admin::list::Pairs;
use crate::admin::person::Person;
use crate::admin::visit::Visit;
use crate::state::AppState;

/// How many people one page shows.
const ROWS: usize = 50;

/// Shows a page of them, by their addresses.
pub(super) async fn show(
    State(state): State<AppState>,
    visit: Visit,
    person: Person,
    Query(pairs): Pairs,
) -> Answer {
    let after = pairs.iter().find(|(name, _)| name == "after").map(|(_, it)| it.as_str());
    let after = after.and_then(|it| EmailAddress::parse(it).ok());
    let ctx = person.context(&state.app);
    let limit = u32::try_from(ROWS + 1).unwrap_or(u32::MAX);
    let mut people = list_users(&ctx, after.as_ref(), limit).await?;
    let is_more = people.len() > ROWS;
    people.truncate(ROWS);
    let roles = list_roles(&ctx).await?;
    let last = people.last().filter(|_| is_more).map(|it| it.email.to_string());
    let next = last.map(|it| format!("{URL}{}", answer::query(&[("after", &it)])));
    let page = UsersPage {
        frame: visit.frame(&state, visit.say("users.title", &[])),
        rows: people.iter().map(|it| row(&visit, &roles, &person, it)).collect(),
        paging: Paging {
            first: if after.is_some() { URL.to_owned() } else { String::new() },
            next: next.unwrap_or_default(),
        },
    };
    answer::page(&state, &page)
}
