//! Reading an export back.

use std::collections::{BTreeSet, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::{Map, Value};
use smartcms_app::Fault;
use smartcms_app::OpContext;
use smartcms_app::entries::{ContentError, ImportEntry, ImportLive, ImportOutcome, import_entry};
use smartcms_app::rendering::markdown_to_blocks;
use smartcms_domain::Timestamp;
use smartcms_domain::collections::{CollectionDefinition, FieldKind, Target};
use smartcms_domain::entries::{EntryId, Fields, Schedule, Slug};
use smartcms_domain::locales::Locale;
use tokio::task::JoinSet;

use super::arranged::read_arranged;
use super::{FORMAT, MANIFEST_NAME, VERSION};
use crate::error::{Place, SourceError};
use crate::folder::read_front_matter;
use crate::import::{ImportError, ImportOptions, note_dangling};
use crate::limits::MARKDOWN_BYTES_MAX;
use crate::note::{Note, NoteKind};
use crate::progress::Progress;
use crate::report::Report;

/// How many entries are stored at the same time.
const STORING_MAX: usize = 256;

/// One file, parted.
struct Document {
    head: Map<String, Value>,
    fields: Fields,
}

type Outcome = (String, Place, Result<ImportOutcome, ContentError>);

/// Stores everything of an export that is not there yet, with the identities and dates that it had.
pub async fn read_export(
    ctx: &OpContext<'_>,
    folder: &Path,
    options: ImportOptions,
    progress: &dyn Progress,
    report: &mut Report,
) -> Result<(), ImportError> {
    check_manifest(folder)?;
    super::media::import_media(ctx, folder, options, progress, report).await?;
    let mut targets: HashSet<EntryId> = HashSet::new();
    let mut taken = 0;
    for collection in names_in(&folder.join("content"))? {
        let Some(definition) = ctx.app.collections.find(&collection) else {
            let message = format!(
                "the site has no collection `{collection}`; copy collections/{collection}.toml of the export into it"
            );
            report.note(Note::new(
                NoteKind::TypeUnknown,
                &Place::file(folder),
                &collection,
                message,
            ));
            continue;
        };
        let path = folder.join("content").join(&collection);
        let files: Vec<String> = names_in(&path)?
            .into_iter()
            .filter(|it| it.ends_with(".md") && !it.ends_with(".draft.md"))
            .collect();
        progress.begin(&collection, files.len() as u64);
        let mut storing: JoinSet<Outcome> = JoinSet::new();
        for (done, name) in files.iter().enumerate() {
            if options.limit.is_some_and(|limit| taken >= limit) {
                break;
            }
            taken += 1;
            let main = path.join(name);
            match command(&definition, &main) {
                Ok(command) => {
                    let references = definition.references_of(&command.fields);
                    targets.extend(references.iter().filter_map(|it| match it.target {
                        Target::Entry(id) => Some(id),
                        _ => None,
                    }));
                    spawn(ctx, command, &main, options, &mut storing);
                }
                Err(error) => {
                    report.count(&collection).failed += 1;
                    let place = Place::file(&main);
                    report.note(Note::new(NoteKind::EntryFailed, &place, name, error.to_string()));
                }
            }
            if storing.len() >= STORING_MAX {
                count(storing.join_next().await, report)?;
            }
            progress.reach(done as u64);
        }
        while !storing.is_empty() {
            count(storing.join_next().await, report)?;
        }
    }
    // A part of the entries is not what menus lead to.
    if options.limit.is_none() {
        read_arranged(ctx, folder, options, report).await?;
    }
    if !options.dry_run {
        let looked_for = note_dangling(ctx, targets, &Place::file(folder), report).await;
        looked_for.map_err(ContentError::from)?;
    }
    Ok(())
}

fn spawn(
    ctx: &OpContext<'_>,
    command: ImportEntry,
    path: &Path,
    options: ImportOptions,
    storing: &mut JoinSet<Outcome>,
) {
    let (app, actor, chain) = (ctx.app.clone(), ctx.actor.clone(), ctx.chain.clone());
    let place = Place::file(path);
    let dry_run = options.dry_run;
    storing.spawn(async move {
        let collection = command.collection.clone();
        let ctx = OpContext::called(&app, &actor, &chain);
        let outcome = if dry_run {
            let found = app.entries.find(command.id).await.map_err(ContentError::from);
            found
                .map(|it| if it.is_some() { ImportOutcome::Present } else { ImportOutcome::Stored })
        } else {
            import_entry(&ctx, command).await
        };
        (collection, place, outcome)
    });
}

fn count(
    outcome: Option<Result<Outcome, tokio::task::JoinError>>,
    report: &mut Report,
) -> Result<(), ContentError> {
    let Some(Ok((collection, place, outcome))) = outcome else { return Ok(()) };
    let count = report.count(&collection);
    match outcome {
        Ok(ImportOutcome::Stored) => count.added += 1,
        Ok(ImportOutcome::Present) => count.present += 1,
        Err(error @ (ContentError::Store(_) | ContentError::Denied(_))) => return Err(error),
        Err(error) => {
            count.failed += 1;
            let problems: String = error.problems().iter().map(|it| format!("; {it}")).collect();
            let message = format!("{error}{problems}");
            report.note(Note::new(NoteKind::EntryFailed, &place, collection, message));
        }
    }
    Ok(())
}

fn check_manifest(folder: &Path) -> Result<(), SourceError> {
    let path = folder.join(MANIFEST_NAME);
    let text = std::fs::read(&path)
        .map_err(|error| SourceError::read(&path, "read the manifest", error))?;
    let manifest: Value = serde_json::from_slice(&text)
        .map_err(|error| SourceError::malformed(Place::file(&path), error.to_string()))?;
    let version = manifest.get("version").and_then(Value::as_u64);
    if manifest.get("format").and_then(Value::as_str) != Some(FORMAT) {
        return Err(SourceError::malformed(Place::file(&path), "this is no manifest of an export"));
    }
    if version != Some(VERSION) {
        let version = version.unwrap_or(0);
        let reason =
            format!("the export is of version {version}; this smartcms reads version {VERSION}");
        return Err(SourceError::malformed(Place::file(&path), reason));
    }
    Ok(())
}

/// Names in a folder, sorted. Links are left out: they could lead anywhere.
fn names_in(folder: &Path) -> Result<BTreeSet<String>, SourceError> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(BTreeSet::new()),
        Err(error) => return Err(SourceError::read(folder, "read the folder", error)),
    };
    let real = entries.flatten().filter(|it| it.file_type().is_ok_and(|kind| !kind.is_symlink()));
    Ok(real.map(|it| it.file_name().to_string_lossy().into_owned()).collect())
}

fn command(definition: &CollectionDefinition, path: &Path) -> Result<ImportEntry, SourceError> {
    let main = read(definition, path)?;
    let draft_path = draft_path(path);
    let draft = if draft_path.is_file() { Some(read(definition, &draft_path)?) } else { None };
    let wrong = |reason: String| SourceError::malformed(Place::file(path), reason);
    let slug = slug_of(&main.head).map_err(wrong)?;
    let published_at = time(&main.head, "published_at").map_err(wrong)?;
    let created_at = time(&main.head, "created_at").map_err(wrong)?;
    let created_at = created_at.ok_or_else(|| wrong("`created_at` is missing".to_owned()))?;
    let (newest_slug, newest_fields, live_slug, live_fields) = match draft {
        Some(draft) => {
            (slug_of(&draft.head).map_err(wrong)?, draft.fields, Some(slug), Some(main.fields))
        }
        None => (slug, main.fields, None, None),
    };
    let id = text(&main.head, "id").map_err(wrong)?;
    Ok(ImportEntry {
        collection: definition.name.to_string(),
        id: EntryId::parse(id).map_err(|error| wrong(error.to_string()))?,
        locale: Locale::parse(text(&main.head, "locale").map_err(wrong)?)
            .map_err(|error| wrong(error.to_string()))?,
        group: group_of(&main.head).map_err(wrong)?,
        slug: newest_slug,
        fields: newest_fields,
        live: published_at.map(|published_at| ImportLive {
            slug: live_slug,
            fields: live_fields,
            published_at,
        }),
        created_at,
        updated_at: time(&main.head, "updated_at").map_err(wrong)?.unwrap_or(created_at),
        first_published_at: time(&main.head, "first_published_at").map_err(wrong)?,
        archived_at: time(&main.head, "archived_at").map_err(wrong)?,
        schedule: Schedule {
            publish_at: time(&main.head, "publish_at").map_err(wrong)?,
            unpublish_at: time(&main.head, "unpublish_at").map_err(wrong)?,
        },
        created_by: text(&main.head, "created_by").ok().map(str::to_owned),
        message: Some("read back from an export".to_owned()),
    })
}

fn draft_path(path: &Path) -> PathBuf {
    path.with_extension("draft.md")
}

fn read(definition: &CollectionDefinition, path: &Path) -> Result<Document, SourceError> {
    let failed = |error| SourceError::read(path, "read the file", error);
    let size = std::fs::metadata(path).map_err(failed)?.len();
    if size > MARKDOWN_BYTES_MAX {
        let what = "the file, in bytes,".to_owned();
        return Err(SourceError::TooLarge {
            place: Place::file(path),
            what,
            size,
            limit: MARKDOWN_BYTES_MAX,
        });
    }
    let text = std::fs::read_to_string(path).map_err(failed)?;
    let wrong = |reason: String| {
        SourceError::malformed(Place::new(&Arc::from(path.display().to_string()), 1), reason)
    };
    let (mut head, body) = read_front_matter(&text).map_err(wrong)?;
    let mut fields = Fields::default();
    if let Some(Value::Object(values)) = head.remove("fields") {
        values.into_iter().for_each(|(name, value)| fields.set(&name, value));
    }
    if let Some(Value::Object(values)) = head.remove("json_fields") {
        for (name, value) in values {
            let value = serde_json::from_str(value.as_str().unwrap_or_default())
                .map_err(|error| wrong(format!("the field `{name}`: {error}")))?;
            fields.set(&name, value);
        }
    }
    let field = definition.body.as_ref().and_then(|it| definition.field(it.as_str()));
    if let Some(field) =
        field.filter(|it| !body.is_empty() && fields.get(it.name.as_str()).is_none())
    {
        let value = match field.kind {
            FieldKind::RichText => markdown_to_blocks(body).to_json(),
            _ => Value::String(body.to_owned()),
        };
        fields.set(field.name.as_str(), value);
    }
    Ok(Document { head, fields })
}

fn text<'a>(head: &'a Map<String, Value>, name: &str) -> Result<&'a str, String> {
    head.get(name).and_then(Value::as_str).ok_or_else(|| format!("`{name}` is missing"))
}

fn group_of(head: &Map<String, Value>) -> Result<Option<EntryId>, String> {
    if !head.contains_key("group") {
        return Ok(None);
    }
    EntryId::parse(text(head, "group")?).map(Some).map_err(|error| error.to_string())
}

fn slug_of(head: &Map<String, Value>) -> Result<Slug, String> {
    Slug::parse(text(head, "slug")?).map_err(|error| error.to_string())
}

fn time(head: &Map<String, Value>, name: &str) -> Result<Option<Timestamp>, String> {
    let Some(value) = head.get(name) else { return Ok(None) };
    let text = value.as_str().unwrap_or_default();
    Timestamp::parse(text).map(Some).map_err(|error| format!("`{name}`: {error}"))
}
