//! The stories of the original example system: a title and a text, kept in the collection `stories`.
//!
//! Its interface knows nobody who asks, so these operations take no actor. A site has it switched on or has none of it
//! ([`crate::AppParts::stories`]), and each operation checks that; what they do is done in the operator's name.

mod error;
mod find;

use serde_json::json;
use smartcms_domain::actors::Actor;
use smartcms_domain::entries::{EntryId, Fields};

pub use self::error::StoryError;
use self::find::{find, is_taken};
use crate::collections::{CollectionError, CreateCollection, Reach, create_collection};
use crate::entries::{
    ChangeEntry, ContentError, CreateEntry, UpdateEntry, create_entry, update_entry,
};
use crate::{App, OpContext};

/// Where stories are kept.
pub const STORIES: &str = "stories";
/// The longest title, in characters.
pub const TITLE_CHARS_MAX: usize = 200;
/// The longest text, in characters.
pub const TEXT_CHARS_MAX: usize = 1_000_000;
/// What a model is asked for.
const PROMPT: &str = "Write a short story.";
/// The most tokens of a story.
const TOKENS_MAX: u32 = 512;
/// How often another number is tried when somebody else took the one that was free.
const NUMBER_TRIES_MAX: u32 = 20;

/// A story with its title.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Story {
    /// What it is found by.
    pub title: String,
    /// The story.
    pub text: String,
}

/// Makes the collection where stories are kept, if it is not there.
pub async fn prepare_stories(app: &App) -> Result<(), CollectionError> {
    if app.collections.find(STORIES).is_some() {
        return Ok(());
    }
    let document = json!({
        "label": "Stories",
        "label_one": "Story",
        "title": "title",
        "body": "text",
        "drafts": false,
        "fields": [
            { "name": "title", "kind": "text", "required": true, "unique": true, "max": TITLE_CHARS_MAX },
            { "name": "text", "kind": "long_text", "max": TEXT_CHARS_MAX },
        ],
    });
    let ctx = OpContext::new(app, &Actor::Operator);
    let command = CreateCollection { name: STORIES.to_owned(), document, reach: Reach::default() };
    create_collection(&ctx, command).await.map(drop)
}

/// Keeps a story: the first line is its title, the rest its text. One with this title gets the new text.
pub async fn create_story(app: &App, told: &str) -> Result<Story, StoryError> {
    check(app)?;
    let (title, text) = told.split_once('\n').unwrap_or((told, ""));
    let story = Story { title: title.to_owned(), text: text.to_owned() };
    let Some(entry) = find(app, &story.title).await? else {
        return match store(app, &story).await {
            // Somebody else kept one with this title in this moment: ours is the later one.
            Err(error) if is_taken(&error) => change(app, story).await,
            outcome => outcome.map(|()| story).map_err(Into::into),
        };
    };
    rewrite(app, entry.id, &story).await?;
    Ok(story)
}

/// The text of the story with this title.
pub async fn retrieve_story(app: &App, title: &str) -> Result<Option<String>, StoryError> {
    check(app)?;
    let found = find(app, title).await?;
    let text = |entry: smartcms_domain::entries::Entry| {
        let text = entry.fields.get("text").and_then(|it| it.as_str());
        text.unwrap_or_default().to_owned()
    };
    Ok(found.map(text))
}

/// Has a model write a story, and keeps it as `generated1`, `generated2` and so on.
pub async fn generate_story(app: &App) -> Result<Story, StoryError> {
    check(app)?;
    let text = app.writer.generate(PROMPT, TOKENS_MAX).await?;
    let mut number = first_free(app).await?;
    for _ in 0..NUMBER_TRIES_MAX {
        let story = Story { title: generated(number), text: text.clone() };
        match store(app, &story).await {
            Err(error) if is_taken(&error) => number += 1,
            outcome => return outcome.map(|()| story).map_err(Into::into),
        }
    }
    Err(StoryError::NoNumber)
}

fn check(app: &App) -> Result<(), StoryError> {
    if app.stories { Ok(()) } else { Err(StoryError::Off) }
}

fn generated(number: u64) -> String {
    format!("generated{number}")
}

/// The number behind the last one that is taken: looked for in ever larger steps, then between the last two.
async fn first_free(app: &App) -> Result<u64, StoryError> {
    let (mut taken, mut free) = (0_u64, 1_u64);
    while find(app, &generated(free)).await?.is_some() {
        taken = free;
        free = free.checked_mul(2).ok_or(StoryError::NoNumber)?;
    }
    while free - taken > 1 {
        let middle = taken + (free - taken) / 2;
        match find(app, &generated(middle)).await? {
            Some(_) => taken = middle,
            None => free = middle,
        }
    }
    Ok(free)
}

async fn store(app: &App, story: &Story) -> Result<(), ContentError> {
    let ctx = OpContext::new(app, &Actor::Operator);
    let command = CreateEntry {
        collection: STORIES.to_owned(),
        locale: None,
        translation_of: None,
        slug: None,
        fields: fields(story),
        message: None,
    };
    create_entry(&ctx, command).await.map(drop)
}

async fn change(app: &App, story: Story) -> Result<Story, StoryError> {
    if let Some(entry) = find(app, &story.title).await? {
        rewrite(app, entry.id, &story).await?;
    }
    Ok(story)
}

async fn rewrite(app: &App, id: EntryId, story: &Story) -> Result<(), ContentError> {
    let ctx = OpContext::new(app, &Actor::Operator);
    let change = ChangeEntry { collection: STORIES.to_owned(), id, seen: None };
    let command = UpdateEntry { change, slug: None, fields: fields(story), message: None };
    update_entry(&ctx, command).await.map(drop)
}

fn fields(story: &Story) -> Fields {
    [("title".to_owned(), json!(story.title)), ("text".to_owned(), json!(story.text))]
        .into_iter()
        .collect()
}
