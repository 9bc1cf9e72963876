//! Files of a site in an export: `media/ID/NAME`, and one line of JSON for each in `media/media.jsonl`.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use serde_json::{Value, json};
use smartcms_app::assets::{AssetError, FileElsewhere, begin_upload, open_file};
use smartcms_app::ports::{AssetQuery, PAGE_LEN_MAX};
use smartcms_app::{Fault, FaultKind, OpContext};
use smartcms_domain::Timestamp;
use smartcms_domain::assets::{Asset, AssetChange, AssetId, FocalPoint};

use super::{ExportError, write};
use crate::error::{Place, SourceError};
use crate::import::{ImportError, ImportOptions};
use crate::note::{Note, NoteKind};
use crate::progress::Progress;
use crate::report::Report;

/// The folder of the files.
const FOLDER: &str = "media";
/// The file that describes them.
const LIST: &str = "media.jsonl";
/// How much of a file is in memory at once.
const CHUNK_BYTES: usize = 256 * 1024;
/// The longest description of a file, in bytes.
const LINE_BYTES_MAX: u64 = 64 * 1024;

/// Writes every uploaded file and what is said about it; how many there are.
pub(super) async fn export_media(
    ctx: &OpContext<'_>,
    folder: &Path,
    progress: &dyn Progress,
) -> Result<u64, ExportError> {
    let folder = folder.join(FOLDER);
    let mut lines: Vec<String> = Vec::new();
    let mut after = None;
    progress.begin(FOLDER, 0);
    loop {
        let query = AssetQuery { media_type: None, search: None, limit: PAGE_LEN_MAX, after };
        let page = ctx.app.media.assets.list(&query).await?;
        for asset in &page.assets {
            export_file(ctx, asset, &folder).await?;
            lines.push(described(asset).to_string());
            progress.reach(lines.len() as u64);
        }
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    lines.sort(); // By id: it stands first.
    if !lines.is_empty() {
        write(&folder.join(LIST), format!("{}\n", lines.join("\n")).as_bytes())?;
    }
    Ok(lines.len() as u64)
}

async fn export_file(ctx: &OpContext<'_>, asset: &Asset, folder: &Path) -> Result<(), ExportError> {
    let folder = folder.join(asset.id.to_string());
    let path = folder.join(asset.name.as_str());
    let failed = |source| ExportError::Write { path: path.clone(), source };
    std::fs::create_dir_all(&folder).map_err(failed)?;
    let mut file = File::create(&path).map_err(failed)?;
    let stored = open_file(ctx.app, asset).await.map_err(|source| missing(asset, source))?;
    let mut at = 0;
    loop {
        let chunk = stored.read_at(at, CHUNK_BYTES).await;
        let chunk = chunk.map_err(|error| failed(error.source))?;
        if chunk.is_empty() {
            return Ok(());
        }
        file.write_all(&chunk).map_err(failed)?;
        at += chunk.len() as u64;
    }
}

fn missing(asset: &Asset, source: AssetError) -> ExportError {
    ExportError::Media { asset: asset.id.to_string(), source: Box::new(source) }
}

/// Keys are written in the order of their names; `created_at` and the rest follow from the file.
fn described(asset: &Asset) -> Value {
    let (x, y) = asset.focal_point.parts();
    json!({
        "_id": asset.id.to_string(),
        "name": asset.name.as_str(),
        "alt": asset.alt,
        "title": asset.title,
        "caption": asset.caption,
        "focal_point": [x, y],
        "digest": hex(&asset.digest),
        "original_digest": hex(&asset.original_digest),
        "uploaded_by": asset.uploaded_by,
        "created_at": asset.created_at.to_string(),
        "updated_at": asset.updated_at.to_string(),
    })
}

fn hex(digest: &[u8; 32]) -> String {
    blake3::Hash::from_bytes(*digest).to_hex().to_string()
}

/// Stores every file of an export that is not there yet, with the identity that it had.
pub(super) async fn import_media(
    ctx: &OpContext<'_>,
    folder: &Path,
    options: ImportOptions,
    progress: &dyn Progress,
    report: &mut Report,
) -> Result<(), ImportError> {
    let folder = folder.join(FOLDER);
    let path = folder.join(LIST);
    if options.dry_run || options.no_media || !path.is_file() {
        return Ok(());
    }
    let failed = |error| SourceError::read(&path, "read the list of media", error);
    let size = std::fs::metadata(&path).map_err(failed)?.len();
    progress.begin(FOLDER, size);
    let mut list = BufReader::new(File::open(&path).map_err(failed)?);
    let (mut done, mut number) = (0, 0);
    loop {
        let mut line = String::new();
        let len = (&mut list).take(LINE_BYTES_MAX).read_line(&mut line).map_err(failed)?;
        if len == 0 {
            return Ok(());
        }
        number += 1;
        done += len as u64;
        let place = Place::new(&Arc::from(path.display().to_string()), number);
        match import_file(ctx, &folder, &line).await {
            Ok(true) => report.count("media").present += 1,
            Ok(false) => report.count("media").added += 1,
            Err(Refusal::Store(error)) => return Err(ImportError::Media(error)),
            Err(Refusal::Known(subject, reason)) => {
                report.count("media").failed += 1;
                report.note(Note::new(NoteKind::MediaFailed, &place, subject, reason));
            }
        }
        progress.reach(done);
    }
}

/// Why a file was not stored.
enum Refusal {
    /// The site cannot take any.
    Store(AssetError),
    /// Which, and why.
    Known(String, String),
}

/// Whether the file was there already.
async fn import_file(ctx: &OpContext<'_>, folder: &Path, line: &str) -> Result<bool, Refusal> {
    let known = |subject: &str, reason: String| Refusal::Known(subject.to_owned(), reason);
    let value: Value =
        serde_json::from_str(line).map_err(|error| known(LIST, error.to_string()))?;
    let file = read_description(&value).map_err(|reason| known(LIST, reason))?;
    let subject = file.name.clone();
    if ctx.app.media.assets.find(file.id).await.map_err(|it| Refusal::Store(it.into()))?.is_some() {
        return Ok(true);
    }
    let (id, digest) = (file.id, text(&value, "digest").map_err(|it| known(LIST, it))?.to_owned());
    let path = inside(folder, &file).ok_or_else(|| {
        known(&subject, "the export has no such file beside its description".to_owned())
    })?;
    let explained = |error: AssetError| match error.kind() {
        FaultKind::Unavailable | FaultKind::Forbidden => Refusal::Store(error),
        _ => known(&subject, error.to_string()),
    };
    let unreadable = |error: std::io::Error| known(&subject, format!("could not be read: {error}"));
    let mut content = File::open(&path).map_err(unreadable)?;
    let len = content.metadata().map_err(unreadable)?.len();
    let mut upload = begin_upload(ctx, Some(len)).await.map_err(explained)?;
    let mut chunk = vec![0; CHUNK_BYTES];
    loop {
        let len = content.read(&mut chunk).map_err(unreadable)?;
        match chunk.get(..len) {
            None | Some([]) => break,
            Some(read) => {
                upload.write(Bytes::copy_from_slice(read)).await.map_err(explained)?;
            }
        }
    }
    let stored = upload.finish_as(file).await.map_err(explained)?;
    if stored.asset.id != id {
        let reason = format!(
            "the site has this file as asset {}; what shows it by {id} shows nothing",
            stored.asset.id
        );
        return Err(known(&subject, reason));
    }
    if hex(&stored.asset.digest) != digest {
        let reason =
            "the file is not the one that was exported: addresses in texts may lead nowhere";
        return Err(known(&subject, reason.to_owned()));
    }
    Ok(stored.duplicate)
}

/// The file of a description: its folder is an id and its name holds no path, so it lies below.
fn inside(folder: &Path, file: &FileElsewhere) -> Option<PathBuf> {
    let name = smartcms_domain::assets::AssetName::parse(&file.name)?;
    let path = folder.join(file.id.to_string()).join(name.as_str());
    let is_file = std::fs::symlink_metadata(&path).is_ok_and(|it| it.is_file());
    is_file.then_some(path)
}

fn text<'v>(value: &'v Value, name: &str) -> Result<&'v str, String> {
    value.get(name).and_then(Value::as_str).ok_or_else(|| format!("`{name}` is missing"))
}

fn read_description(value: &Value) -> Result<FileElsewhere, String> {
    let time = |name: &str| {
        Timestamp::parse(text(value, name)?).map_err(|error| format!("`{name}`: {error}"))
    };
    let said = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
    let part = |at: usize| {
        let number = value.get("focal_point")?.get(at)?.as_u64()?;
        u16::try_from(number).ok()
    };
    let focal_point = part(0).zip(part(1)).and_then(|(x, y)| FocalPoint::from_parts(x, y));
    let digest = blake3::Hash::from_hex(text(value, "original_digest")?)
        .map_err(|error| format!("`original_digest`: {error}"))?;
    Ok(FileElsewhere {
        id: AssetId::parse(text(value, "_id")?).map_err(|error| error.to_string())?,
        name: text(value, "name")?.to_owned(),
        original_digest: *digest.as_bytes(),
        uploaded_by: text(value, "uploaded_by")?.to_owned(),
        created_at: time("created_at")?,
        updated_at: time("updated_at")?,
        description: AssetChange {
            name: None,
            alt: said("alt"),
            title: said("title"),
            caption: said("caption"),
            // The middle is what a file has without being told.
            focal_point: focal_point.filter(|it| *it != FocalPoint::CENTRE),
        },
    })
}
