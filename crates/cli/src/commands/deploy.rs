//! `smartcms deploy`: what a host starts the portable build with.

use std::io::Write as _;

use anyhow::Context;
use smartcms_app::OpContext;
use smartcms_app::plugins::list_plugins;
use smartcms_domain::actors::Actor;

use super::say;
use crate::args::{DeployArgs, Folders};
use crate::compose::{DATABASE_NAME, open_for_operator, settings};
use crate::deploy::describe;
use crate::failure::{Failure, exit, fault};

/// Folders of a site that the portable build does not read.
const FOLDERS: [&str; 2] = ["collections", "theme"];

/// Prints or writes a manifest; what is worth knowing beside it goes to standard error.
pub(super) async fn deploy(folders: &Folders, args: DeployArgs) -> anyhow::Result<()> {
    let mut asked = describe(&settings(folders, None)?, &args)?;
    if !args.without_plugins {
        plugins(folders).await?;
    }
    let left = FOLDERS.iter().filter(|it| folders.site.join(it).is_dir());
    asked.notes.extend(left.map(|it| {
        format!("the folder {it}/ stays here: the portable build has its collections in its own data, and the built-in theme")
    }));
    let manifest = asked
        .deployment
        .manifest(args.host)
        .map_err(|error| Failure::with_exit(error, exit::INVALID))?;
    tell(&asked.notes);
    match &args.output {
        None => say(manifest.trim_end()),
        Some(path) => {
            std::fs::write(path, &manifest)
                .with_context(|| format!("could not write {}", path.display()))?;
            say(format_args!("wrote {}", path.display()));
        }
    }
    Ok(())
}

/// Refuses a site with plugins: nothing would say later that they are not there.
async fn plugins(folders: &Folders) -> anyhow::Result<()> {
    if !folders.data().join(DATABASE_NAME).exists() {
        return Ok(());
    }
    let operator = open_for_operator(folders)?;
    let ctx = OpContext::new(&operator.app, &Actor::Operator);
    let records = list_plugins(&ctx).await.map_err(fault)?;
    let enabled = records.iter().filter(|it| it.enabled).map(|it| {
        let holds = if it.grants.is_empty() {
            String::new()
        } else {
            format!(", which holds {}", it.grants)
        };
        format!("\n  {} {}{holds}", it.id, it.version)
    });
    let named: String = enabled.collect();
    if named.is_empty() {
        return Ok(());
    }
    let message = format!(
        "the portable build runs the plugins that are composed into it alone, and this site has others:{named}"
    );
    let hint = "`smartcms component compose` puts them into the component; --without-plugins then writes the manifest, without their grants. deploy/container serves the site as it is";
    Err(Failure::hinted(message, hint, exit::INVALID))
}

/// The manifest may go to standard output.
fn tell(notes: &[String]) {
    let mut stderr = std::io::stderr().lock();
    for note in notes {
        // Who does not read them has the manifest all the same.
        let _ = writeln!(stderr, "note: {}", crate::printable::printable(note));
    }
}
