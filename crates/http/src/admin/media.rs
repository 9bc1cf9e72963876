//! `/admin/media`: files, what is said about them, and where they are used.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use smartcms_app::assets::{
    AssetError, DeleteAsset, ImageUse, ListAssets, Ratio, UpdateAsset, asset_uses, begin_upload,
    delete_asset, file_address, get_asset, list_assets, responsive_image, update_asset,
};
use smartcms_app::assist::Task;
use smartcms_app::ports::{AssetCursor, MediaTypeFilter};
use smartcms_app::{App, Fault};
use smartcms_domain::actors::AssetPermission;
use smartcms_domain::assets::{Asset, AssetChange, FocalPoint};
use smartcms_domain::entries::Revision;
use smartcms_pages::admin::{
    AssetCard, AssetPage, AssetUse, FlashKind, MediaPage, Mistake, Paging, Tab,
};

use super::answer::{self, Answer, line};
use super::entry::help_offered;
use super::failure::AdminError;
use super::form::{Files, Form};
use super::list::{Pairs, entry_url, title_of};
use super::media_json;
use super::names::Names;
use super::person::Person;
use super::visit::Visit;
use crate::rest::asset_cursor;
use crate::state::AppState;

/// How many files one page shows.
const TILES: u32 = 48;
const URL: &str = "/admin/media";
/// The kinds of files: the value in addresses, the key of the text, the beginning of their types.
const KINDS: [(&str, &str, &str); 2] =
    [("images", "media.images", "image/"), ("documents", "media.documents", "application/")];
pub(super) const TILE: ImageUse =
    ImageUse { ratio: Some(Ratio { width: 4, height: 3 }), width_max: 400 };
pub(super) const LARGE: ImageUse = ImageUse { ratio: None, width_max: 1_280 };

/// Shows the library.
pub(super) async fn show(
    State(state): State<AppState>,
    visit: Visit,
    person: Person,
    Query(pairs): Pairs,
) -> Answer {
    let value = |name: &str| {
        let found = pairs.iter().find(|(it, _)| it == name);
        found.map(|(_, value)| value.trim()).unwrap_or_default()
    };
    let (query, after) = (value("q"), asset_cursor::parse(value("after")));
    let kind = KINDS.into_iter().find(|it| it.0 == value("kind"));
    let asked = ListAssets {
        media_type: kind.map(|it| MediaTypeFilter::Family(it.2)),
        search: Some(query.to_owned()).filter(|it| !it.is_empty()),
        limit: TILES,
        after,
    };
    let ctx = person.context(&state.app);
    let found = list_assets(&ctx, asked).await?;
    if visit.wants_json {
        return Ok(media_json::list(&state.app, &found));
    }
    let kind = kind.map(|it| it.0).unwrap_or_default();
    let address = |kind: &str, after: &str| {
        format!("{URL}{}", answer::query(&[("kind", kind), ("q", query), ("after", after)]))
    };
    let tab = |value: &str, key: &str| Tab {
        label: visit.say(key, &[]),
        url: address(value, ""),
        value: value.to_owned(),
        is_current: kind == value,
    };
    let next = |it: AssetCursor| address(kind, &asset_cursor::write(it));
    let page = MediaPage {
        frame: visit.frame(&state, visit.say("nav.media", &[])),
        query: query.to_owned(),
        tabs: std::iter::once(tab("", "media.all"))
            .chain(KINDS.iter().map(|it| tab(it.0, it.1)))
            .collect(),
        kind: kind.to_owned(),
        assets: found.assets.iter().map(|it| card(&state.app, it)).collect(),
        paging: Paging {
            first: if after.is_some() { address(kind, "") } else { String::new() },
            next: found.next.map(next).unwrap_or_default(),
        },
        may_upload: may(&person, AssetPermission::Upload),
        size_max: size_in_words(state.app.media.settings.upload_bytes_max),
    };
    answer::page(&state, &page)
}

/// Stores what a form brings, file by file. A script sends one at a time, and hears of each in a line.
pub(super) async fn upload(
    State(state): State<AppState>,
    visit: Visit,
    person: Person,
    mut files: Files,
) -> Result<Response, AdminError> {
    let ctx = person.context(&state.app);
    let mut stored = 0_usize;
    let mut known = 0_usize;
    while let Some(mut field) = files.next().await? {
        let name = field.file_name().unwrap_or_default().to_owned();
        if field.name() != Some("file") || name.is_empty() {
            continue;
        }
        let mut upload = begin_upload(&ctx, None).await?;
        let cut = |_| AdminError::BadForm("the form ended before it was complete".to_owned());
        while let Some(chunk) = field.chunk().await.map_err(cut)? {
            upload.write(chunk).await?;
        }
        match upload.finish(&name, AssetChange::default()).await {
            Ok(found) if visit.wants_json => return Ok(media_json::one(&state.app, &found.asset)),
            Ok(found) if found.duplicate => known += 1,
            Ok(_) => stored += 1,
            Err(error) if visit.wants_json => {
                let status = StatusCode::UNPROCESSABLE_ENTITY;
                return Ok(media_json::problem(status, &error.to_string()));
            }
            Err(error) if visit.by_script => {
                return Ok(line(StatusCode::UNPROCESSABLE_ENTITY, error.to_string()));
            }
            Err(error) => return Err(error.into()),
        }
    }
    if visit.by_script {
        return Ok(line(StatusCode::OK, String::new()));
    }
    if stored == 0 && known > 0 {
        let text = visit.say("media.known", &[]);
        return Ok(visit.news(&state, URL, FlashKind::Warning, text));
    }
    let text = visit.say("media.stored", &[("n", &stored.to_string())]);
    Ok(visit.news(&state, URL, FlashKind::Done, text))
}

/// Shows one file.
pub(super) async fn asset(
    State(state): State<AppState>,
    visit: Visit,
    person: Person,
    Path(id): Path<String>,
) -> Answer {
    person.actor.require_with_assets(AssetPermission::List).map_err(AssetError::from)?;
    let asset = get_asset(&person.context(&state.app), &id).await?;
    let page = page(&state, &visit, &person, &asset, Vec::new()).await?;
    answer::page(&state, &page)
}

/// `GET …/picture`: leads to the picture of a file, for those who know its id alone.
pub(super) async fn picture_of(
    State(state): State<AppState>,
    person: Person,
    Path(id): Path<String>,
) -> Answer {
    let asset = get_asset(&person.context(&state.app), &id).await?;
    let picture = picture(&state.app, &asset, LARGE);
    let to = if picture.is_empty() { file_address(&asset) } else { picture };
    Ok(Redirect::temporary(&to).into_response())
}

/// Changes what is said about a file, or takes it away.
pub(super) async fn change(
    State(state): State<AppState>,
    visit: Visit,
    person: Person,
    Path(id): Path<String>,
    form: Form,
) -> Answer {
    let ctx = person.context(&state.app);
    let seen = form.get("revision").parse().ok().map(Revision::new);
    let here = format!("{URL}/{id}");
    if form.action().0 == "delete" {
        let force = form.get("force") == "true";
        return match delete_asset(&ctx, DeleteAsset { id, seen, force }).await {
            Ok(_) => Ok(visit.done(&state, URL, "media.deleted")),
            Err(error @ (AssetError::InUse { .. } | AssetError::Stale(_))) => {
                Ok(visit.news(&state, &here, FlashKind::Failed, error.to_string()))
            }
            Err(error) => Err(error.into()),
        };
    }
    let mistakes = match change_of(&visit, &form) {
        Ok(change) => {
            let command = UpdateAsset { id: id.clone(), seen, change };
            match update_asset(&ctx, command).await {
                Ok(_) => return Ok(visit.done(&state, &here, "entry.saved")),
                Err(error) if error.problems().is_empty() => {
                    return Ok(visit.news(&state, &here, FlashKind::Failed, error.to_string()));
                }
                Err(error) => error.problems().iter().map(|it| mistake(&visit, it)).collect(),
            }
        }
        Err(mistake) => vec![mistake],
    };
    let asset = get_asset(&ctx, &id).await?;
    let mut page = page(&state, &visit, &person, &asset, mistakes).await?;
    page.asset.name = form.get("name").to_owned();
    page.asset.alt = form.get("alt").to_owned();
    (page.title, page.caption) = (form.get("title").to_owned(), form.get("caption").to_owned());
    answer::page_with(&state, StatusCode::UNPROCESSABLE_ENTITY, &page)
}

fn mistake(visit: &Visit, problem: &smartcms_domain::Problem) -> Mistake {
    let input = problem.field.clone().unwrap_or_default();
    let label = visit.say(&format!("media.{input}"), &[]);
    Mistake { input, label, text: problem.message.clone() }
}

fn change_of(visit: &Visit, form: &Form) -> Result<AssetChange, Mistake> {
    let text = |name: &str| form.has(name).then(|| form.get(name).trim().to_owned());
    let mut change = AssetChange {
        name: text("name"),
        alt: text("alt"),
        title: text("title"),
        caption: text("caption"),
        focal_point: None,
    };
    if form.has("focal_x") {
        let part = |name: &str| Some(form.get(name).parse::<f64>().ok()? / 100.0);
        let point = part("focal_x").zip(part("focal_y"));
        change.focal_point = point.and_then(|(x, y)| FocalPoint::new(x, y).ok());
        if change.focal_point.is_none() {
            return Err(Mistake {
                input: "focal_x".to_owned(),
                label: visit.say("media.focal", &[]),
                text: visit.say("media.bad_point", &[]),
            });
        }
    }
    Ok(change)
}

async fn page(
    state: &AppState,
    visit: &Visit,
    person: &Person,
    asset: &Asset,
    mistakes: Vec<Mistake>,
) -> Result<AssetPage, AdminError> {
    let app = &state.app;
    let uses = asset_uses(&person.context(app), asset).await?;
    let names = Names::of(state, visit, std::iter::once(asset.uploaded_by.as_str())).await;
    let crumbs = [(visit.say("nav.media", &[]), URL)];
    let crumbs: Vec<(&str, &str)> = crumbs.iter().map(|(label, url)| (&**label, *url)).collect();
    let describes = |tasks: &Vec<Task>| tasks.contains(&Task::AltText);
    let help = match may(person, AssetPermission::Change) && asset.media_type.is_raster() {
        true => help_offered(state, person).await?.filter(|(_, tasks)| describes(tasks)),
        false => None,
    };
    let percent = |it: f64| format!("{:.1}", it * 100.0);
    let shown = |it: &smartcms_app::ports::Referrer| {
        let definition = app.collections.get(&it.entry.collection)?;
        let title = title_of(visit, &definition, &it.entry.fields);
        Some(AssetUse { title, url: entry_url(&it.entry), fields: it.fields.join(", ") })
    };
    Ok(AssetPage {
        frame: visit.frame_below(state, asset.name.to_string(), &crumbs),
        asset: card(app, asset),
        revision: asset.revision.number(),
        help: help.map(|(shown, _)| shown),
        file_url: file_address(asset),
        image: picture(app, asset, LARGE),
        media_type: asset.media_type.name(),
        size: size_in_words(asset.bytes_len),
        dimensions: asset
            .dimensions
            .map_or_else(String::new, |it| format!("{} × {}", it.width, it.height)),
        uploaded_by: names.get(&asset.uploaded_by),
        created_at: asset.created_at.as_millis(),
        title: asset.title.clone().unwrap_or_default(),
        caption: asset.caption.clone().unwrap_or_default(),
        focal_x: percent(asset.focal_point.x()),
        focal_y: percent(asset.focal_point.y()),
        uses: uses.entries.iter().filter_map(shown).collect(),
        more_uses: uses.more,
        mistakes,
        may_change: may(person, AssetPermission::Change),
        may_delete: may(person, AssetPermission::Delete),
    })
}

/// A file among others.
pub(super) fn card(app: &App, asset: &Asset) -> AssetCard {
    let (_, short) = asset.media_type.name().split_once('/').unwrap_or_default();
    let dimensions = asset.dimensions.map(|it| format!(" · {} × {}", it.width, it.height));
    let alt = asset.alt.clone().unwrap_or_default();
    AssetCard {
        id: asset.id.to_string(),
        name: asset.name.to_string(),
        url: format!("{URL}/{}", asset.id),
        image: picture(app, asset, TILE),
        lacks_alt: asset.media_type.is_image() && alt.is_empty(),
        alt,
        note: format!("{}{}", short.to_uppercase(), dimensions.unwrap_or_default()),
    }
}

pub(super) fn picture(app: &App, asset: &Asset, shown: ImageUse) -> String {
    responsive_image(&app.media, asset, &[], shown).map(|it| it.src).unwrap_or_default()
}

fn may(person: &Person, permission: AssetPermission) -> bool {
    person.actor.require_with_assets(permission).is_ok()
}

fn size_in_words(bytes: u64) -> String {
    const UNIT: u64 = 1_024;
    match bytes {
        0..=1_023 => format!("{bytes} B"),
        1_024..=1_048_575 => format!("{} KB", bytes / UNIT),
        _ => {
            let tenths = bytes * 10 / (UNIT * UNIT);
            format!("{}.{} MB", tenths / 10, tenths % 10)
        }
    }
}
