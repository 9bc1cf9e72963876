//! What people are written.

use smartcms_domain::people::SecretText;
use uuid::Uuid;

use crate::App;
use crate::ports::{Mail, UserRecord};

pub(super) fn invitation(app: &App, user: &UserRecord, link: &SecretText) -> Mail {
    let (site, days) =
        (&app.site.title, app.people.settings.invitation_lifetime.as_secs() / 86_400);
    Mail {
        id: new_id(app),
        to: user.email.clone(),
        subject: one_line(&format!("You are invited to {site}")),
        text: format!(
            "Hello {name},\n\nyou can work on {site} now. Choose a password here:\n\n{link}\n\n\
             The link is good for {days} days, and once.\n",
            name = user.name,
            link = link.reveal(),
        ),
    }
}

pub(super) fn password_reset(app: &App, user: &UserRecord, link: &SecretText) -> Mail {
    let (site, minutes) = (&app.site.title, app.people.settings.reset_lifetime.as_secs() / 60);
    Mail {
        id: new_id(app),
        to: user.email.clone(),
        subject: one_line(&format!("Another password for {site}")),
        text: format!(
            "Hello {name},\n\nsomebody, probably you, asked for another password for {site}. Choose one here:\n\n\
             {link}\n\nThe link is good for {minutes} minutes, and once. If it was not you, leave it: nothing has changed.\n",
            name = user.name,
            link = link.reveal(),
        ),
    }
}

pub(super) fn password_changed(app: &App, user: &UserRecord) -> Mail {
    let site = &app.site.title;
    Mail {
        id: new_id(app),
        to: user.email.clone(),
        subject: one_line(&format!("Your password for {site} was changed")),
        text: format!(
            "Hello {name},\n\nyour password for {site} was changed by a link from a mail, and everybody who was signed in as \
             you was signed out. If it was not you, tell whoever runs the site.\n",
            name = user.name,
        ),
    }
}

fn new_id(app: &App) -> Uuid {
    app.randomness.id(app.clock.now())
}

/// The title of a site is no place for further headers.
fn one_line(text: &str) -> String {
    text.chars().map(|it| if it.is_control() { ' ' } else { it }).collect()
}
