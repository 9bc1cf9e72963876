//! `smartcms serve`.

use anyhow::Context;
use smartcms_app::App;
use smartcms_app::assets::make_queued_variants;
use smartcms_app::people::start_owner_link;
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::{plugin, say};
use crate::args::{Folders, ServeArgs};
use crate::compose::open_site;
use crate::health::report_plugins;
use crate::scheduler::{clean_up, keep_schedules};
use crate::{server, shared_keys};

pub(super) async fn serve(folders: &Folders, args: ServeArgs) -> anyhow::Result<()> {
    let stop = server::stop_signal().await.context("could not listen for signals")?;
    let wanted = args.listen;
    let settings = crate::compose::settings(folders, wanted)?;
    // The port is taken before anything else: two servers on one site are found out at once.
    let listen = settings.server.listen;
    let listener = TcpListener::bind(listen).await.map_err(|error| taken(listen, &error))?;
    let address = listener.local_addr().context("could not read the address that was taken")?;
    let keys_listener = shared_keys::listen(settings.shared_keys.as_ref()).await?;
    let site = open_site(folders, settings, address).await?;
    say(format_args!("listening on http://{address}"));
    let app = site.watcher.app.clone();
    say_owner_link(&app).await?;
    plugin::warn_of_differences(&app, folders).await;
    let variants = tokio::spawn(make_queued_variants(app.clone()));
    let watcher = tokio::spawn(site.watcher.watch(site.newest_event));
    let cleaner = tokio::spawn(clean_up(app.clone(), site.settings.retention));
    let schedules = tokio::spawn(keep_schedules(app.clone()));
    let sender = tokio::spawn(site.webhooks.run());
    let events = tokio::spawn(site.events.run());
    let measurer = tokio::spawn(site.measurer.run());
    let health = tokio::spawn(report_plugins(app.clone()));
    let (ending, told) = watch::channel(false);
    let keys = keys_listener.zip(site.keys).map(|(listener, answer)| {
        if let Ok(address) = listener.local_addr() {
            say(format_args!("keys for sites elsewhere at http://{address}"));
        }
        let settings = site.settings.server.clone();
        tokio::spawn(shared_keys::serve(listener, answer, settings, told.clone()))
    });
    let tasks = tokio::spawn(site.tasks.run(told));
    let stop = async move {
        stop.await;
        site.readiness.stop();
        // Tasks save where they are while the last requests are answered.
        let _ = ending.send(true);
    };
    server::serve(listener, site.answer, &site.settings.server, stop).await;
    // It ends by itself, soon after it was told.
    let _ = tasks.await;
    if let Some(keys) = keys {
        let _ = keys.await;
    }
    watcher.abort();
    sender.abort();
    events.abort();
    measurer.abort();
    health.abort();
    schedules.abort();
    cleaner.abort();
    variants.abort();
    Ok(())
}

/// Of a site without people: how the first one comes in.
async fn say_owner_link(app: &App) -> anyhow::Result<()> {
    if let Some(link) = start_owner_link(app).await.context("could not look for people")? {
        say(format_args!(
            "nobody can sign in yet; make the owner, within the hour, at {}",
            link.reveal()
        ));
    }
    Ok(())
}

fn taken(listen: std::net::SocketAddr, error: &std::io::Error) -> anyhow::Error {
    use crate::failure::{Failure, exit};
    let message = format!("could not listen on {listen}: {error}");
    Failure::hinted(
        message,
        "choose another address with --listen, or stop what listens there",
        exit::CONFLICT,
    )
}
