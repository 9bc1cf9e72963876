//! What begins an import or an export.

use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use smartcms_app::ports::{ImportWish, StagedTransfer, TransferFormat};
use smartcms_app::transfers::{TransferError, begin_export, begin_import, stage_import};

use super::super::answer::Answer;
use super::super::failure::AdminError;
use super::super::form::{FilesOf, Form, TransferSize};
use super::super::list::Pairs;
use super::super::person::Person;
use super::super::plugins::told;
use super::super::visit::Visit;
use super::URL;
use crate::state::AppState;

/// The longest value of a field that is no file, in bytes.
const VALUE_BYTES_MAX: usize = 2_048;

/// Takes what is sent, and begins to import it.
pub(super) async fn import(
    State(state): State<AppState>,
    visit: Visit,
    person: Person,
    Query(pairs): Pairs,
    files: FilesOf<TransferSize>,
) -> Answer {
    let ctx = person.context(&state.app);
    // Nothing is read for somebody who may not.
    let staged = match stage_import(&ctx).await {
        Ok(staged) => staged,
        Err(error) => return told(&state, &visit, URL, error),
    };
    // Nothing takes an import there, which has been said.
    #[cfg(target_family = "wasm")]
    return Err(AdminError::NotFound);
    #[cfg(not(target_family = "wasm"))]
    {
        let dry_run = !pairs.iter().any(|(name, value)| name == "run" && value == "import");
        let (staged, wish) = match read(files, staged, dry_run).await {
            Ok(read) => read,
            Err(Unread::Refused(error)) => return told(&state, &visit, URL, error),
            Err(Unread::Failed(error)) => return Err(error),
        };
        match begin_import(&ctx, staged, wish).await {
            Ok(id) => Ok(on(&format!("{URL}/{id}"))),
            Err(error) => told(&state, &visit, URL, error),
        }
    }
}

/// Begins an export.
pub(super) async fn export(
    State(state): State<AppState>,
    visit: Visit,
    person: Person,
    _form: Form,
) -> Answer {
    match begin_export(&person.context(&state.app)).await {
        Ok(id) => Ok(on(&format!("{URL}/{id}"))),
        Err(error) => told(&state, &visit, URL, error),
    }
}

fn on(to: &str) -> Response {
    Redirect::to(to).into_response()
}

/// Why what was sent was not read to its end.
enum Unread {
    Refused(TransferError),
    Failed(AdminError),
}

impl From<AdminError> for Unread {
    fn from(error: AdminError) -> Self {
        Self::Failed(error)
    }
}

impl<E: Into<TransferError>> From<E> for Unread {
    fn from(error: E) -> Self {
        Self::Refused(error.into())
    }
}

async fn read(
    mut files: FilesOf<TransferSize>,
    mut staged: Box<dyn StagedTransfer>,
    dry_run: bool,
) -> Result<(Box<dyn StagedTransfer>, ImportWish), Unread> {
    let format = TransferFormat::Wxr;
    let mut wish = ImportWish { format, dry_run, no_media: false, old_url: None };
    let cut = |_| AdminError::BadForm("the form ended before it was complete".to_owned());
    while let Some(mut field) = files.next().await? {
        let name = field.name().unwrap_or_default().to_owned();
        if let ("file" | "folder", Some(file)) = (name.as_str(), field.file_name()) {
            let file = file.to_owned();
            if file.is_empty() {
                continue;
            }
            staged.begin(&file).await?;
            while let Some(chunk) = field.chunk().await.map_err(cut)? {
                staged.write(chunk).await?;
            }
            continue;
        }
        let mut value = Vec::new();
        while let Some(chunk) = field.chunk().await.map_err(cut)? {
            value.extend_from_slice(&chunk);
            if value.len() > VALUE_BYTES_MAX {
                let text = format!("{name} has more than {VALUE_BYTES_MAX} bytes");
                return Err(AdminError::BadForm(text).into());
            }
        }
        let value = String::from_utf8_lossy(&value).trim().to_owned();
        match name.as_str() {
            "format" => {
                let unknown = || AdminError::BadForm("there is no such format".to_owned());
                wish.format = TransferFormat::parse(&value).ok_or_else(unknown)?;
            }
            "no_media" => wish.no_media = value == "true",
            "old_url" => wish.old_url = Some(value).filter(|it| !it.is_empty()),
            _ => {}
        }
    }
    Ok((staged, wish))
}
