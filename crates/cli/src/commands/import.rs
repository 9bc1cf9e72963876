//! `smartcms import`.

mod bar;
mod media;

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use smartcms_app::audit::{Deed, record};
use smartcms_app::ports::AuditOutcome;
use smartcms_app::{Fault, FaultKind, OpContext};
use smartcms_domain::actors::Actor;
use smartcms_transfer::{
    ImportError, ImportOptions, NoteKind, Progress, Report, Source, SourceError, import,
    open_folder, open_ghost, open_wxr, read_export,
};

pub(super) use self::bar::Bar;
pub(crate) use self::media::SiteMedia;
use super::say;
use crate::args::{Folders, ImportArgs, ImportFormat};
use crate::compose::{Operator, open_for_operator, open_with_plugins, settle, staging_folder};
use crate::failure::{Failure, exit, fault};

pub(super) async fn run(folders: &Folders, args: ImportArgs) -> anyhow::Result<()> {
    let mut operator = open_for_operator(folders)?;
    let all = operator.app.collections.all();
    if all.iter().any(|it| it.computed().next().is_some()) {
        // What functions of plugins compute is computed here too.
        operator = open_with_plugins(folders).await?;
    }
    settle(folders, &operator.app).await?;
    let actor = Actor::Operator;
    let ctx = OpContext::new(&operator.app, &actor);
    let staging = staging_folder(folders)?;
    let progress: Arc<dyn Progress> = Arc::new(Bar::new());
    let options =
        ImportOptions { dry_run: args.dry_run, no_media: args.no_media, limit: args.limit };
    let file = args.report.as_deref().map(report_file).transpose()?;
    let mut report = Report::new(args.path.display().to_string(), args.dry_run, file);
    let outcome = {
        let work = bring(&operator, &ctx, &args, staging.path(), (options, progress), &mut report);
        tokio::select! {
            outcome = work => Some(outcome),
            _ = tokio::signal::ctrl_c() => None,
        }
    };
    report.finish().context("could not write the report")?;
    if !args.dry_run {
        let outcome = match &outcome {
            Some(Ok(_)) => AuditOutcome::Done,
            _ => AuditOutcome::Failed,
        };
        let deed = Deed::done("site.imported").ended(outcome);
        record(&ctx, deed.detail(args.path.display().to_string())).await;
    }
    say(report.summary().trim_end());
    let Some(outcome) = outcome else {
        let hint =
            "what came before is stored; run the same command again: it goes on where it stopped";
        return Err(Failure::hinted("the import was stopped", hint, exit::INTERRUPTED));
    };
    outcome.map_err(explained)?;
    let failed: u64 = report.counts().values().map(|it| it.failed).sum();
    if failed > 0 || report.notes(NoteKind::EntryFailed) > 0 {
        let hint = "the report above names each; run the import again when they are mended: what is stored is not stored twice";
        return Err(Failure::hinted("not everything could be imported", hint, exit::INVALID));
    }
    Ok(())
}

/// Reads the source and stores what is not there yet.
async fn bring(
    operator: &Operator,
    ctx: &OpContext<'_>,
    args: &ImportArgs,
    staging: &Path,
    (options, progress): (ImportOptions, Arc<dyn Progress>),
    report: &mut Report,
) -> Result<(), ImportError> {
    let path = args.path.as_path();
    if is_own_export(args.format, path) {
        return read_export(ctx, path, options, &*progress, report).await;
    }
    let source = open(args.format, path, staging, args.old_url.as_deref())?;
    let media = Arc::new(SiteMedia::new(operator.app.clone(), Actor::Operator));
    import(ctx, source, Some(media), options, progress, report).await
}

/// Our own exports say so themselves.
fn is_own_export(format: ImportFormat, path: &Path) -> bool {
    matches!(format, ImportFormat::Markdown | ImportFormat::Site)
        && path.join(smartcms_transfer::MANIFEST_NAME).is_file()
}

fn open(
    format: ImportFormat,
    path: &Path,
    staging: &Path,
    old_url: Option<&str>,
) -> Result<Arc<dyn Source>, SourceError> {
    Ok(match (format, old_url) {
        (ImportFormat::Wxr, None) => Arc::new(open_wxr(path, staging)?),
        (ImportFormat::Wxr, Some(url)) => Arc::new(open_wxr(path, staging)?.at(url)),
        (ImportFormat::Ghost, None) => Arc::new(open_ghost(path, staging)?),
        (ImportFormat::Ghost, Some(url)) => Arc::new(open_ghost(path, staging)?.at(url)),
        (_, None) => Arc::new(open_folder(path, staging)?),
        (_, Some(url)) => Arc::new(open_folder(path, staging)?.at(url)),
    })
}

fn report_file(path: &Path) -> anyhow::Result<Box<dyn Write + Send>> {
    let file = File::create(path)
        .with_context(|| format!("could not write the report {}", path.display()))?;
    Ok(Box::new(BufWriter::new(file)))
}

fn explained(error: ImportError) -> anyhow::Error {
    if error.kind() == FaultKind::Invalid {
        let hint = "what came before is stored; mend the file and run the same command again: it goes on where it stopped";
        return Failure::hinted(error.to_string(), hint, exit::INVALID);
    }
    fault(error)
}
