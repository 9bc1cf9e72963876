//! `smartcms plugin dev`: builds on every save, and shows the plugin in a running site.

mod changes;
mod site;

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use smartcms_app::OpContext;
use smartcms_app::plugins::grant;
use smartcms_app::ports::LogLine;
use smartcms_domain::actors::Actor;
use smartcms_domain::plugins::PluginId;

use self::changes::Changes;
use self::site::DevSite;
use super::args::DevArgs;
use super::project::Project;
use super::tools::note;
use super::{build, say, test};
use crate::args::Folders;
use crate::commands::{plugin_add, printable_line};
use crate::compose::Operator;
use crate::failure::{fault, report};

/// How soon a saved file and a new line of the log are noticed.
const LOOK_EVERY: Duration = Duration::from_millis(150);

/// How many of the newest lines are looked at.
const LOG_LINES: u32 = 500;

/// Builds, reloads and watches until it is stopped.
pub(super) async fn dev(folders: &Folders, args: &DevArgs) -> anyhow::Result<()> {
    let project = Arc::new(Project::open(&args.folder)?);
    let stop = crate::server::stop_signal().await?;
    let site = DevSite::open(folders, &project, args.listen).await?;
    let work = work(&project, &site);
    tokio::select! {
        () = stop => Ok(()),
        outcome = work => outcome,
    }
}

async fn work(project: &Arc<Project>, site: &DevSite) -> anyhow::Result<()> {
    let id = PluginId::parse(&project.manifest.id)?;
    let mut changes = Changes::of(&project.folder)?;
    let mut tail = Tail::of(&site.operator, &id).await?;
    turn(&project.folder, site).await;
    loop {
        tail.follow(&site.operator, &id).await?;
        if changes.happened()? {
            turn(&project.folder, site).await;
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// One build with what follows from it. What goes wrong is said, and the next save is waited for.
async fn turn(folder: &Path, site: &DevSite) {
    if let Err(error) = reload(folder, site).await {
        report(&error);
    }
    note("waiting for the next save (stop with Ctrl+C)");
}

async fn reload(folder: &Path, site: &DevSite) -> anyhow::Result<()> {
    // Opened again each time: plugin.toml may be what was saved.
    let opened = Arc::new(Project::open(folder)?);
    let project = Arc::clone(&opened);
    let file = tokio::task::spawn_blocking(move || build::build(&project)).await??;
    let built = Instant::now();
    plugin_add(&site.operator.app, &site.folders, &file).await?;
    if site.is_own {
        let wanted = opened.manifest.grants()?;
        if !wanted.is_empty() {
            let id = PluginId::parse(&opened.manifest.id)?;
            let ctx = OpContext::new(&site.operator.app, &Actor::Operator);
            let record = grant(&ctx, &id, wanted).await.map_err(fault)?;
            say(format_args!("granted what plugin.toml asks for: {}", record.grants));
        }
    }
    say(format_args!("in the site after {} ms", built.elapsed().as_millis()));
    test::check(&opened, &file).await.map(drop)
}

/// The end of the plugin's log.
struct Tail(Option<LogLine>);

impl Tail {
    async fn of(operator: &Operator, id: &PluginId) -> anyhow::Result<Self> {
        Ok(Self(operator.log.newest(id, 1).await?.pop()))
    }

    /// Prints the lines that came since the last look.
    async fn follow(&mut self, operator: &Operator, id: &PluginId) -> anyhow::Result<()> {
        let lines = operator.log.newest(id, LOG_LINES).await?;
        let known = self.0.as_ref().and_then(|last| lines.iter().rposition(|line| line == last));
        for line in lines.iter().skip(known.map_or(0, |at| at + 1)) {
            say(printable_line(line));
        }
        self.0 = lines.into_iter().last().or(self.0.take());
        Ok(())
    }
}
