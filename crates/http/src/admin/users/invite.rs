//! `GET` and `POST /admin/users/new`: inviting somebody.

use axum::extract::State;
use smartcms_app::people::{CreateUser, create_user};
use smartcms_app::roles::list_givable_roles;
use smartcms_domain::actors::{Rank, RoleName};
use smartcms_pages::admin::{Mistake, NewUserPage};

use super::{URL, show_link};
use crate::admin::answer::{self, Answer};
use crate::admin::failure::AdminError;
use crate::admin::form::Form;
use crate::admin::people_words::{mistakes_of, role_choices};
use crate::admin::person::Person;
use crate::admin::visit::Visit;
use crate::state::AppState;

/// A form.
pub(super) async fn new(State(state): State<AppState>, visit: Visit, person: Person) -> Answer {
    let page = form_page(&state, &visit, &person, &Form::default(), Vec::new()).await?;
    answer::page(&state, &page)
}

/// Invites, and shows the link this once.
pub(super) async fn invite(
    State(state): State<AppState>,
    visit: Visit,
    person: Person,
    form: Form,
) -> Answer {
    let role = RoleName::parse(form.get("role")).map_err(|_| AdminError::NotFound)?;
    let command = CreateUser {
        email: form.get("email").trim().to_owned(),
        name: form.get("name").trim().to_owned(),
        role,
    };
    match create_user(&person.context(&state.app), command).await {
        Ok(invited) => show_link(&state, &visit, &invited.user, &invited.link, true),
        Err(error) => {
            let (status, mistakes) = mistakes_of(&visit, error)?;
            let page = form_page(&state, &visit, &person, &form, mistakes).await?;
            answer::page_with(&state, status, &page)
        }
    }
}

/// The roles to choose from are those that may be given; what else is sent is refused by the operation.
async fn form_page(
    state: &AppState,
    visit: &Visit,
    person: &Person,
    form: &Form,
    mistakes: Vec<Mistake>,
) -> Result<NewUserPage, AdminError> {
    if !person.actor.may_manage_site() {
        return Err(AdminError::Denied);
    }
    let roles = list_givable_roles(&person.context(&state.app)).await?;
    let chosen = if form.has("role") { form.get("role") } else { Rank::Author.name() };
    let (title, above) = (visit.say("users.invite", &[]), visit.say("users.title", &[]));
    Ok(NewUserPage {
        frame: visit.frame_below(state, title, &[(&above, URL)]),
        name: form.get("name").to_owned(),
        email: form.get("email").to_owned(),
        roles: role_choices(visit, &roles, chosen),
        has_mail: state.app.people.has_mail(),
        mistakes,
    })
}
