//! `smartcms ai pull`: a model that is known by its digest, from a file, a folder or an address, into a site.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;
use bytes::Bytes;
use http::{HeaderMap, Method};
use http_body_util::BodyExt as _;
use smartcms_app::ports::OutboundRequest;
use smartcms_transfer::Progress as _;

use super::catalogue::{KNOWN, KnownModel};
use super::part::{CHUNK_BYTES, Part, sha256_of, unlike};
use crate::args::{Folders, ModelPullArgs};
use crate::commands::import::Bar;
use crate::commands::say;
use crate::compose::{MODELS_FOLDER, outbound_to, settings};
use crate::failure::{Failure, exit};
use crate::user_cache::user_cache;

/// How long a download may take, redirects included.
const DOWNLOAD_TIME_MAX: Duration = Duration::from_secs(60 * 60);
/// How many redirects are followed; each is checked again.
const REDIRECTS_MAX: u32 = 5;

/// Where a file comes from.
enum Source {
    File(PathBuf),
    Address(String),
}

/// Gets a model, or says which are known.
pub(super) async fn pull(folders: &Folders, args: &ModelPullArgs) -> anyhow::Result<()> {
    let site = &folders.site;
    if !site.is_dir() {
        let message = format!("there is no site in {}", site.display());
        return Err(Failure::hinted(message, "`smartcms init` makes one", exit::NOT_FOUND));
    }
    let folder = site.join(MODELS_FOLDER);
    let Some(name) = &args.name else {
        list(&folder);
        return Ok(());
    };
    let model = KnownModel::named(name)?;
    let target = folder.join(model.file());
    if !args.replace && is_there(&target, model)? {
        say(format_args!("{} is there already, with the right digest", target.display()));
        tell_use(model);
        return Ok(());
    }
    let source = source(args.from.as_deref(), model)?;
    let mut part = Part::new(&folder, &model.file())?;
    let bar = Bar::new();
    bar.begin("getting", model.bytes);
    let from = match &source {
        Source::File(path) => {
            copy(path, model, &mut part, &bar)?;
            path.display().to_string()
        }
        Source::Address(url) => {
            download(folders, url, model, &mut part, &bar).await?;
            url.clone()
        }
    };
    drop(bar);
    part.finish(model, &target, &from)?;
    say(format_args!("{}: {}, sha256 {}", target.display(), model.size(), model.sha256()));
    tell_use(model);
    Ok(())
}

fn list(folder: &Path) {
    for model in KNOWN {
        let is_here = is_there(&folder.join(model.file()), model).is_ok_and(|it| it);
        let here = if is_here { "here" } else { "not here" };
        say(format_args!("{}  {}  {here}  {}", model.name, model.size(), model.about));
    }
}

/// What is done next, so that nobody looks for it.
fn tell_use(model: &KnownModel) {
    let (setting, value) = model.setting;
    say(format_args!("smartcms.toml chooses it with\n\n  [models]\n  {setting} = \"{value}\"\n"));
    say(format_args!(
        "a server that runs is started again; another plugin computes with it after\n  \
         smartcms plugin grant PLUGIN nn={}",
        model.name
    ));
}

/// Whether the model is at its place; another file there is somebody's, and stays.
fn is_there(target: &Path, model: &KnownModel) -> anyhow::Result<bool> {
    let unreadable = || format!("could not read {}", target.display());
    let len = match fs::metadata(target) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(false),
        found => found.with_context(unreadable)?.len(),
    };
    let is_it = len == model.bytes && sha256_of(target).with_context(unreadable)? == model.sha256();
    if is_it {
        return Ok(true);
    }
    let difference = if len == model.bytes {
        "its digest is another one".to_owned()
    } else {
        format!("it has {len} bytes, and the model {}", model.bytes)
    };
    let message = format!("{} is another file than {}: {difference}", target.display(), model.name);
    let hint = "keep it under another name, or take --replace";
    Err(Failure::hinted(message, hint, exit::CONFLICT))
}

fn source(from: Option<&str>, model: &KnownModel) -> anyhow::Result<Source> {
    let Some(from) = from else {
        let cached = user_cache().join(MODELS_FOLDER).join(model.file());
        if cached.is_file() {
            return Ok(Source::File(cached));
        }
        let message = format!("{} is not in the user's cache, {}", model.name, cached.display());
        let hint = format!("say where it is with --from; {}", model.origin);
        return Err(Failure::hinted(message, hint, exit::NOT_FOUND));
    };
    if from.starts_with("https://") || from.starts_with("http://") {
        let file = if from.ends_with('/') { model.file() } else { String::new() };
        return Ok(Source::Address(format!("{from}{file}")));
    }
    let path = PathBuf::from(from);
    Ok(Source::File(if path.is_dir() { path.join(model.file()) } else { path }))
}

fn copy(path: &Path, model: &KnownModel, part: &mut Part, bar: &Bar) -> anyhow::Result<()> {
    let unread = |error: std::io::Error| {
        let message = format!("could not read {}: {error}", path.display());
        Failure::hinted(message, model.origin, exit::NOT_FOUND)
    };
    let mut file = File::open(path).map_err(unread)?;
    let len = file.metadata().map_err(unread)?.len();
    if len != model.bytes {
        let difference = format!("it has {len} bytes of {}", model.bytes);
        return Err(unlike(&path.display().to_string(), model, &difference));
    }
    let mut chunk = vec![0; CHUNK_BYTES];
    while part.len() <= model.bytes {
        let len = file.read(&mut chunk).map_err(unread)?;
        match chunk.get(..len) {
            None | Some([]) => break,
            Some(read) => part.write(read)?,
        }
        bar.reach(part.len());
    }
    Ok(())
}

async fn download(
    folders: &Folders,
    url: &str,
    model: &KnownModel,
    part: &mut Part,
    bar: &Bar,
) -> anyhow::Result<()> {
    let request = OutboundRequest {
        method: Method::GET,
        url: url.to_owned(),
        headers: HeaderMap::new(),
        body: Bytes::new(),
        time_max: DOWNLOAD_TIME_MAX,
        bytes_max: model.bytes,
        redirects_max: REDIRECTS_MAX,
    };
    let failed = |reason: String| {
        let hint = "nothing was put into place; try again, or get the file another way and name it with --from";
        Failure::hinted(format!("could not get {url}: {reason}"), hint, exit::FAILED)
    };
    let outbound = outbound_to(&settings(folders, None)?, url)?;
    let response = outbound.send(request).await;
    let mut response = response.map_err(|error| failed(error.to_string()))?;
    if response.status != 200 {
        return Err(failed(format!("the answer is {}", response.status)));
    }
    while let Some(frame) = response.body.frame().await {
        let frame = frame.map_err(|error| {
            failed(format!("it ended after {} bytes of {}: {error}", part.len(), model.bytes))
        })?;
        if let Ok(chunk) = frame.into_data() {
            part.write(&chunk)?;
            bar.reach(part.len());
        }
    }
    Ok(())
}
