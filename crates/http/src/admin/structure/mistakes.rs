//! What is wrong with a form, from what an operation says.

use axum::http::StatusCode;
use smartcms_app::Fault;
use smartcms_domain::Problem;
use smartcms_pages::admin::Mistake;

use super::super::failure::status_of;
use super::super::visit::Visit;

/// The mistakes of a form. `label` says what people call the input at a place like `fields.2.name`.
pub(super) fn mistakes_of(
    visit: &Visit,
    error: &dyn Fault,
    label: impl Fn(&str) -> String,
) -> Vec<Mistake> {
    let mistake = |problem: &Problem| {
        let field = problem.field.as_deref().unwrap_or_default();
        let input = field.replace('[', ".").replace(']', "");
        Mistake { label: label(&input), input, text: words(visit, problem) }
    };
    let mistakes: Vec<Mistake> = error.problems().iter().map(mistake).collect();
    if mistakes.is_empty() { vec![whole(error)] } else { mistakes }
}

/// The one mistake of a form as a whole.
pub(super) fn whole(error: &dyn Fault) -> Mistake {
    let text = match error.hint() {
        Some(hint) => format!("{error}: {hint}"),
        None => error.to_string(),
    };
    Mistake { input: String::new(), label: String::new(), text }
}

/// The status of a page that shows why something was refused.
pub(super) fn status(error: &dyn Fault) -> StatusCode {
    status_of(error.kind())
}

/// What is missing has words in every language; what else is wrong with such a form has to be told precisely, and is in
/// English.
fn words(visit: &Visit, problem: &Problem) -> String {
    match problem.code.as_str() {
        "required" => visit.say("problem.required", &[]),
        _ => problem.message.clone(),
    }
}
