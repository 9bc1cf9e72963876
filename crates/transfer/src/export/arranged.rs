//! Menus and redirects in an export: `menus.json`, and `redirects.jsonl` with one redirect on each line.

use std::collections::HashSet;
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::path::Path;

use serde_json::{Map, Value};
use smartcms_app::OpContext;
use smartcms_app::entries::ContentError;
use smartcms_app::menus::{MenuError, import_menu};
use smartcms_app::ports::{PAGE_LEN_MAX, RedirectQuery};
use smartcms_app::redirects::{IMPORT_LEN_MAX, RedirectError, RestoredRedirect, restore_redirects};
use smartcms_domain::Timestamp;
use smartcms_domain::entries::EntryId;
use smartcms_domain::menus::{MenuName, items_of_json, items_to_json};
use smartcms_domain::redirects::{Redirect, RedirectDraft, RedirectTarget};

use super::{ExportError, Exported, write};
use crate::error::{Place, SourceError};
use crate::import::{ImportError, ImportOptions, count_redirect};
use crate::limits::{MENUS_BYTES_MAX, REDIRECT_LINE_BYTES_MAX};
use crate::note::{Note, NoteKind};
use crate::report::Report;

const MENUS_NAME: &str = "menus.json";
const REDIRECTS_NAME: &str = "redirects.jsonl";

/// Writes the menus and redirects of a site, where it has any.
pub(super) async fn export_arranged(
    ctx: &OpContext<'_>,
    folder: &Path,
    exported: &mut Exported,
) -> Result<(), ExportError> {
    let menus = ctx.app.menus.list_menus().await?;
    if !menus.is_empty() {
        let members = menus.iter().map(|it| (it.name.to_string(), items_to_json(&it.items)));
        let text = format!("{:#}\n", Value::Object(members.collect()));
        write(&folder.join(MENUS_NAME), text.as_bytes())?;
    }
    exported.menus = menus.len() as u64;
    export_redirects(ctx, &folder.join(REDIRECTS_NAME), exported).await
}

async fn export_redirects(
    ctx: &OpContext<'_>,
    path: &Path,
    exported: &mut Exported,
) -> Result<(), ExportError> {
    let failed = |source| ExportError::Write { path: path.to_owned(), source };
    let mut file: Option<BufWriter<File>> = None;
    let mut query = RedirectQuery { limit: PAGE_LEN_MAX, ..RedirectQuery::default() };
    loop {
        let page = ctx.app.redirects.list_redirects(&query).await?;
        let Some(last) = page.last() else { break };
        query.after = Some(last.source.key());
        let gone = in_the_trash(ctx, &page).await?;
        let kept = page.iter().filter(|it| match it.target {
            RedirectTarget::Entry(id) => !gone.contains(&id),
            _ => true,
        });
        for redirect in kept {
            let file = match &mut file {
                Some(file) => file,
                None => file.insert(BufWriter::new(File::create(path).map_err(failed)?)),
            };
            writeln!(file, "{}", json_of(redirect)).map_err(failed)?;
            exported.redirects += 1;
        }
    }
    match file {
        Some(mut file) => file.flush().map_err(failed),
        None => Ok(()),
    }
}

/// Which of the entries that redirects lead to are in the trash: they are not exported, so neither is what leads there.
async fn in_the_trash(
    ctx: &OpContext<'_>,
    redirects: &[Redirect],
) -> Result<HashSet<EntryId>, ExportError> {
    let ids = redirects.iter().filter_map(|it| match it.target {
        RedirectTarget::Entry(id) => Some(id),
        _ => None,
    });
    let ids: Vec<EntryId> = ids.collect();
    let found = if ids.is_empty() { Vec::new() } else { ctx.app.entries.find_many(&ids).await? };
    Ok(found.into_iter().filter(|it| it.trashed_at.is_some()).map(|it| it.id).collect())
}

fn json_of(redirect: &Redirect) -> Value {
    let mut members = Map::new();
    let mut set = |name: &str, value: Value| drop(members.insert(name.to_owned(), value));
    set("from", redirect.source.to_string().into());
    match &redirect.target {
        RedirectTarget::Entry(id) => set("entry", id.to_string().into()),
        other => drop(other.text().map(|it| set("to", it.into()))),
    }
    set("status", redirect.status.number().into());
    set("automatic", redirect.is_automatic.into());
    set("created_at", redirect.created_at.to_string().into());
    Value::Object(members)
}

/// Stores the menus and redirects of an export that are not there yet.
pub(super) async fn read_arranged(
    ctx: &OpContext<'_>,
    folder: &Path,
    options: ImportOptions,
    report: &mut Report,
) -> Result<(), ImportError> {
    read_menus(ctx, &folder.join(MENUS_NAME), options, report).await?;
    read_redirects(ctx, &folder.join(REDIRECTS_NAME), options, report).await
}

async fn read_menus(
    ctx: &OpContext<'_>,
    path: &Path,
    options: ImportOptions,
    report: &mut Report,
) -> Result<(), ImportError> {
    let Some(file) = opened(path)? else { return Ok(()) };
    let place = Place::file(path);
    let failed = |error| SourceError::read(path, "read the menus", error);
    let mut text = String::new();
    file.take(MENUS_BYTES_MAX + 1).read_to_string(&mut text).map_err(failed)?;
    if text.len() as u64 > MENUS_BYTES_MAX {
        let what = "the file, in bytes,".to_owned();
        let (size, limit) = (text.len() as u64, MENUS_BYTES_MAX);
        return Err(SourceError::TooLarge { place, what, size, limit }.into());
    }
    let menus: Map<String, Value> = serde_json::from_str(&text)
        .map_err(|error| SourceError::malformed(place.clone(), error.to_string()))?;
    for (name, items) in menus {
        let read = MenuName::parse(&name).map_err(|it| vec![it]);
        let read = read.and_then(|name| Ok((name, items_of_json(&items)?)));
        let stored = match read {
            Ok((parsed, _)) if options.dry_run => Ok(ctx
                .app
                .menus
                .find_menus(&[parsed])
                .await
                .map_err(ContentError::from)?
                .is_empty()),
            Ok((parsed, items)) => import_menu(ctx, parsed, items).await,
            Err(problems) => Err(MenuError::Invalid(problems)),
        };
        match stored {
            Ok(true) => report.count("menus").added += 1,
            Ok(false) => report.count("menus").present += 1,
            Err(MenuError::Store(error)) => return Err(ContentError::from(error).into()),
            Err(error) => {
                report.count("menus").failed += 1;
                let problems = smartcms_app::Fault::problems(&error).iter();
                let problems: String = problems.map(|it| format!("; {it}")).collect();
                let message = format!("{error}{problems}");
                report.note(Note::new(NoteKind::MenuLeft, &place, name, message));
            }
        }
    }
    Ok(())
}

/// One line, read or why not.
type Line = Result<RestoredRedirect, String>;

async fn read_redirects(
    ctx: &OpContext<'_>,
    path: &Path,
    options: ImportOptions,
    report: &mut Report,
) -> Result<(), ImportError> {
    let Some(file) = opened(path)? else { return Ok(()) };
    let mut reader = BufReader::new(file);
    let mut waiting: Vec<(Place, RestoredRedirect)> = Vec::new();
    let name = std::sync::Arc::from(path.display().to_string());
    for number in 1.. {
        let line = next_line(&mut reader)
            .map_err(|error| SourceError::read(path, "read the redirects", error))?;
        let Some(line) = line else { break };
        let place = Place::new(&name, number);
        match redirect_of(&line) {
            Ok(redirect) => waiting.push((place, redirect)),
            Err(message) => {
                report.count("redirects").failed += 1;
                report.note(Note::new(NoteKind::RedirectLeft, &place, "a redirect", message));
            }
        }
        if waiting.len() >= IMPORT_LEN_MAX {
            store_redirects(ctx, std::mem::take(&mut waiting), options, report).await?;
        }
    }
    store_redirects(ctx, waiting, options, report).await
}

async fn store_redirects(
    ctx: &OpContext<'_>,
    redirects: Vec<(Place, RestoredRedirect)>,
    options: ImportOptions,
    report: &mut Report,
) -> Result<(), ImportError> {
    if options.dry_run {
        report.count("redirects").added += redirects.len() as u64;
        return Ok(());
    }
    let (places, redirects): (Vec<Place>, Vec<RestoredRedirect>) = redirects.into_iter().unzip();
    let names: Vec<String> = redirects.iter().map(|it| it.draft.from.clone()).collect();
    let outcomes = match restore_redirects(ctx, redirects).await {
        Ok(outcomes) => outcomes,
        Err(RedirectError::Store(error)) => return Err(ContentError::from(error).into()),
        Err(error) => {
            report.count("redirects").failed += places.len() as u64;
            let place = places.into_iter().next().unwrap_or_default();
            report.note(Note::new(NoteKind::RedirectLeft, &place, "redirects", error.to_string()));
            return Ok(());
        }
    };
    for ((place, from), outcome) in places.iter().zip(names).zip(outcomes) {
        count_redirect(place, &from, outcome, report);
    }
    Ok(())
}

/// A line of the file; what is longer than its limit is read to its end and left.
fn next_line(reader: &mut BufReader<File>) -> std::io::Result<Option<Result<String, String>>> {
    let mut line = Vec::new();
    let read = reader.by_ref().take(REDIRECT_LINE_BYTES_MAX + 1).read_until(b'\n', &mut line)?;
    if read == 0 {
        return Ok(None);
    }
    if line.len() as u64 > REDIRECT_LINE_BYTES_MAX && !line.ends_with(b"\n") {
        reader.skip_until(b'\n')?;
        let message = format!("the line has more than {REDIRECT_LINE_BYTES_MAX} bytes");
        return Ok(Some(Err(message)));
    }
    Ok(Some(String::from_utf8(line).map_err(|error| error.to_string())))
}

fn redirect_of(line: &Result<String, String>) -> Line {
    let line = line.as_ref().map_err(Clone::clone)?;
    let members: Map<String, Value> =
        serde_json::from_str(line).map_err(|error| error.to_string())?;
    let text = |name: &str| members.get(name).and_then(Value::as_str);
    let entry = text("entry").map(EntryId::parse).transpose().map_err(|it| it.to_string())?;
    let created_at = text("created_at").unwrap_or_default();
    Ok(RestoredRedirect {
        draft: RedirectDraft {
            from: text("from").unwrap_or_default().to_owned(),
            to: text("to").map(str::to_owned),
            entry,
            status: members.get("status").and_then(Value::as_u64),
        },
        is_automatic: members.get("automatic").and_then(Value::as_bool).unwrap_or_default(),
        created_at: Timestamp::parse(created_at)
            .map_err(|error| format!("`created_at`: {error}"))?,
    })
}

/// A file that may not be there. Links are left out: they could lead anywhere.
fn opened(path: &Path) -> Result<Option<File>, SourceError> {
    let failed = |error| SourceError::read(path, "open the file", error);
    match std::fs::symlink_metadata(path) {
        Ok(found) if found.is_file() => Ok(Some(File::open(path).map_err(failed)?)),
        Ok(_) => Ok(None),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed(error)),
    }
}
