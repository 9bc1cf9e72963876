//! `smartcms export`.

use smartcms_app::OpContext;
use smartcms_app::audit::{Deed, record};
use smartcms_domain::actors::Actor;
use smartcms_transfer::export_site;

use super::import::Bar;
use super::say;
use crate::args::{ExportArgs, Folders};
use crate::compose::open_for_operator;
use crate::failure::fault;

pub(super) async fn run(folders: &Folders, args: ExportArgs) -> anyhow::Result<()> {
    let operator = open_for_operator(folders)?;
    let actor = Actor::Operator;
    let ctx = OpContext::new(&operator.app, &actor);
    let bar = Bar::new();
    let collections = folders.site.join("collections");
    let exported = export_site(&ctx, &args.folder, &collections, &bar).await.map_err(fault)?;
    drop(bar);
    let entries: u64 = exported.entries.values().sum();
    let said = format!("{entries} entries and {} files", exported.media);
    record(&ctx, Deed::done("site.exported").detail(said)).await;
    for (collection, count) in &exported.entries {
        say(format_args!("{collection:<12} {count:>7}"));
    }
    say(format_args!("{:<12} {:>7}", "media", exported.media));
    for (name, count) in [("menus", exported.menus), ("redirects", exported.redirects)] {
        if count > 0 {
            say(format_args!("{name:<12} {count:>7}"));
        }
    }
    say(format_args!("exported to {}", args.folder.display()));
    Ok(())
}
