//! Mail of the portable build: over outgoing HTTP, after the request that asked for it was answered.

use std::sync::Arc;

use smartcms_app::ports::{Mailer, NoMailer, Outbound};
use smartcms_config::{MailTransport, Settings};
use smartcms_identity::{
    HttpMail, HttpMailSettings, HttpMailSetupError, LoggedMail, Sender, WaitingMail,
};

/// What takes the site's mail over.
pub(crate) fn mail(
    settings: &Settings,
    outbound: &Arc<dyn Outbound>,
) -> Result<WaitingMail, HttpMailSetupError> {
    let (site, mail) = (&settings.site, &settings.mail);
    let way: Arc<dyn Mailer> = match mail.transport {
        MailTransport::Http => {
            let service = HttpMailSettings {
                address: mail.http_address.clone(),
                key: mail.http_key.clone(),
                sender: Sender::of_site(&mail.from, &site.base_url, &site.title),
            };
            Arc::new(HttpMail::new(service, Arc::clone(outbound))?)
        }
        MailTransport::Log => Arc::new(LoggedMail),
        // The last two were refused with the settings.
        MailTransport::Off | MailTransport::File | MailTransport::Smtp => Arc::new(NoMailer),
    };
    Ok(WaitingMail::new(way))
}
