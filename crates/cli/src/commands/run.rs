//! `smartcms run`.

mod limits;
mod serve;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use bytes::Bytes;
use smartcms_app::ports::NeuralModels;
use smartcms_domain::plugins::{Grants, PluginId};
use smartcms_plugin_host::{
    CompileLimits, PluginFault, RunAction, RunError, RunOutcome, RunRequest, Ungranted,
};
use smartcms_store_sql::{SqliteSettings, SqliteStore};

use super::{plugin, read_bounded, say};
use crate::args::{Folders, RunArgs};
use crate::compose::{Alone, DATABASE_NAME, named_models, run_loader, run_services};
use crate::failure::{Failure, exit};
use crate::user_cache::user_cache;
use crate::world::SystemClock;

/// For who has a file that is larger than `file=`.
const LARGER_FILES: &str =
    "`--limit file=256MiB` raises this limit; memory=64MiB has often to be raised with it";

pub(super) async fn run(folders: &Folders, args: RunArgs) -> anyhow::Result<ExitCode> {
    let limits = limits::parse(&args.limits)?;
    let file = read_bounded(&args.file, limits.file_bytes_max, LARGER_FILES)?;
    let compile = CompileLimits::for_files_of(limits.file_bytes_max);
    let folders_given = args.dirs.iter().map(|it| format!("fs={it}"));
    let grants: Vec<String> = args.grants.into_iter().chain(folders_given).collect();
    let grants: Grants = plugin::parsed(&grants)?.into_iter().collect();
    let name = args.file.display().to_string();
    let models = models(args.models)?;
    let keys = Keys::open(folders.data.as_deref())?;
    let folder = cache_folder(folders.data.as_deref());
    if let Some(listen) = args.serve {
        let alone = Alone {
            record: serve::record(&args.file, plugin_id(&args.file)?, grants),
            component: Bytes::from(file),
            store: Arc::clone(&keys.store),
            models,
            limits: limits.plugin,
            compile,
            folder,
        };
        return serve::serve(alone, listen).await;
    }
    let loader = run_loader(&folder, compile)?;
    let action = match args.invoke {
        Some(call) => RunAction::Invoke(call),
        None => {
            let own_name = args.file.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let arguments = std::iter::once(own_name).chain(args.arguments).collect();
            RunAction::Main { arguments }
        }
    };
    let request = RunRequest {
        name,
        id: plugin_id(&args.file)?,
        file,
        grants,
        limits: limits.plugin,
        services: run_services(Arc::clone(&keys.store) as _, models, folder)?,
        clock: Arc::new(SystemClock),
        ungranted: Ungranted::Refuse,
        time: limits.time,
        action,
    };
    Ok(match smartcms_plugin_host::run(&loader, request).await.map_err(explained)? {
        RunOutcome::Exit(code) => ExitCode::from(code),
        RunOutcome::Text(text) => {
            say(text);
            ExitCode::SUCCESS
        }
        RunOutcome::Values(values) => {
            values.iter().for_each(say);
            ExitCode::SUCCESS
        }
    })
}

/// The models that were named with their files.
fn models(named: Vec<String>) -> anyhow::Result<Arc<dyn NeuralModels>> {
    let one = |text: String| match text.split_once('=') {
        Some((name, file)) => Ok((name.to_owned(), PathBuf::from(file))),
        None => {
            let message = format!("`{text}` names no model");
            let hint = "write its name and its file: --model tiny=./tiny.onnx";
            Err(Failure::hinted(message, hint, exit::INVALID))
        }
    };
    named_models(named.into_iter().map(one).collect::<Result<_, _>>()?)
}

/// Gives a failed run the exit code of its kind.
fn explained(error: RunError) -> anyhow::Error {
    let exit = match &error {
        RunError::Plugin(error) => match error.fault {
            PluginFault::Denied { .. } => exit::DENIED,
            PluginFault::Limit(_) => exit::LIMIT,
            PluginFault::NoExport { .. } => exit::NOT_FOUND,
            _ => exit::FAILED,
        },
        RunError::Call { .. } => exit::INVALID,
        RunError::Convert { .. } => exit::INVALID,
    };
    Failure::with_exit(error, exit)
}

/// Where `kv` keeps its keys: in the data folder that was named, or, for this run alone, in one of its own.
struct Keys {
    store: Arc<SqliteStore>,
    // Removed when the run ends.
    _folder: Option<tempfile::TempDir>,
}

impl Keys {
    fn open(data: Option<&Path>) -> anyhow::Result<Self> {
        let (folder, path) = match data {
            Some(data) => {
                std::fs::create_dir_all(data)
                    .with_context(|| format!("could not make the folder {}", data.display()))?;
                (None, data.join(DATABASE_NAME))
            }
            None => {
                let folder =
                    tempfile::tempdir().context("could not make a folder for this run's keys")?;
                let path = folder.path().join(DATABASE_NAME);
                (Some(folder), path)
            }
        };
        let store = Arc::new(SqliteStore::open(&path, &SqliteSettings::default())?);
        Ok(Self { store, _folder: folder })
    }
}

fn cache_folder(data: Option<&Path>) -> PathBuf {
    data.map_or_else(user_cache, Path::to_owned)
}

/// The id under which a file's keys are kept: its name, made to fit.
fn plugin_id(file: &Path) -> anyhow::Result<PluginId> {
    let stem = file.file_stem().unwrap_or_default().to_string_lossy().to_lowercase();
    let fits: String =
        stem.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let fits = fits.trim_matches(|c: char| !c.is_ascii_lowercase() && !c.is_ascii_digit());
    let fits = fits.trim_start_matches(|c: char| !c.is_ascii_lowercase());
    let fits: String = fits.chars().take(smartcms_domain::plugins::PLUGIN_ID_LEN_MAX).collect();
    Ok(PluginId::parse(&fits).or_else(|_| PluginId::parse("component"))?)
}
