//! What signing in stands on.

use std::sync::Arc;

use anyhow::Context;
use smartcms_app::people::{People, PeopleParts};
use smartcms_app::ports::{
    IdentityProviders, Mailer, NoMailer, NoPasskeys, NoProviders, Outbound, Passkeys,
};
use smartcms_config::{MailTls, MailTransport as ConfiguredTransport, Settings};
use smartcms_identity::{
    Argon2Hasher, HashSettings, HttpMail, HttpMailSettings, LoggedMail, MailSettings,
    MailTransport, MailWay, OidcProvider, OidcSettings, QueuedMailer, Sender, SmtpSettings,
    SmtpTls, WebauthnPasskeys,
};
use smartcms_store_sql::SqliteStore;

use crate::args::Folders;
use crate::world::SystemClock;

/// What is told before the reason.
const UNFIT_MAIL: &str = "mail cannot be sent as it is set";

/// When mail is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sending {
    /// Before the command ends.
    AtOnce,
    /// After the request that asked for it was answered.
    Later,
}

pub(super) fn people(
    folders: &Folders,
    settings: &Settings,
    store: &Arc<SqliteStore>,
    outbound: &Arc<dyn Outbound>,
    sending: Sending,
) -> anyhow::Result<People> {
    let hashes = HashSettings {
        hashes_max: settings.hashes.hashes_max,
        queue_max: settings.hashes.queue_max,
    };
    let parts = PeopleParts {
        users: Arc::clone(store) as _,
        sessions: Arc::clone(store) as _,
        tickets: Arc::clone(store) as _,
        passwords: Arc::new(Argon2Hasher::new(hashes)),
        mailer: mailer(folders, settings, outbound, sending)?,
        passkeys: passkeys(settings),
        providers: providers(settings, outbound)?,
        settings: settings.people.clone(),
    };
    Ok(People::new(parts, Arc::new(SystemClock)))
}

fn mailer(
    folders: &Folders,
    settings: &Settings,
    outbound: &Arc<dyn Outbound>,
    sending: Sending,
) -> anyhow::Result<Arc<dyn Mailer>> {
    let mail = &settings.mail;
    let sender = Sender::of_site(&mail.from, &settings.site.base_url, &settings.site.title);
    let by = |way| {
        let transport = MailTransport::new(MailSettings { sender: sender.clone(), way });
        transport.map(|it| Arc::new(it) as Arc<dyn Mailer>).context(UNFIT_MAIL)
    };
    let transport: Arc<dyn Mailer> = match mail.transport {
        ConfiguredTransport::Off => return Ok(Arc::new(NoMailer)),
        ConfiguredTransport::Log => Arc::new(LoggedMail),
        ConfiguredTransport::File => by(MailWay::Folder(folders.data().join(&mail.folder)))?,
        ConfiguredTransport::Smtp => by(MailWay::Smtp(smtp(settings)))?,
        ConfiguredTransport::Http => {
            let (address, key) = (mail.http_address.clone(), mail.http_key.clone());
            let service = HttpMailSettings { address, key, sender };
            Arc::new(HttpMail::new(service, Arc::clone(outbound)).context(UNFIT_MAIL)?)
        }
    };
    Ok(match sending {
        Sending::AtOnce => transport,
        Sending::Later => Arc::new(QueuedMailer::start(transport)),
    })
}

fn smtp(settings: &Settings) -> SmtpSettings {
    let mail = &settings.mail;
    SmtpSettings {
        host: mail.smtp_host.clone(),
        port: mail.smtp_port,
        tls: match mail.smtp_tls {
            MailTls::Always => SmtpTls::Always,
            MailTls::StartTls => SmtpTls::StartTls,
            MailTls::None => SmtpTls::None,
        },
        credentials: mail.smtp_credentials.clone(),
    }
}

fn passkeys(settings: &Settings) -> Arc<dyn Passkeys> {
    match WebauthnPasskeys::for_site(&settings.site.base_url, &settings.site.title) {
        Some(passkeys) => Arc::new(passkeys),
        None => Arc::new(NoPasskeys),
    }
}

fn providers(
    settings: &Settings,
    outbound: &Arc<dyn Outbound>,
) -> anyhow::Result<Arc<dyn IdentityProviders>> {
    let Some(oidc) = settings.oidc.clone() else { return Ok(Arc::new(NoProviders)) };
    let oidc = OidcSettings {
        issuer: oidc.issuer,
        client_id: oidc.client_id,
        client_secret: oidc.client_secret,
        name: oidc.name,
    };
    let provider = OidcProvider::new(oidc, Arc::clone(outbound));
    Ok(Arc::new(provider.context("the setting `oidc.issuer` cannot be used")?))
}
