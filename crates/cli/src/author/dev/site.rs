//! The site that a plugin is shown in while it is written.

use std::net::SocketAddr;
use std::process::Stdio;

use anyhow::Context;
use smartcms_config::CONFIG_FILE_NAME;
use tokio::process::{Child, Command};

use super::super::project::Project;
use super::super::say;
use crate::args::Folders;
use crate::compose::{Operator, open_for_operator};
use crate::failure::{Failure, exit};

/// The site that was named, which somebody else serves, or one of the project's own, which is served as long as this
/// program runs.
pub(super) struct DevSite {
    pub(super) folders: Folders,
    pub(super) operator: Operator,
    /// Whether the site is there for this plugin alone: then it gets what it asks for.
    pub(super) is_own: bool,
    _server: Option<Child>,
}

impl DevSite {
    /// Opens the site that was named. Without one, makes one with demo content in the project's own folder.
    pub(super) async fn open(
        folders: &Folders,
        project: &Project,
        listen: SocketAddr,
    ) -> anyhow::Result<Self> {
        if folders.site.join(CONFIG_FILE_NAME).is_file() {
            let operator = open_for_operator(folders)?;
            say(format_args!("showing the plugin in the site in {}", folders.site.display()));
            return Ok(Self { folders: folders.clone(), operator, is_own: false, _server: None });
        }
        if folders.site.as_os_str() != "." {
            let message = format!("there is no site in {}", folders.site.display());
            let hint =
                "`smartcms init DIR` makes one; without --site the plugin gets a site of its own";
            return Err(Failure::hinted(message, hint, exit::NOT_FOUND));
        }
        let own = Folders { site: project.kit("site"), data: None };
        if !own.site.join(CONFIG_FILE_NAME).is_file() {
            let mut init = program()?;
            let made = init.args(["init", "--demo"]).arg(&own.site).stdout(Stdio::null()).status();
            if !made.await.context("could not make a site")?.success() {
                anyhow::bail!("could not make a site in {}", own.site.display());
            }
        }
        let mut serve = program()?;
        serve.arg("--site").arg(&own.site).args(["serve", "--listen", &listen.to_string()]);
        // What the site itself has to say would drown what the plugin says.
        serve.env("SMARTCMS_LOG", "warn").kill_on_drop(true);
        let server = serve.spawn().context("could not serve the site")?;
        let operator = open_for_operator(&own)?;
        Ok(Self { folders: own, operator, is_own: true, _server: Some(server) })
    }
}

fn program() -> anyhow::Result<Command> {
    let mut command =
        Command::new(std::env::current_exe().context("could not find this program's own file")?);
    // These would lead to another site.
    command.env_remove("SMARTCMS_SITE").env_remove("SMARTCMS_DATA").stdin(Stdio::null());
    Ok(command)
}
