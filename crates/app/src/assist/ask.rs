//! What is asked for, checked.

use smartcms_domain::Problem;
use smartcms_domain::locales::Locale;

use super::error::AssistError;
use super::task::{Length, Task, Tone};
use super::{INSTRUCTION_CHARS_MAX, TEXT_CHARS_MAX};
use crate::OpContext;

/// What to help with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskHelp {
    /// What to do.
    pub task: Task,
    /// The collection of the entry, or of the one to be.
    pub collection: Option<String>,
    /// The id of an entry; `None` for one that is not there yet.
    pub entry: Option<String>,
    /// The field that it is about: its text is worked on, and for tags it is the one that holds the terms.
    pub field: Option<String>,
    /// The text to work on; without, what the entry holds.
    pub text: Option<String>,
    /// What the person says about it.
    pub instruction: Option<String>,
    /// How a rewritten text should sound.
    pub tone: Option<Tone>,
    /// How long a rewritten text should be.
    pub length: Option<Length>,
    /// Into which language of the site to translate, by its tag.
    pub locale: Option<String>,
    /// The id of the image to describe.
    pub asset: Option<String>,
}

impl AskHelp {
    /// A task with nothing said about it.
    pub fn to(task: Task) -> Self {
        Self {
            task,
            collection: None,
            entry: None,
            field: None,
            text: None,
            instruction: None,
            tone: None,
            length: None,
            locale: None,
            asset: None,
        }
    }

    /// Refuses what the task does not take, and what is missing for it.
    pub(super) fn check(&self) -> Result<(), AssistError> {
        let mut problems = Vec::new();
        let mut require = |name: &str, given: bool| {
            if !given {
                let message = format!("`{name}` is required for {}", self.task.name());
                problems.push(Problem::field(name, "required", message));
            }
        };
        match self.task {
            Task::AltText => require("asset", self.asset.is_some()),
            _ => require("collection", self.collection.is_some()),
        }
        match self.task {
            Task::Draft => require("instruction", is_said(self.instruction.as_deref())),
            Task::Translate => require("locale", self.locale.is_some()),
            Task::Tags => require("field", self.field.is_some()),
            _ => {}
        }
        if !matches!(self.task, Task::Draft | Task::AltText) {
            require("text", self.entry.is_some() || is_said(self.text.as_deref()));
        }
        self.refuse_strange(&mut problems);
        if problems.is_empty() { self.check_lengths() } else { Err(AssistError::Invalid(problems)) }
    }

    fn refuse_strange(&self, problems: &mut Vec<Problem>) {
        let mut refuse = |name: &str, given: bool, takes: bool| {
            if given && !takes {
                let message = format!("{} takes no `{name}`", self.task.name());
                problems.push(Problem::field(name, "unknown-key", message));
            }
        };
        let is_image = self.task == Task::AltText;
        refuse("tone", self.tone.is_some(), matches!(self.task, Task::Rewrite | Task::Draft));
        refuse("length", self.length.is_some(), self.task == Task::Rewrite);
        refuse("locale", self.locale.is_some(), self.task == Task::Translate);
        refuse("asset", self.asset.is_some(), is_image);
        refuse("collection", self.collection.is_some(), !is_image);
        refuse("entry", self.entry.is_some(), !is_image);
        refuse("field", self.field.is_some(), !is_image);
        refuse("text", self.text.is_some(), !is_image);
        refuse("instruction", self.instruction.is_some(), !is_image);
    }

    fn check_lengths(&self) -> Result<(), AssistError> {
        let too_long = |text: &Option<String>, max: usize| {
            let len = text.as_ref().map_or(0, |it| it.chars().count());
            if len > max { Err(AssistError::TooLong { len, max }) } else { Ok(()) }
        };
        too_long(&self.instruction, INSTRUCTION_CHARS_MAX)?;
        too_long(&self.text, TEXT_CHARS_MAX)
    }

    /// The language to translate into: one of the site's.
    pub(super) fn target(&self, ctx: &OpContext<'_>) -> Result<Option<Locale>, AssistError> {
        let Some(tag) = &self.locale else { return Ok(None) };
        let locales = &ctx.app.site.locales;
        match Locale::parse(tag).ok().filter(|it| locales.contains(it)) {
            Some(locale) => Ok(Some(locale)),
            None => {
                let all: Vec<&str> = locales.iter().map(Locale::as_str).collect();
                let message = format!("`{tag}` is no language of the site: {}", all.join(", "));
                Err(AssistError::field("locale", "unknown", message))
            }
        }
    }
}

fn is_said(text: Option<&str>) -> bool {
    text.is_some_and(|it| !it.trim().is_empty())
}
