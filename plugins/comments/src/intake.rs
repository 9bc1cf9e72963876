//! How a comment comes in.

use smartcms_plugin::content::reader;
use smartcms_plugin::content::writer::{self, NewEntry};
use smartcms_plugin::content::{ContentError, Entry};
use smartcms_plugin::keys::{self, KeyError};
use smartcms_plugin::routes::{Request, Response};
use smartcms_plugin::{clock, fields, log, settings};

use crate::form::{Refusal, Sent};
use crate::{COLLECTION, ENTRY, NAME, TEXT, pages};

/// How many comments are taken in a minute when the operator does not say.
const PER_MINUTE_DEFAULT: u64 = 10;
/// How many links a comment may have when the operator does not say.
const LINKS_MAX_DEFAULT: usize = 2;

/// Shows the form.
pub(crate) fn ask(request: &Request) -> Response {
    let id = request.query("entry").unwrap_or_default();
    match entry(&id) {
        Ok(entry) => {
            let sent = Sent { entry: entry.id.clone(), asked: clock::seconds(), ..Sent::default() };
            pages::form(200, title(&entry), &sent, None)
        }
        Err(response) => response,
    }
}

/// Takes what was sent, or says what has to be mended.
pub(crate) fn take(request: &Request) -> Response {
    let sent = Sent::read(request);
    let entry = match entry(&sent.entry) {
        Ok(entry) => entry,
        Err(response) => return response,
    };
    let now = clock::seconds();
    match sent.check(now, number("links_max", LINKS_MAX_DEFAULT)) {
        Ok(()) => {}
        Err(Refusal::Mend(text)) => return pages::form(422, title(&entry), &sent, Some(&text)),
        Err(Refusal::Program) => {
            log::info("a comment that a program sent was left out");
            return pages::thanks();
        }
    }
    match is_room(now / 60) {
        Ok(true) => {}
        Ok(false) => {
            let text =
                "There are very many comments just now. Please send yours again in a minute.";
            return pages::form(429, title(&entry), &sent, Some(text)).with("retry-after", "60");
        }
        Err(error) => return failed(&error.to_string()),
    }
    match store(&sent) {
        Ok(stored) => {
            log::info(format!("a comment on {} waits: {}", entry.slug, stored.slug));
            pages::thanks()
        }
        Err(ContentError::Invalid(problems)) => {
            let told = problems.iter().map(|it| it.message.as_str()).collect::<Vec<_>>().join(" ");
            pages::form(422, title(&entry), &sent, Some(&told))
        }
        Err(error) => failed(&error.to_string()),
    }
}

/// The entry that is commented on, as readers see it.
fn entry(id: &str) -> Result<Entry, Response> {
    match reader::find(id) {
        Ok(Some(entry)) if entry.collection != COLLECTION => Ok(entry),
        Ok(_) | Err(ContentError::Invalid(_) | ContentError::NotFound(_)) => {
            Err(pages::message(404, "Nothing here", "What you want to comment on is not there."))
        }
        Err(error) => Err(failed(&error.to_string())),
    }
}

fn store(sent: &Sent) -> Result<Entry, ContentError> {
    writer::create(&NewEntry {
        collection: COLLECTION.to_owned(),
        slug: None,
        fields: vec![
            fields::field(ENTRY, sent.entry.as_str()),
            fields::field(NAME, sent.name.as_str()),
            fields::field(TEXT, sent.text.as_str()),
        ],
    })
}

/// Counts the comments of a minute. The counts of minutes before are taken away by the first comment of a new one.
fn is_room(minute: u64) -> Result<bool, KeyError> {
    let count = keys::increment(&format!("minute/{minute}"), 1)?;
    if count == 1 {
        let last = keys::get("minute")?.and_then(|it| String::from_utf8(it).ok());
        if let Some(last) = last {
            keys::delete(&format!("minute/{last}"))?;
        }
        keys::set("minute", minute.to_string().as_bytes())?;
    }
    Ok(count <= number("per_minute", PER_MINUTE_DEFAULT))
}

fn number<T>(name: &str, default: T) -> T
where
    T: std::str::FromStr + Copy + std::fmt::Display,
    T::Err: std::fmt::Display,
{
    settings::get_or(name, default).unwrap_or_else(|error| {
        log::warn(format!("{error}; {default} is used"));
        default
    })
}

fn title(entry: &Entry) -> &str {
    fields::text(&entry.fields, "title").unwrap_or(&entry.slug)
}

fn failed(reason: &str) -> Response {
    log::error(format!("a comment could not be taken: {reason}"));
    let text = "Comments cannot be taken just now. Please try again later.";
    pages::message(503, "Not now", text)
}

#[cfg(test)]
mod tests {
    use smartcms_plugin::testing::set_setting;

    use super::is_room;

    #[test]
    fn a_minute_has_room_for_so_many() {
        set_setting("per_minute", "2");
        let taken = [is_room(7), is_room(7), is_room(7), is_room(8)].map(Result::unwrap);
        assert_eq!(taken, [true, true, false, true]);
        assert_eq!(smartcms_plugin::keys::get("minute/7"), Ok(None));
    }
}
