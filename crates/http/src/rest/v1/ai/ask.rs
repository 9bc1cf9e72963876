//! What is asked for, out of a body.

use smartcms_app::assist::{AskHelp, Length, Task, Tone};

use crate::members::Members;
use crate::problem::HttpProblem;

/// The request; `None` for a task that there is not.
pub(super) fn read(task: &str, mut members: Members) -> Result<Option<AskHelp>, HttpProblem> {
    let Some(task) = Task::parse(task) else { return Ok(None) };
    let ask = AskHelp {
        task,
        collection: members.text("collection"),
        entry: members.text("entry"),
        field: members.text("field"),
        text: members.text("text"),
        instruction: members.text("instruction"),
        tone: one_of(&mut members, "tone", &Tone::ALL, Tone::name),
        length: one_of(&mut members, "length", &Length::ALL, Length::name),
        locale: members.text("locale"),
        asset: members.text("asset"),
    };
    members.finish()?;
    Ok(Some(ask))
}

fn one_of<T: Copy>(
    members: &mut Members,
    name: &'static str,
    all: &[T],
    name_of: fn(T) -> &'static str,
) -> Option<T> {
    let text = members.text(name)?;
    let found = all.iter().copied().find(|it| name_of(*it) == text);
    found.or_else(|| {
        let names: Vec<&str> = all.iter().map(|it| name_of(*it)).collect();
        members.wrong_kind(name, &format!("one of {}", names.join(", ")))
    })
}
