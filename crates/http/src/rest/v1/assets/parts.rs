//! The texts that come with a file: parameters of a raw upload, fields of a form.

use axum::extract::multipart::{Field, MultipartError};
use axum::http::{HeaderMap, header};
use smartcms_domain::Problem;
use smartcms_domain::assets::AssetChange;

use crate::nearest::nearest;
use crate::problem::HttpProblem;
use crate::query::Parameters;

/// What can be said about a file while it is uploaded.
pub(super) const NAMES: [&str; 4] = ["name", "alt", "title", "caption"];
/// The largest text of a form, in bytes: more than any text may have.
const TEXT_BYTES_MAX: usize = 16 * 1024;

/// What is said about a file.
#[derive(Default)]
pub(super) struct Texts {
    pub(super) name: Option<String>,
    pub(super) description: AssetChange,
}

impl Texts {
    /// What the address says, and a name from the headers when the address has none.
    pub(super) fn of_request(parameters: &Parameters, headers: &HeaderMap) -> Self {
        let mut texts = Self::default();
        for name in NAMES {
            if let Some(text) = parameters.get(name) {
                texts.place(name).replace(text.to_owned());
            }
        }
        texts.name = texts.name.or_else(|| name_of(headers));
        texts
    }

    /// Takes one text by its name; a second of the same name is refused, wherever the first stood.
    pub(super) fn set(&mut self, name: &str, text: String) -> Result<(), HttpProblem> {
        if self.place(name).replace(text).is_none() {
            return Ok(());
        }
        let message = format!("`{name}` is there twice");
        let problem = Problem::field(name, "twice", message.clone());
        Err(HttpProblem::unprocessable("request.body", message).with_problems(vec![problem]))
    }

    fn place(&mut self, name: &str) -> &mut Option<String> {
        match name {
            "name" => &mut self.name,
            "alt" => &mut self.description.alt,
            "title" => &mut self.description.title,
            _ => &mut self.description.caption,
        }
    }
}

/// Reads a text field of a form.
pub(super) async fn text_of(field: &mut Field<'_>, name: &str) -> Result<String, HttpProblem> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(broken)? {
        if bytes.len() + chunk.len() > TEXT_BYTES_MAX {
            let detail = format!("`{name}` has more than {TEXT_BYTES_MAX} bytes");
            return Err(HttpProblem::bad_request("request.body", detail));
        }
        bytes.extend_from_slice(&chunk);
    }
    String::from_utf8(bytes).map_err(|_| {
        HttpProblem::bad_request("request.body", format!("`{name}` is not text in UTF-8"))
    })
}

/// A field that a form with a file does not have.
pub(super) fn unknown_field(name: &str) -> HttpProblem {
    let known = ["file", "name", "alt", "title", "caption"];
    let meant = nearest(name, &known).map(|it| format!("; did you mean `{it}`?"));
    let message = format!("there is no field `{name}` here{}", meant.unwrap_or_default());
    let problem = Problem::field(name, "unknown-key", message.clone());
    HttpProblem::bad_request("request.body", message).with_problems(vec![problem])
}

/// A form that could not be read.
pub(super) fn broken(error: MultipartError) -> HttpProblem {
    let detail = format!("the form could not be read: {}", error.body_text());
    HttpProblem::bad_request("request.body-incomplete", detail)
}

/// The name in `Content-Disposition: attachment; filename="…"`.
fn name_of(headers: &HeaderMap) -> Option<String> {
    let text = headers.get(header::CONTENT_DISPOSITION)?.to_str().ok()?;
    let mut parameters = text.split(';').skip(1).map(str::trim);
    let name = parameters.find_map(|it| it.strip_prefix("filename="))?;
    Some(name.trim_matches('"').to_owned())
}
